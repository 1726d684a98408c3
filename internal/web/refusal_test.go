package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/login"
	"latchkey/internal/store"
)

// TestEveryRefusalHasAPage fails for a kind that was added without one.
func TestEveryRefusalHasAPage(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	seen := make(map[string]login.Kind)
	for _, kind := range login.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			a := h.refused(kind)
			if a.status < 400 || a.status >= 500 && a.status != http.StatusBadGateway && a.status != http.StatusServiceUnavailable {
				t.Fatalf("the status is %d", a.status)
			}
			if (a.status == http.StatusServiceUnavailable) != (a.header.Get("Retry-After") != "") {
				t.Errorf("status %d with Retry-After %q", a.status, a.header.Get("Retry-After"))
			}
			tone := "warn"
			if kind == login.Misconfigured { // nobody but the operator can mend it
				tone = "bad"
			}
			if !strings.Contains(a.body, `<p class="chip `+tone+`">`) {
				t.Errorf("its tone is not %q", tone)
			}
			headline := between(t, a.body, "<h1>", "</h1>")
			if other, ok := seen[headline]; ok || headline == "" {
				t.Errorf("the headline %q is that of %q too", headline, other)
			}
			seen[headline] = kind
			if !strings.Contains(a.body, `class="button" href="/login"`) {
				t.Error("no button to log in again")
			}
			hides(t, a, "Running this server?")
			wellFormed(t, a.body)
		})
	}
}

// failing is a store whose take of a login fails.
type failing struct {
	login.Store
	err error
}

func (f failing) PutRecord(context.Context, store.Record) (store.Record, error) {
	return store.Record{}, fmt.Errorf("use a login: %w", f.err)
}

// loginFails is the answer to a callback whose login fails for a reason that is no refusal.
func loginFails(t *testing.T, err error) answer {
	t.Helper()
	b := newRig(t, origin, func(h *rig) { h.signin.Login.Store = failing{h.signin.Login.Store, err} }).browser()
	return b.login(igsim.Decision{Persona: "studio_north"})
}

// TestFailureOfALoginIsNoRefusal holds that what is not a refusal is told apart, with a way on.
func TestFailureOfALoginIsNoRefusal(t *testing.T) {
	t.Parallel()
	a := loginFails(t, errors.New("CANARY"))
	shows(t, a, http.StatusInternalServerError, "Something went wrong on our side.", "Try again")
	hides(t, a, "CANARY")
	h := newRig(t, origin)
	b := h.browser()
	back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	if err := h.st.Close(); err != nil {
		t.Fatal(err)
	}
	shows(t, b.get(back), http.StatusServiceUnavailable, "Nothing that was saved is lost.", "Try again")
}

// TestStoreKeptByAnotherProgram holds that this is told as a store that is away, though it answers.
func TestStoreKeptByAnotherProgram(t *testing.T) {
	t.Parallel()
	a := loginFails(t, store.ErrBusy)
	shows(t, a, http.StatusServiceUnavailable, "Nothing that was saved is lost.", "Try again")
	if got := a.header.Get("Retry-After"); got != "10" {
		t.Errorf("come back after %q seconds", got)
	}
}

// TestStoreThatTakesNothing holds that no room, no right and a damaged file are no bare fault, and that
// nobody is told that it ends by itself.
func TestStoreThatTakesNothing(t *testing.T) {
	t.Parallel()
	for _, err := range []error{store.ErrFull, store.ErrReadOnly, store.ErrDamaged} {
		a := loginFails(t, err)
		shows(t, a, http.StatusServiceUnavailable, "We cannot write to our own records.", "was not saved", "Try again")
		hides(t, a, "by itself")
		if a.header.Get("Retry-After") != "60" {
			t.Errorf("%v: come back after %q seconds", err, a.header.Get("Retry-After"))
		}
	}
}

// refused is the page of a refusal, under its own address.
func (h *rig) refused(kind login.Kind) answer {
	h.t.Helper()
	return h.browser().get("/auth?refused=" + strings.ReplaceAll(string(kind), " ", "-"))
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, s, found := strings.Cut(s, from)
	s, _, closed := strings.Cut(s, to)
	if !found || !closed {
		t.Fatalf("nothing stands between %q and %q", from, to)
	}
	return s
}
