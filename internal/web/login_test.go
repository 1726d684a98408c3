package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/internal/login"
	"latchkey/internal/store"
)

func TestBegin(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	a := b.get("/login")
	if to := a.header.Get("Location"); a.status != http.StatusFound || !strings.Contains(to, "/oauth/authorize?") {
		t.Errorf("got %d to %q", a.status, to)
	}
	if a.body != "" {
		t.Errorf("the answer has a body, which may repeat the state: %q", a.body)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a login may be cached: %v", a.header)
	}
}

// TestBindingCookie holds what the design says of the cookie that ties a login to its browser.
func TestBindingCookie(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		origin, name string
		secure       bool
	}{
		{"http://localhost:3000", "latchkey_login", false},
		{"https://latchkey.example", "__Host-latchkey_login", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, tt.origin).browser()
			first := b.get("/login").cookie(t, tt.name)
			ofThisHost(t, first, tt.secure)
			// As long as the store can tell a late callback from one in another browser.
			if got, want := time.Duration(first.MaxAge)*time.Second, login.RequestLife+time.Hour; got != want {
				t.Errorf("it lives %v, want %v", got, want)
			}
			if second := b.get("/login").cookie(t, tt.name); second.Value != first.Value || second.MaxAge != first.MaxAge {
				t.Errorf("a second login gave %v after %v", second, first)
			}
		})
	}
}

// ofThisHost holds that a cookie goes to this host alone, and to no script.
func ofThisHost(t *testing.T, c *http.Cookie, secure bool) {
	t.Helper()
	if c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure {
		t.Errorf("the cookie is %v", c)
	}
}

func TestWhatOnlyLooksStartsNothing(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	for _, address := range []string{"/login", "/reconnect/" + secret + "/login", "/auth?code=A&state=B"} {
		for _, tt := range []struct {
			method  string
			headers []string
		}{
			{http.MethodHead, nil},
			{http.MethodGet, []string{"Sec-Purpose", "prefetch"}},
			{http.MethodGet, []string{"Sec-Purpose", "prefetch;prerender"}},
			{http.MethodGet, []string{"Purpose", "prefetch"}},
			{http.MethodGet, []string{"X-Moz", "prefetch"}},
		} {
			a := h.browser().do(tt.method, address, tt.headers...)
			if a.status != http.StatusNoContent || len(a.cookies) != 0 || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s with %v answered %d, %v", tt.method, address, tt.headers, a.status, a.header)
			}
		}
	}
	elsewhere := h.browser().do(http.MethodHead, "http://127.0.0.1:3000/login")
	goesTo(t, elsewhere, origin+"/login")
	if len(elsewhere.cookies) != 0 {
		t.Errorf("a look under another name set %v", elsewhere.cookies)
	}
}

func TestAnotherNameOfThisServerFirstGoesToThePublicOne(t *testing.T) {
	t.Parallel()
	for path, remembered := range map[string]string{"/login": "/login", "/reconnect/" + secret + "/login": "/reconnect"} {
		t.Run(remembered, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			h.browser().signIn("studio_north")
			h.linkTo(store.LinkReconnect)
			b := h.browser()
			a := b.get("http://127.0.0.1:3000" + path)
			goesTo(t, a, origin+path)
			guard := a.cookies[0]
			if len(a.cookies) != 1 || guard.Path != remembered || guard.MaxAge != 30 || !guard.HttpOnly || guard.SameSite != http.SameSiteLaxMode {
				t.Errorf("the redirect set %v", a.header["Set-Cookie"])
			}
			b.beginAt(path)
		})
	}
}

// TestButtonPressedTwiceUnderAnotherName is a double click: the second request has the guard of the
// first, and still must not begin a login on a host to which Instagram does not send back.
func TestButtonPressedTwiceUnderAnotherName(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	for range 2 {
		goesTo(t, b.do(http.MethodGet, "http://127.0.0.1:3000/login", "Referer", "http://127.0.0.1:3000/"), origin+"/login")
	}
}

// TestProxyThatRewritesHost is a browser whose every request arrives under another host.
func TestProxyThatRewritesHost(t *testing.T) {
	t.Parallel()
	b := newRig(t, "https://latchkey.example").browser()
	click := []string{"Host", "10.0.0.7:3000", "Referer", "https://latchkey.example/"}
	goesTo(t, b.do(http.MethodGet, "/login", click...), "https://latchkey.example/login")
	if a := b.do(http.MethodGet, "/login", click...); a.status != http.StatusFound {
		t.Errorf("the second time it answered %d to %q", a.status, a.header.Get("Location"))
	}
}

// TestProxyThatRewritesHostBeforeALink is the same with a reconnect link, whose page names itself by
// its origin alone.
func TestProxyThatRewritesHostBeforeALink(t *testing.T) {
	t.Parallel()
	h := newRig(t, "https://latchkey.example")
	h.browser().signIn("studio_north")
	path := h.linkTo(store.LinkReconnect) + "/login"
	b := h.browser()
	click := []string{"Host", "10.0.0.7:3000", "Referer", "https://latchkey.example/"}
	goesTo(t, b.do(http.MethodGet, path, click...), "https://latchkey.example"+path)
	if a := b.do(http.MethodGet, path, click...); a.status != http.StatusFound {
		t.Errorf("the second time it answered %d to %q", a.status, a.header.Get("Location"))
	}
}

func TestTooManyLogins(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin, func(h *rig) { h.signin.LoginRate = 2 }).browser()
	b.begin()
	b.get("http://127.0.0.1:3000/login") // the way to the public name counts for nothing
	b.begin()
	shows(t, b.get("/reconnect/"+secret+"/login"), http.StatusTooManyRequests, "Too many logins")
	a := b.get("/login")
	shows(t, a, http.StatusTooManyRequests, "Too many logins", "Nothing was changed", "Try again", operatorContact)
	if a.header.Get("Retry-After") == "" {
		t.Error("it does not say how long to wait")
	}
}
