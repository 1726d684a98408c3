package login_test

import (
	"errors"
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

func TestBusy(t *testing.T) {
	t.Parallel()
	h := setup(t)
	login.SetKept(h.Flow, login.MaxKept)
	_, err := h.Begin(t.Context(), "")
	if r, ok := errors.AsType[*login.Refusal](err); !ok || r.Kind != login.Busy {
		t.Errorf("got %v, want the refusal %q", err, login.Busy)
	}
	if n, err := h.st.CountAuthRequests(t.Context()); err != nil || n != 0 {
		t.Errorf("%d requests are stored, %v", n, err)
	}
}
