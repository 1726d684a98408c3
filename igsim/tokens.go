package igsim

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	codeLife  = time.Hour
	shortLife = time.Hour
	// longLife is the 5183944 seconds that Instagram's answers say, a minute under sixty days.
	longLife     = 5183944 * time.Second
	refreshAfter = 24 * time.Hour
)

// grant is what a code stands for.
type grant struct {
	persona     *persona
	scopes      []string
	redirectURI string
	at          time.Time
	epoch       int
}

// token is one access token.
type token struct {
	text      string
	persona   *persona
	long      bool
	scopes    []string
	grantedAt time.Time // the login
	issued    time.Time
	expires   time.Time
	replaced  time.Time // when it stops because a refresh gave another; zero is never
	epoch     int       // revocations of the persona before it was made
}

// newToken makes a token of the same login as like. The caller holds the lock.
func (s *Simulator) newToken(like token, now time.Time, life time.Duration) *token {
	t := like
	t.text = "IGAA" + unguessable(132) // 180 characters, as the real ones have
	t.issued, t.expires, t.replaced = now, now.Add(life), time.Time{}
	s.tokens[t.text] = &t
	return &t
}

// ended is the error that says why the token no longer works.
func (t *token) ended(now time.Time) (graphError, bool) {
	p := t.persona
	switch {
	case t.epoch < len(p.revocations):
		return errorFor(190, p.revocations[t.epoch]), true
	case p.PasswordDays > 0 && now.Sub(t.grantedAt) >= time.Duration(p.PasswordDays)*day:
		return errorFor(190, 460), true
	case !now.Before(t.expires):
		return sessionExpired(t.expires, now), true
	case !t.replaced.IsZero() && !now.Before(t.replaced):
		return because(190, 0, typeOAuth, "Invalid OAuth 2.0 Access Token"), true
	}
	return graphError{}, false
}

func (t *token) has(scope string) bool {
	for _, s := range t.scopes {
		if s == scope {
			return true
		}
	}
	return false
}

const (
	redirectDiffers = "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"
	codeNotFound    = "Matching code was not found or was already used"
)

// exchangeCode turns a code into a short-lived token. The caller holds the lock.
func (s *Simulator) exchangeCode(c *call) answer {
	refuse := func(message string) answer { return tokenError(http.StatusBadRequest, typeOAuth, message) }
	if a, refused := s.tokenTrouble(); refused {
		return a
	}
	code := c.form.Get("code")
	g, found := s.codes[code]
	switch {
	case c.method != http.MethodPost:
		return tokenError(http.StatusBadRequest, typeIG, "Unsupported request - method type: "+strings.ToLower(c.method))
	case c.form.Get("client_id") != s.app.ID:
		return refuse("Invalid platform app")
	case c.form.Get("grant_type") != "authorization_code":
		return refuse("Invalid grant_type: " + c.form.Get("grant_type"))
	case s.switches.StrictMultipart && !c.multipart:
		return refuse(redirectDiffers)
	case c.form.Get("client_secret") != s.app.Secret:
		return refuse(redirectDiffers) // this is how a wrong secret was seen to surface
	case !looksLikeCode(code):
		return refuse("Invalid authorization code")
	case !found:
		return refuse(codeNotFound)
	}
	delete(s.codes, code) // a refused exchange uses the code up too
	if c.now.Sub(g.at) >= codeLife {
		return refuse(codeNotFound)
	}
	if c.form.Get("redirect_uri") != g.redirectURI {
		return refuse(redirectDiffers)
	}
	t := s.newToken(token{persona: g.persona, scopes: g.scopes, grantedAt: g.at, epoch: g.epoch}, c.now, shortLife)
	return answer{status: http.StatusOK, body: s.codeAnswer(t)}
}

const codePrefix = "AQ"

func newCode() string { return codePrefix + unguessable(96) }

func looksLikeCode(code string) bool {
	return strings.HasPrefix(code, codePrefix) && len(code) == len(codePrefix)+128 && !strings.ContainsAny(code, "#&= ")
}

// codeAnswer is the answer of the code exchange in the shape that the switches say.
func (s *Simulator) codeAnswer(t *token) any {
	id := t.persona.appScopedID(s.app.ID)
	body := map[string]any{"access_token": t.text, "user_id": jsonNumber(id)}
	if s.switches.TokenUserIDString {
		body["user_id"] = id
	}
	if s.switches.BlankToken {
		delete(body, "access_token")
	}
	if p, ok := permissions(s.switches.Permissions, s.switches.WrappedToken, t.scopes); ok {
		body["permissions"] = p
	}
	if s.switches.LegacyUser {
		return map[string]any{"access_token": "1623400001.c59cb53.7139aaaabbbbccccddddeeeeffff0000", "user": map[string]any{
			"id": "1623400001", "username": t.persona.ID, "full_name": t.persona.Name, "profile_picture": "", "bio": "", "website": "",
		}}
	}
	if s.switches.WrappedToken {
		return map[string]any{"data": []any{body}}
	}
	return body
}

// permissions are the scopes in one of their shapes. The usual one is a list, in the wrapped
// answer a text with commas.
func permissions(shape string, wrapped bool, scopes []string) (any, bool) {
	if shape == "" && wrapped {
		shape = "comma"
	}
	switch shape {
	case "comma":
		return strings.Join(scopes, ","), true
	case "space":
		return strings.Join(scopes, " "), true
	case "encoded":
		return url.QueryEscape(strings.Join(scopes, ",")), true
	case "missing":
		return nil, false
	}
	return append([]string{}, scopes...), true
}

// exchangeLong turns a short-lived token into a long-lived one. The caller holds the lock.
func (s *Simulator) exchangeLong(c *call) (any, *graphError) {
	if err := s.secretTrouble(); err != nil {
		return nil, err
	}
	switch {
	case c.query.Get("grant_type") != "ig_exchange_token":
		return nil, fail(because(100, 0, typeIG, "The parameter grant_type must be ig_exchange_token."))
	case c.query.Get("client_secret") != s.app.Secret:
		return nil, fail(wrongSecret())
	case c.token.long:
		return nil, fail(because(100, 0, typeIG, "The access token is long-lived already"))
	}
	like := *c.token
	like.long = true
	return s.longAnswer(s.newToken(like, c.now, longLife), c.now), nil
}

// refresh gives a long-lived token another sixty days. The caller holds the lock.
func (s *Simulator) refresh(c *call) (any, *graphError) {
	t := c.token
	switch {
	case c.query.Get("grant_type") != "ig_refresh_token":
		return nil, fail(because(100, 0, typeIG, "The parameter grant_type must be ig_refresh_token."))
	case !t.long:
		return nil, fail(because(100, 0, typeIG, "Only long-lived access tokens can be refreshed"))
	case !t.has(scopeBasic):
		return nil, fail(errorFor(10, 0))
	case c.now.Sub(t.issued) < refreshAfter:
		return nil, fail(because(100, 0, typeIG, "The access token is too young to be refreshed; it has to be 24 hours old"))
	case s.switches.SameToken:
		t.issued, t.expires = c.now, c.now.Add(longLife)
		return s.longAnswer(t, c.now), nil
	}
	if s.switches.OldTokenDies {
		t.replaced = c.now.Add(time.Duration(s.switches.OldTokenMinutes) * time.Minute)
	}
	return s.longAnswer(s.newToken(*t, c.now, longLife), c.now), nil
}

func (s *Simulator) longAnswer(t *token, now time.Time) any {
	body := map[string]any{
		"access_token": t.text,
		"token_type":   "bearer",
		"expires_in":   int(t.expires.Sub(now) / time.Second),
	}
	if s.switches.BlankToken {
		body["access_token"] = ""
	}
	if s.switches.MissingExpiresIn {
		delete(body, "expires_in")
	}
	if s.switches.LongPermissions {
		body["permissions"] = strings.Join(t.scopes, ",")
	}
	return body
}
