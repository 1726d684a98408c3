package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/login"
	"latchkey/internal/store"
)

// address is what a page puts into the address bar; empty when it leaves that alone.
func address(t *testing.T, a answer) string {
	t.Helper()
	tag := between(t, a.body, `<script src="/static/address.`, ">")
	_, to, found := strings.Cut(tag, `data-address="`)
	if !found {
		return ""
	}
	return strings.TrimSuffix(strings.ReplaceAll(to, "&amp;", "&"), `"`)
}

// TestARefusalSurvivesAReload holds that the page of a refused callback comes again with its status and
// its instructions, under the callback's address and under one that holds no code and no state, and that
// the code is not sent again.
func TestARefusalSurvivesAReload(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		arrange func(*rig)
		d       igsim.Decision
		status  int
		says    string
		at      string
	}{
		{"cancelled", nil, igsim.Decision{Persona: "studio_north", Deny: true}, http.StatusForbidden, "You did not allow it.", "/auth?refused=cancelled"},
		{"unticked", nil, igsim.Decision{Persona: "studio_north", Without: allScopes}, http.StatusForbidden, "One permission is needed at least.", "/auth?refused=basic-permission-missing"},
		{"personal", nil, igsim.Decision{Persona: "private_pat"}, http.StatusForbidden, "Switch to professional account", "/auth?refused=personal-account"},
		{"away", func(h *rig) {
			if err := h.sim.FailNext(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Page, Status: 500}); err != nil {
				h.t.Fatal(err)
			}
		}, igsim.Decision{Persona: "studio_north"}, http.StatusServiceUnavailable, "Wait a few minutes, then try again.", "/auth?refused=instagram-away"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			if tt.arrange != nil {
				tt.arrange(h)
			}
			b := h.browser()
			back := b.decide(b.begin(), tt.d)
			first := b.get(back)
			calls := h.sim.Calls(igsim.CodeExchange)
			shows(t, first, tt.status, tt.says)
			if at := address(t, first); at != tt.at {
				t.Errorf("the address bar shows %q, want %q", at, tt.at)
			}
			for name, again := range map[string]answer{
				"the same address": b.get(back), "the same address once more": b.get(back),
				"its own address": b.get(tt.at), "its own address elsewhere": h.browser().get(tt.at),
			} {
				t.Run(name, func(t *testing.T) {
					shows(t, again, tt.status, tt.says)
					if again.header.Get("Retry-After") != first.header.Get("Retry-After") || again.header.Get("Cache-Control") != "no-store" {
						t.Errorf("the headers are %v, and were %v", again.header, first.header)
					}
					if again.body != first.body && !strings.Contains(first.body, "Running this server?") {
						t.Errorf("it is another page:\n%s\nthan the first:\n%s", again.body, first.body)
					}
				})
			}
			if n := h.sim.Calls(igsim.CodeExchange); n != calls {
				t.Errorf("the code was sent %d times more", n-calls)
			}
		})
	}
}

// TestARefusalIsKnownByItsOwnLogin holds that what one login was refused for is no answer to another, that
// it stays in its browser, and that a login that ended well is no refusal.
func TestARefusalIsKnownByItsOwnLogin(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	good := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	goesTo(t, b.get(good), "/")
	goesTo(t, b.post("/logout"), "/")
	refused := b.decide(b.begin(), igsim.Decision{Persona: "studio_north", Deny: true})
	shows(t, b.get(refused), http.StatusForbidden, "You did not allow it.")
	shows(t, b.get(good), http.StatusConflict, "This login was finished before.")
	shows(t, b.get(refused), http.StatusForbidden, "You did not allow it.")
	shows(t, h.browser().get(refused), http.StatusForbidden, "another browser")

	// What was used goes home once its browser is signed in, however it was answered before.
	b.signIn("studio_north")
	goesTo(t, b.get(good), "/")
}

// TestCookieOfARefusal holds what the browser keeps: a word and no secret, for /auth alone and as long as
// the login is remembered.
func TestCookieOfARefusal(t *testing.T) {
	t.Parallel()
	for from, secure := range map[string]bool{origin: false, "https://latchkey.example": true} {
		b := newRig(t, from).browser()
		back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north", Deny: true})
		c := b.get(back).cookie(t, "latchkey_refused")
		if c.Path != "/auth" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.MaxAge != 70*60 {
			t.Errorf("the cookie is %v", c)
		}
		u, err := url.Parse(back)
		if err != nil {
			t.Fatal(err)
		}
		word, mark, _ := strings.Cut(c.Value, ".")
		if word != "cancelled" || len(mark) != 16 || strings.Contains(u.Query().Get("state"), mark) {
			t.Errorf("its value is %q", c.Value)
		}
		for _, value := range []string{"", "cancelled", "cancelled.", "made-up." + mark, "personal-account." + mark[:15], "." + mark} {
			a := b.browser().do(http.MethodGet, back, "Cookie", b.binding()+"; latchkey_refused="+value)
			shows(t, a, http.StatusConflict, "This login was finished before.")
		}
	}
}

// binding is the cookie that ties this browser to its logins.
func (b *browser) binding() string {
	b.t.Helper()
	u, err := url.Parse(b.origin)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(u) {
		if strings.HasSuffix(c.Name, "latchkey_login") {
			return c.Name + "=" + c.Value
		}
	}
	b.t.Fatal("no binding")
	return ""
}

// TestEveryRefusalHasAnAddress holds that each page that can answer a callback comes again under the address
// that it puts into the address bar, and that no other word is one.
func TestEveryRefusalHasAnAddress(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	for _, kind := range login.Kinds() {
		first := h.refused(kind)
		at := address(t, first)
		if again := b.get(at); again.status != first.status || again.body != first.body {
			t.Errorf("%q answers %d under %q, and answered %d", kind, again.status, at, first.status)
		}
	}
	for _, word := range []string{"", "made-up", "Cancelled", "cancelled ", "../", "%00", "CANARY"} {
		a := b.get("/auth?refused=" + url.QueryEscape(word))
		shows(t, a, http.StatusNotFound, "There is no such page.")
		hides(t, a, "CANARY")
	}
	if at := address(t, b.get("/auth?refused=cancelled")); at != "/auth?refused=cancelled" {
		t.Errorf("an address puts %q in its place", at)
	}
	if a := b.get("/auth?state=A&state=B"); len(a.cookies) != 0 {
		t.Errorf("a callback without a state of ours is remembered by %v", a.cookies)
	}
	// A callback is a callback whatever else stands in it.
	for _, query := range []string{"refused=cancelled&state=A", "refused=cancelled&code=A", "refused=cancelled&refused=cancelled"} {
		shows(t, b.get("/auth?"+query), http.StatusBadRequest, "We do not know this login.")
	}
}

// TestAFailureLeavesNoCode holds that a login that failed on our side has an address without a code, too.
func TestAFailureLeavesNoCode(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	for err, at := range map[error]string{
		store.ErrAway: "/auth?refused=records-away", store.ErrFull: "/auth?refused=records-closed", errors.New("a fault"): "/auth?refused=our-fault",
	} {
		a := loginFails(t, err)
		if got := address(t, a); got != at {
			t.Errorf("the address bar shows %q, want %q", got, at)
		}
		again := b.get(at)
		shows(t, again, a.status, between(t, a.body, "<h1>", "</h1>"), "Try again")
		hides(t, again, "Running this server?") // the log has nothing under this request
	}
}

// TestAnAddressElsewhereStays holds that a login that did not begin leaves its own address, which is good to be
// loaded again.
func TestAnAddressElsewhereStays(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	a := h.browser().get("/reconnect/" + secret + "/login")
	shows(t, a, http.StatusNotFound, "We do not know this link")
	hides(t, a, "/static/address.", "refused=")
}

// TestNoMarkOfInstagramStays holds that the page after a login takes "#_" out of its address, which no server sees.
func TestNoMarkOfInstagramStays(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	hides(t, b.get("/"), "<script")
	b.signIn("studio_north")
	for _, page := range []string{"/", "/account"} {
		a := b.get(page)
		if address(t, a) != "" {
			t.Errorf("%s has another address", page)
		}
		file := between(t, a.body, `<script src="/static/address.`, `"`)
		if script := b.get("/static/address." + file).body; !strings.Contains(script, `location.hash === "#_"`) {
			t.Errorf("the script is\n%s", script)
		}
	}
}
