package login_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
)

func TestCallbackUsedBefore(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	if _, err := h.Finish(t.Context(), cb, s.Binding); err != nil {
		t.Fatal(err)
	}
	_, err := h.Finish(t.Context(), cb, s.Binding)
	if r, ok := errors.AsType[*login.Refusal](err); !ok || r.Kind != login.StateUsed {
		t.Errorf("the second time: %v", err)
	}
	if got := h.sim.Calls(igsim.CodeExchange); got != 1 {
		t.Errorf("the code was sent %d times", got)
	}
}

// TestTwinElsewhere is a callback whose twin another process took: at work for as long as a login
// may take, used up after that.
func TestTwinElsewhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ago  time.Duration
		want login.Kind
	}{
		{"a moment ago", time.Second, login.InProgress},
		{"as long as a login may take", 40*time.Second - time.Millisecond, login.InProgress},
		{"longer than that", 40 * time.Second, login.StateUsed},
		{"by a clock that is ahead a little", -40*time.Second + time.Millisecond, login.InProgress},
		{"by a clock that is ahead", -40 * time.Second, login.StateUsed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			now := time.Now().Truncate(time.Millisecond)
			h.Machine = func() time.Time { return now }
			s := h.begin("")
			cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
			twin := elsewhere(h)
			twin.Machine = func() time.Time { return now.Add(-tt.ago) }
			denied := cb
			denied.Code, denied.Error = instagram.Secret{}, "access_denied"
			_, err := twin.Finish(t.Context(), denied, s.Binding)
			kind(t, err, login.Cancelled)
			_, err = h.Finish(t.Context(), cb, s.Binding)
			h.refused(err, tt.want)
			if got := h.sim.Calls(igsim.CodeExchange); got != 0 {
				t.Errorf("the code was sent %d times", got)
			}
		})
	}
}

// elsewhere is another process on the same store.
func elsewhere(h *rig) *login.Flow {
	return &login.Flow{
		Instagram: h.Instagram, Store: h.st, Vault: h.Vault, Log: h.Log, Scopes: h.Scopes, Process: "another process",
	}
}

// TestAnyProcessFinishes begins a login in one process and finishes it in another, once.
func TestAnyProcessFinishes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	c, err := elsewhere(h).Finish(t.Context(), cb, s.Binding)
	if err != nil || c.Username != "studio_north" || !slices.Equal(c.ScopesAsked, allScopes) {
		t.Errorf("connected %+v, %v", c, err)
	}
	_, err = h.Finish(t.Context(), cb, s.Binding)
	kind(t, err, login.InProgress)
	if got := h.sim.Calls(igsim.CodeExchange); got != 1 {
		t.Errorf("the code was sent %d times", got)
	}
}

// TestTwinsAtOnce sends one callback twenty times at once: one exchange, one connection, and the
// others are told that it is under way or done.
func TestTwinsAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	var wg sync.WaitGroup
	results := make(chan error, 20)
	for range cap(results) {
		wg.Go(func() {
			_, err := h.Finish(t.Context(), cb, s.Binding)
			results <- err
		})
	}
	wg.Wait()
	close(results)
	finished := 0
	for err := range results {
		r, ok := errors.AsType[*login.Refusal](err)
		switch {
		case err == nil:
			finished++
		case !ok || r.Kind != login.InProgress && r.Kind != login.StateUsed:
			t.Error(err)
		}
	}
	if finished != 1 || h.sim.Calls(igsim.CodeExchange) != 1 {
		t.Errorf("%d finished with %d exchanges, want one of each", finished, h.sim.Calls(igsim.CodeExchange))
	}
}

// TestBusyForItsOwnBrowserAlone holds that while a callback is at work, its twin is told so, and one in another
// browser that it is another browser.
func TestBusyForItsOwnBrowserAlone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	atWork, goOn := make(chan struct{}), make(chan struct{})
	h.Instagram.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			close(atWork)
			<-goOn
		}
		return http.DefaultTransport.RoundTrip(r)
	})}
	ended := make(chan error, 1)
	go func() {
		_, err := h.Finish(t.Context(), cb, s.Binding)
		ended <- err
	}()
	select {
	case <-atWork:
	case err := <-ended:
		t.Fatalf("it ended before it asked Instagram: %v", err)
	}
	_, err := h.Finish(t.Context(), cb, s.Binding)
	kind(t, err, login.InProgress)
	for _, binding := range []string{"", "A", strings.ToLower(s.Binding)} {
		_, err = h.Finish(t.Context(), cb, binding)
		kind(t, err, login.OtherBrowser)
	}
	close(goOn)
	if err := <-ended; err != nil {
		t.Errorf("the first one: %v", err)
	}
	_, err = h.Finish(t.Context(), cb, s.Binding)
	kind(t, err, login.StateUsed)
}

// TestBrowserLeaves holds that neither the login nor the code is wasted when the browser goes away.
func TestBrowserLeaves(t *testing.T) {
	t.Parallel()
	for name, early := range map[string]bool{"before the login is taken": true, "while the code is exchanged": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			s := h.begin("")
			cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			if early {
				leave()
			}
			h.Instagram.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				leave()
				return http.DefaultTransport.RoundTrip(r)
			})}
			if _, err := h.Finish(ctx, cb, s.Binding); err != nil {
				t.Errorf("the login was given up: %v", err)
			}
		})
	}
}
