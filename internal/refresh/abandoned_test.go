package refresh_test

import (
	"context"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
)

// dieInATry is a process that claims a connection by a clock ahead of the others' by so much, has Instagram
// refresh the token, and dies with the answer.
func (h *rig) dieInATry(id string, ahead time.Duration) {
	h.t.Helper()
	ctx := h.t.Context()
	if _, err := h.st.Claim(ctx, id, "dead", h.sim.Now().Add(ahead), 10*time.Minute); err != nil {
		h.t.Fatal(err)
	}
	token, err := h.Vault.OpenForRefresh(h.connection(id))
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Instagram.Refresh(ctx, instagram.Token{Value: token}); err != nil {
		h.t.Fatal(err)
	}
}

// TestADeadHolderIsFollowed holds that a connection is looked at within a minute after the lease of a holder
// that died in a try which nothing but its own clock, or an operator, had called for: the old token may live
// for minutes only. A lease from a clock far ahead is over at once.
func TestADeadHolderIsFollowed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ ahead, lease time.Duration }{
		{0, 10 * time.Minute},
		{9 * time.Minute, 19 * time.Minute},
		{7 * time.Hour, 0},
		{90 * day, 0},
	} {
		t.Run(tt.ahead.String(), func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.set(igsim.Switches{OldTokenDies: true, OldTokenMinutes: int(tt.lease/time.Minute) + 2})
			c := h.connect("studio_north")
			h.pass(3 * day)
			h.dieInATry(c.ID, tt.ahead)
			if tt.lease > 0 {
				h.pass(tt.lease - time.Second)
				if got := h.connection(c.ID); !got.RefreshedAt.IsZero() {
					t.Error("refreshed beside the holder of a lease that runs")
				}
				h.sim.Advance(time.Second)
			}
			h.pass(30 * time.Second)
			h.pass(30 * time.Second)
			if got := h.connection(c.ID); got.RefreshedAt.IsZero() || !h.works(c.ID) {
				t.Errorf("not refreshed: %+v", got)
			}
		})
	}
}

// TestWhatWasOnlyClaimedIsNotTried holds that a connection which a clock ahead made due, and which was not
// tried since the clock is right again, waits for its own time.
func TestWhatWasOnlyClaimedIsNotTried(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(3)
	h.pass(2 * day)
	before := h.sim.Calls(igsim.Refresh)
	ahead := h.clockAhead()
	// The clock is ahead while it is claimed, and right when the work on it begins.
	h.Store = &claimedBy{Store: h.Store, then: func() { ahead.Store(0) }}
	ahead.Store(int64(5*day + 13*time.Hour))
	h.pass(0)
	for range 5 {
		h.pass(11 * time.Minute)
	}
	if n := h.sim.Calls(igsim.Refresh) - before; n != 0 {
		t.Errorf("%d tries of tokens that are not due", n)
	}
}

// claimedBy is a store with which something happens between a claim and the work.
type claimedBy struct {
	refresh.Store
	then func()
}

func (s *claimedBy) ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
	leases, err := s.Store.ClaimDue(ctx, holder, now, term, limit)
	s.then()
	return leases, err
}
