package refresh_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
)

// TestPace holds that calls go out slowly when Instagram says that the app has used most of what it
// may, and that refreshes go on all the same.
func TestPace(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	usual, err := h.Limit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.set(igsim.Switches{Usage: "app", UsagePercent: 95})
	h.week()
	if got := h.connection(c.ID); got.RefreshedAt.IsZero() || got.Status != store.StatusActive {
		t.Errorf("became %+v", got)
	}
	slow, err := h.Limit(t.Context())
	if err != nil || slow > usual/50 {
		t.Errorf("%v calls a second at 95 %%, %v before, %v", slow, usual, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	calls := 0
	for ; err == nil; calls++ {
		_, err = h.Limit(ctx) // fails at once when its turn comes after the deadline
	}
	if calls > 70 {
		t.Errorf("%d calls at once", calls)
	}
}

// TestStop holds that an order to stop lets the call in hand end, and its answer be written.
func TestStop(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.set(igsim.Switches{OldTokenDies: true})
	ctx, stop := context.WithCancel(t.Context())
	h.beforeRefresh(func(context.Context) { stop() })
	h.sim.Advance(8 * day)
	h.Run(ctx)
	if got := h.connection(c.ID); got.RefreshedAt.IsZero() || !h.works(c.ID) {
		t.Errorf("became %+v", got)
	}
	if _, err := h.st.Claim(t.Context(), c.ID, "b", h.sim.Now(), time.Minute); err != nil {
		t.Errorf("the lease was not given back: %v", err)
	}
}

// TestRefusalAfterTheStop holds that what Instagram says after the order to stop counts as ever: it is
// written down, and not taken for a call that was given up.
func TestRefusalAfterTheStop(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	ctx, stop := context.WithCancel(t.Context())
	h.beforeRefresh(func(context.Context) { stop() })
	h.fail(igsim.Refresh, 1, igsim.Fault{Code: 368})
	h.sim.Advance(8 * day)
	h.Run(ctx)
	if got := h.connection(c.ID).Trouble; got.Tries != 1 || got.Class != "hold" {
		t.Errorf("trouble %+v", got)
	}
	if strings.Contains(h.log.String(), "given up") {
		t.Errorf("told as given up:\n%s", h.log)
	}
}

// TestStoreAway holds that a store that does not answer is told once, and that all goes on when it does.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(8 * day)
	ctx, stop := context.WithCancel(t.Context())
	away := &closed{Store: h.Store, until: 3}
	h.Store = away
	h.beforeRefresh(func(context.Context) { stop() })
	away.again = func() { h.sim.Advance(time.Hour) } // a jump, so that it looks again at once
	h.Run(ctx)
	if got := h.connection(c.ID); got.RefreshedAt.IsZero() {
		t.Errorf("became %+v", got)
	}
	if n := strings.Count(h.log.String(), "cannot be looked after"); n != 1 {
		t.Errorf("told %d times:\n%s", n, h.log)
	}
}

// TestStoreComesBack holds that the log tells once that a store is away and once that it is back, and that a
// stop is neither.
func TestStoreComesBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	away := &closed{Store: h.Store, until: 3}
	h.Store = away
	away.again = func() { h.sim.Advance(time.Hour) } // a jump, so that it looks again at once
	sweeps := &sweeps{Store: h.Store, then: func(n int) {
		if away.again(); n == 3 {
			stop()
		}
	}}
	h.Store = sweeps
	h.Run(ctx)
	for _, says := range []string{"cannot be looked after", "are looked after again"} {
		if n := strings.Count(h.log.String(), says); n != 1 {
			t.Errorf("told %d times that tokens %s:\n%s", n, says, h.log)
		}
	}
}

// sweeps is a store that says when a sweep is at its end, and how many were.
type sweeps struct {
	refresh.Store
	n    int
	then func(n int)
}

func (s *sweeps) RecordSweep(ctx context.Context, at time.Time) error {
	s.n++
	s.then(s.n)
	return s.Store.RecordSweep(ctx, at)
}

// closed is a store that answers nothing the first few times that it is asked for alarms.
type closed struct {
	refresh.Store
	until, asked int
	again        func()
}

func (c *closed) Alarms(ctx context.Context) ([]store.Alarm, error) {
	if c.asked++; c.asked <= c.until {
		c.again()
		return nil, errAway
	}
	return c.Store.Alarms(ctx)
}

// giving records until when each lease may be given back.
type giving struct {
	refresh.Store
	mu    sync.Mutex
	until []time.Time
}

func (g *giving) ReleaseLease(ctx context.Context, l store.Lease) error {
	until, _ := ctx.Deadline()
	g.mu.Lock()
	g.until = append(g.until, until)
	g.mu.Unlock()
	return g.Store.ReleaseLease(ctx, l)
}

// TestStopWithManyLeases holds that at a stop all leases together have one deadline, since a store
// that is away would use up that of each.
func TestStopWithManyLeases(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(60)
	g := &giving{Store: h.Store}
	h.Store = g
	ctx, stop := context.WithCancel(t.Context())
	h.beforeRefresh(func(context.Context) { stop() })
	h.sim.Advance(8 * day)
	h.Clock.Heard(h.sim.Now(), false) // else a single try would go first
	h.Run(ctx)
	if len(g.until) < 40 {
		t.Fatalf("%d leases were given back", len(g.until))
	}
	last := slices.MaxFunc(g.until, time.Time.Compare)
	shared := 0
	for _, until := range g.until {
		if until.Equal(last) {
			shared++
		}
	}
	if left := len(g.until) - shared; left > 16 { // those at work when the order came may be before it
		t.Errorf("%d of %d leases had a deadline of their own", left, len(g.until))
	}
}
