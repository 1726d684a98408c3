package refresh_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

// sweepWithin sweeps, and fails when that does not come to an end.
func (h *rig) sweepWithin(d time.Duration) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), d)
	defer cancel()
	if err := h.Sweep(ctx); err != nil {
		h.t.Fatalf("sweep: %v", err)
	}
}

// clones adds n connections with copies of a token, without a login each.
func (h *rig) clones(of store.Connection, n int) {
	h.t.Helper()
	token, err := h.Vault.OpenForRefresh(of)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := range n {
		c := of
		c.ID = fmt.Sprintf("clone%04d", i)
		if c.SealedToken, err = h.Vault.Seal(c.ID, token); err != nil {
			h.t.Fatal(err)
		}
		if _, err := h.st.PutConnection(h.t.Context(), c, store.Event{ConnectionID: c.ID}); err != nil {
			h.t.Fatal(err)
		}
	}
}

// TestClockRunsBackInASweep holds that a sweep ends when the clock says in the middle of it that
// nothing is due any more.
func TestClockRunsBackInASweep(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 200)
	h.Instagram.OnDate = nil // with Instagram's time the sweep would go on
	h.sim.Advance(8 * day)
	var back atomic.Bool
	h.Clock.Now = func() time.Time {
		if back.Load() {
			return h.sim.Now().Add(-3 * day)
		}
		return h.sim.Now()
	}
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		back.Store(true)
		h.sim.ServeHTTP(w, r)
	})
	h.sweepWithin(20 * time.Second)
	if n := h.sim.Calls(igsim.Refresh); n > 100 {
		t.Errorf("%d calls", n)
	}
}

// TestClockFarAhead holds that a clock by which every token is old does not ask for a token again and
// again.
func TestClockFarAhead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connect("studio_north")
	h.Clock.Now = func() time.Time { return h.sim.Now().Add(40 * day) }
	h.sim.Advance(2 * day)
	for range 3 {
		h.sweepWithin(20 * time.Second)
	}
	if n := h.sim.Calls(igsim.Refresh); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

// TestWaitingAnswers holds that connections of which an answer waits to be written keep no sweep
// going round.
func TestWaitingAnswers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	o := &outage{Store: h.Store, away: true}
	h.Store = o
	h.clones(h.connect("studio_north"), 200)
	h.sim.Advance(8 * day)
	h.sweepWithin(30 * time.Second)
	asked := h.sim.Calls(igsim.Refresh)
	h.sim.Advance(15 * time.Minute)
	h.sweepWithin(30 * time.Second)
	if n := h.sim.Calls(igsim.Refresh); n != asked {
		t.Errorf("%d more calls with a token that may be dead", n-asked)
	}
}

// TestNothingToRefresh holds that a connection which has a due time and no token does not keep a sweep
// going round.
func TestNothingToRefresh(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	for i := range 200 {
		c.ID, c.SealedToken = fmt.Sprintf("clone%04d", i), nil
		if _, err := h.st.PutConnection(t.Context(), c, store.Event{ConnectionID: c.ID}); err != nil {
			t.Fatal(err)
		}
	}
	h.sim.Advance(8 * day)
	h.sweepWithin(20 * time.Second)
}

// TestLongSweep holds that a sweep over many connections does not put off what a sweep does besides,
// such as to record that somebody looks.
func TestLongSweep(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 600)
	h.pass(0)
	recorded, err := h.st.LastSweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.sim.Advance(8 * day)
	var calls, looked atomic.Int64
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 550 {
			if at, err := h.st.LastSweep(r.Context()); err == nil && at.After(recorded) {
				looked.Add(1)
			}
		}
		h.sim.ServeHTTP(w, r)
	})
	h.sweepWithin(time.Minute)
	if calls.Load() < 600 || looked.Load() != 1 {
		t.Errorf("%d calls; after 550 of them the record said %d times that somebody looks", calls.Load(), looked.Load())
	}
}

// TestLongHold holds that a wait of a whole day is kept, and that one by a clock that ran ahead is not.
func TestLongHold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 200)
	h.Instagram.OnDate = nil // by Instagram's time the clock would not matter
	h.sim.Advance(8 * day)
	var calls atomic.Int64
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) != 1 { // one is no alarm
			h.sim.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", "172800")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"message":"(#4) Application request limit reached","type":"OAuthException","code":4}}`)
	})
	ahead := 2 * day
	h.Clock.Now = func() time.Time { return h.sim.Now().Add(ahead) }
	h.sweepWithin(time.Minute)
	before := calls.Load()
	if before > 100 {
		t.Errorf("%d calls against the limit", before)
	}
	h.sim.Advance(23 * time.Hour)
	h.sweepWithin(time.Minute)
	if n := calls.Load() - before; n > 0 {
		t.Errorf("%d calls within the day", n)
	}
	ahead = 0 // the clock is right again
	h.sweepWithin(time.Minute)
	if calls.Load() == before {
		t.Error("a hold of the future is obeyed")
	}
}

// TestStopGivesBack holds that a process which stops leaves at once what it did not come to.
func TestStopGivesBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 100)
	h.sim.Advance(8 * day)
	ctx, stop := context.WithCancel(t.Context())
	h.beforeRefresh(func(context.Context) { stop() })
	h.Run(ctx)
	left, err := h.st.ClaimDue(t.Context(), "b", h.sim.Now(), 10*time.Minute, 1000)
	if err != nil || len(left)+h.sim.Calls(igsim.Refresh) != 101 {
		t.Errorf("%d were asked for and %d can be claimed, of 101; %v", h.sim.Calls(igsim.Refresh), len(left), err)
	}
}
