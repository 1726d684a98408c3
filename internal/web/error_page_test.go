package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"latchkey/igsim"
)

func TestNoSuchPage(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	for _, address := range []string{"/nowhere", "/auth/", "/account/x", "/static/", "/static/look.css", "/static/../render.go"} {
		a := b.get(address)
		if a.status == http.StatusTemporaryRedirect || a.status == http.StatusMovedPermanently {
			a = b.get(a.header.Get("Location"))
		}
		shows(t, a, http.StatusNotFound, "There is no such page.", operatorContact)
	}
	hides(t, b.get("/CANARY?CANARY"), "CANARY")
}

func TestOtherMethods(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	for _, tt := range []struct{ method, address, allow string }{
		{http.MethodPost, "/", "GET, HEAD"},
		{http.MethodPost, "/login", "GET, HEAD"},
		{http.MethodPost, "/auth", "GET, HEAD"},
		{http.MethodGet, "/logout", "POST"},
		{http.MethodGet, "/account/signout-everywhere", "POST"},
		{http.MethodDelete, "/account/erase", "GET, POST, HEAD"},
		{http.MethodGet, "/account/mail", "POST"},
		{http.MethodPost, "/reconnect/" + secret, "GET, HEAD"},
		{http.MethodPost, "/reconnect/" + secret + "/login", "GET, HEAD"},
		{http.MethodPut, "/mail/stop/" + secret, "GET, POST, HEAD"},
	} {
		a := b.do(tt.method, tt.address)
		shows(t, a, http.StatusMethodNotAllowed, "Nothing was changed.")
		if a.header.Get("Allow") != tt.allow {
			t.Errorf("%s %s allows %q, want %q", tt.method, tt.address, a.header.Get("Allow"), tt.allow)
		}
	}
}

// TestRequestFromAnotherSite is a form of another site that a browser was made to send.
func TestRequestFromAnotherSite(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	b.signIn("studio_north")
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"}} {
		shows(t, b.do(http.MethodPost, "/account/erase", header...), http.StatusForbidden, "Nothing done", "Running this server?")
	}
	shows(t, b.get("/"), http.StatusOK, "Studio North")
	goesTo(t, b.do(http.MethodPost, "/logout", "Origin", origin), "/")
}

func TestPanic(t *testing.T) {
	t.Parallel()
	a := newRig(t, origin).browser().get("/panic")
	shows(t, a, http.StatusInternalServerError, "Something went wrong on our side.", "Request "+a.header.Get("X-Request-Id")+" in the log says what went wrong.")
	hides(t, a, "on purpose")
}

// TestStoreAway closes the store under pages that need it, and under those that do not.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	b.signIn("studio_north")
	if err := h.st.Close(); err != nil {
		t.Fatal(err)
	}
	if a := b.get("/login"); a.status != http.StatusFound {
		t.Errorf("a login, which needs no store to begin, answers %d", a.status)
	}
	for _, address := range []string{"/", "/account", "/account/erase", "/picture", back} {
		a := b.get(address)
		shows(t, a, http.StatusServiceUnavailable, "Nothing that was saved is lost.", "Request "+a.header.Get("X-Request-Id")+" in the log")
		if a.header.Get("Retry-After") == "" || len(a.cookies) != 0 {
			t.Errorf("%s answered with %v", address, a.header)
		}
	}
	for _, address := range []string{"/account/erase", "/account/disconnect", "/account/signout-everywhere", "/logout"} {
		shows(t, b.post(address), http.StatusServiceUnavailable, "Nothing that was saved is lost.")
	}
	shows(t, b.get("/privacy"), http.StatusOK)
	shows(t, h.browser().get("/"), http.StatusOK, "Log in with Instagram")
}

// TestVisitorLeft holds that a page that failed because its visitor left is no failure, and that one
// that failed by itself is in the log though nobody waits for it.
func TestVisitorLeft(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	ctx, leave := context.WithCancel(t.Context())
	leave()
	b.doWithin(ctx, http.MethodGet, "/account")
	if log := h.log.String(); strings.Contains(log, "a page failed") {
		t.Errorf("a visitor who left is a failure in the log:\n%s", log)
	}

	back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	h.exchange.shut(t)
	ctx, leave = context.WithCancel(t.Context())
	go func() {
		<-h.exchange.arrived
		leave()
		h.st.Close()
		h.exchange.open()
	}()
	b.doWithin(ctx, http.MethodGet, back)
	if log := h.log.String(); !strings.Contains(log, "a page failed") || !strings.Contains(log, "store the connection") {
		t.Errorf("a token that was lost is not in the log:\n%s", log)
	}
}

func TestContactOnPages(t *testing.T) {
	t.Parallel()
	for _, contact := range []string{"Ask <Mara> in the shop", "https://latchkey.example/help"} {
		b := newRig(t, origin, func(h *rig) { h.Contact = contact }).browser()
		for _, address := range []string{"/privacy", "/nowhere"} {
			a := b.get(address)
			shows(t, a, a.status, contact)
			if link := strings.Contains(a.body, `<a href="`+contact); link != strings.HasPrefix(contact, "https://") {
				t.Errorf("%q is a link: %v", contact, link)
			}
		}
	}
	hides(t, newRig(t, origin, func(h *rig) { h.Contact = "" }).browser().get("/nowhere"), "Questions?")
}
