package login_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

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

// TestOutstanding holds that those logins are counted that are on their way: what came back makes room.
func TestOutstanding(t *testing.T) {
	t.Parallel()
	h := setup(t)
	login.SetOutstanding(h.Flow, login.MaxOutstanding-1)
	s := h.begin("")
	if n := login.Outstanding(h.Flow); n != login.MaxOutstanding {
		t.Errorf("%d are on their way after one began", n)
	}
	_, err := h.Begin(t.Context(), "")
	kind(t, err, login.Busy)
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	_, err = h.Finish(t.Context(), cb, "")
	kind(t, err, login.OtherBrowser)
	_, err = h.Begin(t.Context(), "")
	kind(t, err, login.Busy)
	if _, err := h.Finish(t.Context(), cb, s.Binding); err != nil {
		t.Fatal(err)
	}
	if n := login.Outstanding(h.Flow); n != login.MaxOutstanding-1 {
		t.Errorf("%d are on their way after one came back", n)
	}
	h.begin("")
}

// TestTheDoorStaysOpen holds what it takes to close the door, by the limits of a client and of an IPv6 /48: more
// than a hundred of the one and dozens of the other.
func TestTheDoorStaysOpen(t *testing.T) {
	t.Parallel()
	const rate, site = 300, 4 // of config and of middleware
	client := rate + rate*int64(login.RequestLife/time.Minute)
	if n := login.MaxOutstanding / client; n < 150 {
		t.Errorf("%d clients close the door", n)
	}
	if n := login.MaxOutstanding / (site * client); n < 35 {
		t.Errorf("%d networks close the door", n)
	}
}

func TestBusy(t *testing.T) {
	t.Parallel()
	h := setup(t)
	login.SetOutstanding(h.Flow, login.MaxOutstanding)
	_, err := h.Begin(t.Context(), "")
	if r, ok := errors.AsType[*login.Refusal](err); !ok || r.Kind != login.Busy {
		t.Errorf("got %v, want the refusal %q", err, login.Busy)
	}
	if n, err := h.st.CountAuthRequests(t.Context(), time.Now()); err != nil || n != 0 {
		t.Errorf("%d requests are stored, %v", n, err)
	}
}
