package web_test

import (
	"net/http"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/login"
	"latchkey/internal/store"
)

// TestARefusedLoginUnsettlesNoOwner holds, for each way in which a login of an owner who is signed in can be
// refused, that she reads that her connection is unchanged, keeps her header, stays signed in, and is
// led back to her page.
func TestARefusedLoginUnsettlesNoOwner(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		come   func(*browser) answer
		status int
	}{
		{"cancelled", func(b *browser) answer { return b.login(igsim.Decision{Persona: "studio_north", Deny: true}) }, http.StatusForbidden},
		{"profile unticked", func(b *browser) answer {
			return b.login(igsim.Decision{Persona: "studio_north", Without: allScopes})
		}, http.StatusForbidden},
		{"another account, personal", func(b *browser) answer { return b.login(igsim.Decision{Persona: "private_pat"}) }, http.StatusForbidden},
		{"Instagram away", func(b *browser) answer {
			if err := b.sim.FailNext(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Page, Status: 500}); err != nil {
				b.t.Fatal(err)
			}
			return b.login(igsim.Decision{Persona: "studio_north"})
		}, http.StatusServiceUnavailable},
		{"a made-up state", func(b *browser) answer { return b.get("/auth?code=A&state=B") }, http.StatusBadRequest},
		{"two states", func(b *browser) answer { return b.get("/auth?state=A&state=B") }, http.StatusBadRequest},
		{"another browser's", func(b *browser) answer {
			other := b.browser()
			return b.get(other.decide(other.begin(), igsim.Decision{Persona: "studio_north"}))
		}, http.StatusForbidden},
		{"an address of a refusal", func(b *browser) answer { return b.get("/auth?refused=misconfigured") }, http.StatusForbidden},
		{"too many", func(b *browser) answer {
			for range 3 {
				b.get("/login")
			}
			return b.get("/login")
		}, http.StatusTooManyRequests},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, origin, func(h *rig) { h.signin.LoginRate = 3 }).browser()
			b.signIn("studio_north")
			before := b.connection()
			a := tt.come(b)
			shows(t, a, tt.status, "Your connection is unchanged", "Sign out", "Back to your page")
			hides(t, a, "ot connected", "Not logged in")
			if !strings.Contains(a.body, `<a class="button" href="/">Back to your page</a>`) || !strings.Contains(a.body, `href="/login"`) {
				t.Errorf("the ways on are others:\n%s", a.body)
			}
			for _, c := range a.cookies {
				if c.Name == "latchkey_session" {
					t.Errorf("the session is touched: %v", c)
				}
			}
			shows(t, b.get("/"), http.StatusOK, "Studio North", "Connected, safe until")
			if after := b.connection(); after.Version != before.Version {
				t.Errorf("the connection was written to: %+v", after)
			}
		})
	}
}

// TestNoRefusalSaysNotConnected holds that no page says that an account is not connected: whoever is not
// signed in may have one that is.
func TestNoRefusalSaysNotConnected(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	for _, kind := range login.Kinds() {
		a := h.refused(kind)
		hides(t, a, "ot connected", "Sign out", "Back to your page", "Your connection is unchanged")
	}
	hides(t, newRig(t, origin, func(h *rig) { h.signin.LoginRate = 1 }).browser().login(igsim.Decision{Persona: "private_pat"}), "ot connected")
}

// TestAnOwnerKeepsHerHeader holds that pages about what is not there lead an owner who is signed in back to
// her own page, and others to the front page.
func TestAnOwnerKeepsHerHeader(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	link := h.linkTo(store.LinkReconnect, func(l *store.Link) { l.UsedAt = h.Now() })
	for address, status := range map[string]int{"/nowhere": http.StatusNotFound, link: http.StatusConflict} {
		shows(t, b.get(address), status, "Sign out", "Back to your page")
		a := h.browser().get(address)
		shows(t, a, status, "Front page")
		hides(t, a, "Sign out", "Back to your page")
	}
	shows(t, b.post("/privacy"), http.StatusMethodNotAllowed, "Sign out")
}
