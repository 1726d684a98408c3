// Package webtest sets up the pages over a store, beside a simulated Instagram, for tests that count what a login
// costs.
package webtest

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/middleware"
	"latchkey/internal/notice"
	"latchkey/internal/page"
	"latchkey/internal/picture"
	"latchkey/internal/seal"
	"latchkey/internal/session"
	"latchkey/internal/store"
	"latchkey/internal/vault"
	"latchkey/internal/web/owner"
	"latchkey/internal/web/signin"
)

// Site is a running server of pages, and the Instagram that it asks.
type Site struct {
	t              testing.TB
	app, instagram string
	sim            *igsim.Simulator
}

// Start serves the pages over a store until the test ends.
func Start(t testing.TB, s store.Store) *Site {
	t.Helper()
	ring, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	sim, mux := igsim.New(), http.NewServeMux()
	outside, app := httptest.NewServer(sim), httptest.NewServer(mux)
	t.Cleanup(outside.Close)
	t.Cleanup(app.Close)
	registered := sim.App()
	registered.RedirectURIs = []string{app.URL + "/auth"}
	sim.SetApp(registered)

	v := &vault.Vault{Keyring: ring, Store: s, Now: sim.Now}
	kit := &page.Kit{
		Sessions: &session.Sessions{Store: s}, Store: s, PublicURL: app.URL,
		Now: sim.Now, RequestID: middleware.RequestID, Log: slog.New(slog.DiscardHandler),
	}
	owners := &owner.Handler{
		Kit: kit, Vault: v, Events: s, Pictures: &picture.Fetcher{Origin: outside.URL},
		Notices: &notice.Notifier{Store: s, PublicURL: app.URL, Now: sim.Now, Log: kit.Log},
	}
	signIn := &signin.Handler{Kit: kit, Home: owners.Home, Login: &login.Flow{
		Instagram: &instagram.Client{
			AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret), RedirectURL: app.URL + "/auth",
			Endpoints: instagram.Endpoints{
				Authorize: outside.URL + "/oauth/authorize", Token: outside.URL + "/oauth/access_token", Graph: outside.URL, Version: "v26.0",
			},
			Now: sim.Now,
		},
		Store: s, Vault: v, Log: kit.Log, Scopes: []string{instagram.ScopeBasic}, Process: "the test",
	}}
	kit.Mount(mux, signIn.Routes(), owners.Routes())
	return &Site{t: t, app: app.URL, instagram: outside.URL, sim: sim}
}

// LogIn has a persona log in with a new browser, from /login to the finished home page.
func (s *Site) LogIn(persona string) {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), s.instagram) {
			return http.ErrUseLastResponse // there the owner decides
		}
		return nil
	}}
	_, _, authorize := s.get(browser, s.app+"/login")
	back, err := s.sim.Approve(authorize, igsim.Decision{Persona: persona})
	if err != nil {
		s.t.Fatal(err)
	}
	if status, path, _ := s.get(browser, back); status != http.StatusOK || path != "/" {
		s.t.Fatalf("the login ended with %d at %s", status, path)
	}
}

// get follows an address to its end, which is where it came to, or where it would lead on.
func (s *Site) get(browser *http.Client, address string) (status int, path, leadsTo string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := browser.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Request.URL.Path, answer.Header.Get("Location")
}
