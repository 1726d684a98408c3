package login_test

import (
	"net/url"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/login"
)

func TestBegin(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for key, want := range map[string]string{
		"client_id": igsim.AppID, "redirect_uri": h.sim.App().RedirectURIs[0],
		"response_type": "code", "scope": strings.Join(allScopes, ","), "force_reauth": "true",
	} {
		if q.Get(key) != want {
			t.Errorf("%s is %q, want %q", key, q.Get(key), want)
		}
	}
	if len(q.Get("state")) < 26 || len(s.Binding) < 26 || q.Get("state") == s.Binding {
		t.Errorf("state and binding are too short or the same: %d and %d bytes", len(q.Get("state")), len(s.Binding))
	}
}

// TestStartTwice begins two logins in one browser and finishes both, the second one first.
func TestStartTwice(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := h.begin("")
	second := h.begin(first.Binding)
	if second.Binding != first.Binding || second.URL == first.URL {
		t.Errorf("the second login has binding %q and the same state: %v", second.Binding, second.URL == first.URL)
	}
	for _, s := range []login.Started{second, first} {
		if _, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding); err != nil {
			t.Error(err)
		}
	}
}

func TestBindingMadeElsewhereIsReplaced(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, binding := range []string{"short", strings.Repeat("a", 26), strings.Repeat("A", 27), strings.Repeat("1", 26)} {
		if s := h.begin(binding); s.Binding == binding {
			t.Errorf("took over the binding %q", binding)
		}
	}
}

// TestIsBinding is the form of a binding, a boundary a row.
func TestIsBinding(t *testing.T) {
	t.Parallel()
	for _, c := range "AZ27" {
		if !login.IsBinding(strings.Repeat(string(c), 26)) {
			t.Errorf("%q is not taken", c)
		}
		for _, n := range []int{0, 25, 27} {
			if login.IsBinding(strings.Repeat(string(c), n)) {
				t.Errorf("%d letters are taken", n)
			}
		}
	}
	for _, c := range "@[18az\x00 " {
		if login.IsBinding(strings.Repeat("A", 25) + string(c)) {
			t.Errorf("%q is taken", c)
		}
	}
}

// TestToBeginCostsNothing begins many logins: none of them is stored, and the first one is still finished.
func TestToBeginCostsNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := h.begin("")
	h.Store = nil // whoever asked it would panic
	for range 1000 {
		h.begin("")
	}
	h.Store = h.st
	if _, err := h.Finish(t.Context(), h.decide(first, igsim.Decision{Persona: "studio_north"}), first.Binding); err != nil {
		t.Error(err)
	}
}
