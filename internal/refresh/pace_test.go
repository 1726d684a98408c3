package refresh_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	if _, err := h.st.Claim(t.Context(), c.ID, "b", h.sim.Now(), 10*time.Minute); err != nil {
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
	if got := h.connection(c.ID).Failure; got.Tries != 1 || got.Class != "hold" {
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

// TestSixteenAtOnce holds that sixteen are attended at the same time and no more, so that one that is slow
// keeps nobody else waiting.
func TestSixteenAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 40)
	h.sim.Advance(8 * day)
	h.Clock.Heard(h.sim.Now(), false) // else a single try would go first
	var running, most, arrived atomic.Int64
	all := make(chan struct{})
	h.beforeRefresh(func(ctx context.Context) {
		now := running.Add(1)
		defer running.Add(-1)
		for before := most.Load(); now > before && !most.CompareAndSwap(before, now); before = most.Load() {
		}
		if arrived.Add(1) == 16 {
			close(all)
		}
		select {
		case <-all:
		case <-ctx.Done(): // nobody else comes
		}
	})
	h.sweepWithin(time.Minute)
	if n := most.Load(); n != 16 {
		t.Errorf("%d at once, want 16", n)
	}
}

// partial is a store that breaks down while it claims, or cannot read one connection.
type partial struct {
	refresh.Store
	claims     int // how many of the claimed come with the error; less than none is no error
	unreadable string
}

func (p *partial) ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
	leases, err := p.Store.ClaimDue(ctx, holder, now, term, limit)
	if p.claims < 0 || err != nil {
		return leases, err
	}
	return leases[:min(len(leases), p.claims)], errAway
}

func (p *partial) Connection(ctx context.Context, id string) (store.Connection, error) {
	if id == p.unreadable {
		return store.Connection{}, errAway
	}
	return p.Store.Connection(ctx, id)
}

// TestStoreBreaksDownInAClaim holds that what was claimed until then is attended, and that a sweep which could
// claim nothing has failed.
func TestStoreBreaksDownInAClaim(t *testing.T) {
	t.Parallel()
	for _, claims := range []int{0, 1} {
		h := setup(t)
		c := h.connect("studio_north")
		h.sim.Advance(8 * day)
		h.Store = &partial{Store: h.Store, claims: claims}
		err := h.Sweep(t.Context())
		if refreshed := !h.connection(c.ID).RefreshedAt.IsZero(); refreshed != (claims == 1) || !errors.Is(err, errAway) {
			t.Errorf("%d claimed: refreshed %t, %v", claims, refreshed, err)
		}
	}
}

// TestConnectionThatCannotBeRead holds that its lease stays, so that it is not tried in a circle, and that
// it is told once.
func TestConnectionThatCannotBeRead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(2)[0]
	h.Store = &partial{Store: h.Store, claims: -1, unreadable: c.ID}
	h.week()
	if _, err := h.st.Claim(t.Context(), c.ID, "b", h.sim.Now(), 10*time.Minute); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("its lease was given back: %v", err)
	}
	h.tells(1, "a try broke off")
}

// TestNothingIsToldOfLeases holds that a lease which is given back is not worth a line.
func TestNothingIsToldOfLeases(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connect("studio_north")
	h.Log = slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.week()
	h.tells(1, "refreshed")
	h.tells(0, "a lease was not given back")
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
