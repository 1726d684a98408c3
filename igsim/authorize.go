package igsim

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Decision is what a person does on the consent page.
type Decision struct {
	// Persona is the ID of who logs in.
	Persona string `json:"persona"`
	// Without are the scopes that she unticks.
	Without []string `json:"without"`
	// Deny is her pressing Cancel.
	Deny bool `json:"deny"`
	// Refuse is Instagram refusing in its own name, with this error_description, for example
	// "Insufficient developer role".
	Refuse string `json:"refuse"`
}

// authorization is a valid request for a login.
type authorization struct {
	redirect *url.URL
	// redirectURI is redirect as it was written, which the code exchange has to repeat.
	redirectURI string
	state       string
	scopes      []string
	forced      bool // to ask for the login even with a session
}

// errPage is a sentence that Instagram shows on a page of its own, instead of redirecting.
type errPage struct {
	status int
	text   string
}

func (e *errPage) Error() string { return e.text }

func invalidRequest(format string, args ...any) *errPage {
	return &errPage{http.StatusBadRequest, "Invalid Request: Request parameters are invalid: " + fmt.Sprintf(format, args...)}
}

// notHere is the page of a dead address or of a client_id that is no number.
var notHere = &errPage{http.StatusNotFound, "Sorry, this page isn't available."}

// readAuthorization checks the parameters of the login page. Unknown ones are ignored. The
// caller holds the lock.
func (s *Simulator) readAuthorization(q url.Values) (authorization, error) {
	a := authorization{redirectURI: q.Get("redirect_uri"), state: q.Get("state"), scopes: splitScopes(q.Get("scope"))}
	a.forced = q.Get("force_reauth") == "true" || q.Get("force_authentication") == "1"
	id := q.Get("client_id")
	if id == "" || strings.Trim(id, "0123456789") != "" {
		return a, notHere
	}
	if id != s.app.ID {
		return a, invalidRequest("Invalid platform app")
	}
	if !slices.Contains(s.app.RedirectURIs, a.redirectURI) {
		return a, invalidRequest("Invalid redirect_uri")
	}
	var err error
	if a.redirect, err = url.Parse(a.redirectURI); err != nil || a.redirect.Host == "" {
		return a, invalidRequest("Invalid redirect_uri")
	}
	if q.Get("response_type") != "code" {
		return a, invalidRequest("Invalid response_type")
	}
	if bad := unknownScopes(a.scopes); len(bad) > 0 || len(a.scopes) == 0 {
		return a, invalidRequest("Invalid scope: [%s]", strings.Join(bad, ", "))
	}
	return a, nil
}

// splitScopes reads a list with commas or spaces.
func splitScopes(text string) []string {
	var scopes []string
	for s := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

func unknownScopes(scopes []string) []string {
	var bad []string
	for _, s := range scopes {
		if _, ok := scopeTexts[s]; !ok {
			bad = append(bad, s)
		}
	}
	return bad
}

// Approve is the click on the consent page: it gives the address to which the browser would be
// redirected. Of authorizeURL only the query and the end of the path count. Where a person would
// have been shown an error page instead, that page's sentence is the error.
func (s *Simulator) Approve(authorizeURL string, d Decision) (callbackURL string, err error) {
	u, err := url.Parse(authorizeURL)
	if err != nil || !strings.HasSuffix(u.Path, authorizePath) {
		return "", errors.New("approve: the address is not that of the login page")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.readAuthorization(u.Query())
	if err != nil {
		return "", err
	}
	return s.settle(a, d)
}

// settle carries a decision out. The caller holds the lock.
func (s *Simulator) settle(a authorization, d Decision) (callbackURL string, err error) {
	switch {
	case d.Refuse != "":
		return a.callback("", "error", "access_denied", "error_description", d.Refuse), nil
	case d.Deny:
		return a.callback("", "error", "access_denied", "error_reason", "user_denied",
			"error_description", "The user denied your request"), nil
	}
	p, ok := s.byID[d.Persona]
	if !ok {
		return "", fmt.Errorf("persona %q: %w", d.Persona, errNoPersona)
	}
	granted := slices.DeleteFunc(slices.Clone(a.scopes), func(scope string) bool {
		return slices.Contains(d.Without, scope)
	})
	code := newCode()
	s.codes[code] = grant{
		persona: p, scopes: granted, redirectURI: a.redirectURI, at: s.Now(), epoch: len(p.revocations),
	}
	fragment := "#_"
	if s.switches.NoFragment {
		fragment = ""
	}
	return a.callback(fragment, "code", code), nil
}

// callback is the redirect address with names and values, and the state, in this order.
func (a authorization) callback(fragment string, pairs ...string) string {
	if a.state != "" {
		pairs = append(pairs, "state", a.state)
	}
	var query strings.Builder
	query.WriteString(a.redirect.RawQuery)
	for i := 0; i < len(pairs); i += 2 {
		if query.Len() > 0 {
			query.WriteByte('&')
		}
		query.WriteString(pairs[i] + "=" + url.QueryEscape(pairs[i+1]))
	}
	to := *a.redirect
	to.RawQuery, to.Fragment = query.String(), ""
	return to.String() + fragment
}
