package web_test

import (
	"net/http"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/login"
)

// TestALoginComesBackToWhatWasWanted turns somebody away from a page of an owner's: the front page says why
// she is there, and after the login she comes to that page, once.
func TestALoginComesBackToWhatWasWanted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, wanted, comes string }{
		{http.MethodGet, "/account", "/account"},
		{http.MethodGet, "/account/erase", "/account/erase"},
		{http.MethodGet, "/account/disconnect", "/account/disconnect"},
		{http.MethodPost, "/account/erase", "/account"}, // a button is not pressed later, by itself
		{http.MethodPost, "/account/mail", "/account"},
	} {
		t.Run(tt.method+" "+tt.wanted, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, origin).browser()
			a := b.do(tt.method, tt.wanted)
			goesTo(t, a, "/")
			if c := a.cookie(t, "latchkey_wanted"); c.MaxAge != int(login.RequestLife.Seconds()) {
				t.Errorf("it is remembered by %v", c)
			}
			ofThisHost(t, a.cookie(t, "latchkey_wanted"), false)
			shows(t, b.get("/"), http.StatusOK, "Log in first", "you come back to it", "Log in with Instagram")
			goesTo(t, b.login(igsim.Decision{Persona: "studio_north"}), "/")
			goesTo(t, b.get("/"), tt.comes)
			shows(t, b.get(tt.comes), http.StatusOK, "@studio_north")
			shows(t, b.get("/"), http.StatusOK, "Studio North")
		})
	}
}

// TestNobodyElseSaysWhereALoginLeads holds that a browser is sent to pages of ours alone, whatever is in its
// cookie.
func TestNobodyElseSaysWhereALoginLeads(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	session := b.login(igsim.Decision{Persona: "studio_north"}).cookie(t, "latchkey_session")
	for _, value := range []string{
		"https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/account/../..//elsewhere.example",
		"/logout", "/", "", "account", "/account/", "/account?x", "/account#x", "/ACCOUNT", "/auth?code=A", "/account%0d%0aX: y",
	} {
		cookie := "latchkey_session=" + session.Value + "; latchkey_wanted=" + value
		shows(t, h.browser().do(http.MethodGet, "/", "Cookie", cookie), http.StatusOK, "Studio North")
		a := h.browser().do(http.MethodGet, "/", "Cookie", "latchkey_wanted="+value)
		shows(t, a, http.StatusOK, "Log in with Instagram")
		hides(t, a, "Log in first", "elsewhere")
	}
	hides(t, h.browser().get("/"), "Log in first")
}
