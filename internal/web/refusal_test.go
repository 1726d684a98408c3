package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/internal/login"
	"latchkey/internal/store"
	"latchkey/internal/web"
)

// TestEveryRefusalHasAPage fails for a kind that was added without one.
func TestEveryRefusalHasAPage(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	seen := make(map[string]login.Kind)
	for _, kind := range login.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			a := refuse(h, &login.Refusal{Kind: kind})
			if a.status < 400 || a.status >= 500 && a.status != http.StatusBadGateway && a.status != http.StatusServiceUnavailable {
				t.Fatalf("the status is %d", a.status)
			}
			if (a.status == http.StatusServiceUnavailable) != (a.header.Get("Retry-After") != "") {
				t.Errorf("status %d with Retry-After %q", a.status, a.header.Get("Retry-After"))
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
			shows(t, refuse(h, &login.Refusal{Kind: kind, Logged: true}), a.status)
		})
	}
}

// TestFailureOfALoginIsNoRefusal holds that what is not a refusal is told apart, with a way on.
func TestFailureOfALoginIsNoRefusal(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	failure := errors.New("CANARY")
	a := refuse(h, failure)
	shows(t, a, http.StatusInternalServerError, "Something went wrong on our side.", "Try again")
	hides(t, a, "CANARY")
	if err := h.st.Close(); err != nil {
		t.Fatal(err)
	}
	shows(t, refuse(h, failure), http.StatusServiceUnavailable, "Nothing that was saved is lost.", "Try again")
}

// TestStoreKeptByAnotherProgram holds that this is told as a store that is away, though it answers.
func TestStoreKeptByAnotherProgram(t *testing.T) {
	t.Parallel()
	a := refuse(newRig(t, origin), fmt.Errorf("begin a login: %w", store.ErrBusy))
	shows(t, a, http.StatusServiceUnavailable, "Nothing that was saved is lost.", "Try again")
	if a.header.Get("Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
}

// TestStoreThatTakesNothing holds that no room, no right and a damaged file are no bare fault, and that
// nobody is told that it ends by itself.
func TestStoreThatTakesNothing(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	for _, err := range []error{store.ErrFull, store.ErrReadOnly, store.ErrDamaged} {
		a := refuse(h, fmt.Errorf("begin a login: %w", err))
		shows(t, a, http.StatusServiceUnavailable, "We cannot write to our own records.", "was not saved", "Try again")
		hides(t, a, "by itself")
		if a.header.Get("Retry-After") != "60" {
			t.Errorf("%v: come back after %q seconds", err, a.header.Get("Retry-After"))
		}
	}
}

// refuse is the page for an error of a login.
func refuse(h *rig, err error) answer {
	w := httptest.NewRecorder()
	web.Refuse(h.Handler, w, httptest.NewRequest(http.MethodGet, "/auth", http.NoBody), err)
	return answer{status: w.Code, header: w.Header(), body: w.Body.String()}
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
