package igsim

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
)

// scopeTexts are the scopes that there are, as the consent page words them.
var scopeTexts = map[string]string{
	scopeBasic:                           "See your profile and your posts",
	scopeInsights:                        "See how your account and your posts are doing",
	scopeComments:                        "See and manage the comments on your posts",
	"instagram_business_manage_messages": "See and manage your messages",
	"instagram_business_content_publish": "Publish posts for you",
}

type consentView struct {
	Bar      bar
	App      string
	Host     string // where the browser will be sent
	Forced   bool
	Personas []personaChoice
	Scopes   []scopeChoice
}

type personaChoice struct {
	ID, Name, Username, Kind, Note string
	First                          bool
}

type scopeChoice struct{ Name, Text string }

type refusedView struct{ Title, Text string }

var accountKinds = map[string]string{"BUSINESS": "business", "MEDIA_CREATOR": "creator", "PERSONAL": "personal"}

// consent is the login page, or the page that says what is wrong with the request for it. The
// caller holds the lock.
func (s *Simulator) consent(c *call) answer {
	if c.role != roleWWW && c.role != roleAny {
		return notAvailable() // the API's host had a login page until July 2026
	}
	a, err := s.readAuthorization(c.query)
	if err != nil {
		return refused(err)
	}
	return answer{status: http.StatusOK, page: page{
		template:   "consent.html",
		view:       s.consentView(a, c),
		formAction: a.redirect.Scheme + "://" + a.redirect.Host,
	}}
}

func (s *Simulator) consentView(a authorization, c *call) consentView {
	v := consentView{Bar: bar{Now: c.now, Back: c.uri}, App: s.app.Name, Host: a.redirect.Host, Forced: a.forced}
	for i, p := range s.personas {
		if i == personasShown {
			break
		}
		v.Personas = append(v.Personas, personaChoice{
			ID: p.ID, Name: cmp.Or(p.Name, p.Username), Username: p.Username, Kind: accountKind(p.AccountType), Note: p.Note, First: i == 0,
		})
	}
	for _, scope := range a.scopes {
		v.Scopes = append(v.Scopes, scopeChoice{scope, scopeTexts[scope]})
	}
	return v
}

// personasShown keeps the pages readable when a test has added thousands.
const personasShown = 24

// accountKind is an account type in plain words.
func accountKind(accountType string) string {
	return cmp.Or(accountKinds[accountType], strings.ToLower(accountType))
}

// refused is the page for an error of the login page.
func refused(err error) answer {
	status := http.StatusBadRequest
	if e, ok := errors.AsType[*errPage](err); ok {
		status = e.status
	}
	return answer{status: status, page: page{template: "refused.html", view: refusedView{
		Title: err.Error(),
		Text:  "The link you followed may be broken, or the app may have been set up wrongly. Instagram does not send you back from here.",
	}}}
}

func notAvailable() answer { return refused(notHere) }

// decide is a button of the consent page.
func (s *Simulator) decide(w http.ResponseWriter, r *http.Request, is role) {
	if r.Method != http.MethodPost || is != roleWWW && is != roleAny {
		notAvailable().deliver(w, r)
		return
	}
	if s.crossing.Check(r) != nil {
		refused(&errPage{http.StatusForbidden, "This form has to be sent from the simulator's own page."}).deliver(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, bodyAtMost)
	if r.ParseForm() != nil {
		refused(&errPage{http.StatusBadRequest, "The form could not be read."}).deliver(w, r)
		return
	}
	to, err := s.press(r)
	switch {
	case err != nil:
		refused(err).deliver(w, r)
	case to == "":
		answer{status: http.StatusOK, page: page{template: "closed.html", view: bar{Now: s.Now()}}}.deliver(w, r)
	default:
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, to, http.StatusFound)
	}
}

// press is the address to which a button of the consent page leads, none if the person never
// returns to the app.
func (s *Simulator) press(r *http.Request) (callbackURL string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.readAuthorization(r.URL.Query())
	if err != nil {
		return "", err
	}
	d := Decision{Persona: r.PostForm.Get("persona")}
	switch r.PostForm.Get("decision") {
	case "allow":
		for _, scope := range a.scopes {
			if !slices.Contains(r.PostForm["scope"], scope) {
				d.Without = append(d.Without, scope)
			}
		}
	case "cancel":
		d.Deny = true
	case "no_role":
		d.Refuse = "Insufficient developer role"
	case "leave":
		return "", nil
	default:
		return "", &errPage{http.StatusBadRequest, "Choose one of the buttons of the page."}
	}
	return s.settle(a, d)
}
