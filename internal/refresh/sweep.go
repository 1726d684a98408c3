package refresh

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/internal/metrics"
	"latchkey/internal/panics"
	"latchkey/internal/store"
	"latchkey/internal/tracing"
	"latchkey/internal/vault"
)

// claimsPerRound is how often a round claims, so that a sweep of many connections does in between
// what it does at its beginning and its end.
const claimsPerRound = 4

// Sweep looks once: it writes what earlier answers left on disk, and then attends every connection
// that is due, each in turn. One that fails does not keep the others waiting. While the app's alarm
// lasts, it only probes. An error means that the store does not answer, or that ctx ended; what was
// done until then stays.
func (k *Keeper) Sweep(ctx context.Context) error {
	k.prepare.Do(k.setUp)
	k.sweeping.Lock()
	defer k.sweeping.Unlock()
	ctx, ended := tracing.Step(ctx, "sweep")
	more, err := true, error(nil)
	for more && err == nil {
		more, err = k.round(ctx)
	}
	ended(outcomeOf(err))
	return err
}

// round is a sweep over so many connections, and says whether there may be more.
func (k *Keeper) round(ctx context.Context) (more bool, err error) {
	begun := time.Now()
	k.settle(ctx)
	k.checkClock(ctx)
	open, err := k.closed(ctx)
	if err != nil {
		return false, err
	}
	if open {
		if more, err = k.attendDue(ctx); err != nil {
			return false, err
		}
	}
	if err := k.healClock(ctx); err != nil {
		return false, err
	}
	// Its holder may have died with the only new token in hand, while the old one lives for minutes.
	if _, err := k.Store.MakeAbandonedDue(ctx, k.Now(), leaseTerm); err != nil {
		return false, fmt.Errorf("make due what was abandoned: %w", err)
	}
	if err := k.reviewOperatorAlarm(ctx); err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	now := k.Now() // not that of the beginning, by a clock that may have turned out to be wrong
	if err := k.Store.RecordSweep(ctx, now); err != nil {
		return false, fmt.Errorf("record the sweep: %w", err)
	}
	k.Metrics.Swept(now, time.Since(begun))
	return more, nil
}

// claimed is a lease and when, on the machine's own time, it was had.
type claimed struct {
	lease store.Lease
	at    time.Time
}

// outlastsCall says whether the lease can be trusted at now until a call is over.
func (c claimed) outlastsCall(now time.Time) bool { return now.Sub(c.at) <= trust-callWithin }

// attendDue claims what is due and hands it to workers, until the round is over, nothing is due or
// all have to wait. It says whether more may be due.
func (k *Keeper) attendDue(ctx context.Context) (more bool, err error) {
	work := make(chan claimed)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for c := range work {
				k.attendSafely(ctx, c)
			}
		})
	}
	more, err = k.claimRound(ctx, work)
	close(work)
	workers.Wait()
	return more, err
}

// claimRound asks for the time anew at each claim: by a clock that has run back since, nothing may
// be due any more. While our clock is in doubt, a single try goes first, for the Date of its answer.
func (k *Keeper) claimRound(ctx context.Context, work chan<- claimed) (more bool, err error) {
	for i := range claimsPerRound {
		if ctx.Err() != nil || k.stopped.Load() || k.waits() {
			return false, ctx.Err()
		}
		at, limit := time.Now(), perClaim
		alone := i == 0 && k.Clock.Doubted()
		if alone {
			limit = 1
		}
		leases, err := k.Store.ClaimDue(ctx, k.Holder, k.Now(), leaseTerm, limit)
		if err != nil && len(leases) == 0 {
			return false, fmt.Errorf("claim what is due: %w", err)
		}
		for _, l := range leases {
			if alone {
				k.attendSafely(ctx, claimed{l, at})
				continue
			}
			select {
			case work <- claimed{l, at}:
			case <-ctx.Done():
				k.release(ctx, l)
			}
		}
		if len(leases) == 0 {
			return false, nil
		}
	}
	return true, ctx.Err()
}

// attendSafely makes of a panic one failed try. Its lease stays, so that what panics is not tried in a
// circle.
func (k *Keeper) attendSafely(ctx context.Context, c claimed) {
	if err := panics.Catch(func() { k.attend(ctx, c) }); err != nil {
		k.Metrics.Refreshed(metrics.Failed)
		k.Log.ErrorContext(ctx, "a try panicked, which is a fault of this program: please report it; it is made again when its lease ends",
			"connection", c.lease.ConnectionID, "error", err)
	}
}

// attend works on one connection under its lease.
func (k *Keeper) attend(ctx context.Context, c claimed) {
	if ctx.Err() != nil || k.stopped.Load() || k.waits() {
		k.release(ctx, c.lease)
		return
	}
	id := c.lease.ConnectionID
	conn, err := k.Store.Connection(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return // erased since it was claimed
	}
	if err != nil {
		k.broken(ctx, c.lease, fmt.Errorf("read it: %w", err))
		return
	}
	if k.Spill.Has(id) || conn.SealedToken == nil {
		return // its lease stays: given back, it might be claimed again at once, and so on for ever
	}
	if !due(conn, k.Now()) { // somebody wrote, or the clock was put right, since it was claimed
		k.release(ctx, c.lease)
		return
	}
	t := &attempt{Keeper: k, claimed: c, caller: vault.CallerRefresh, read: conn}
	if _, err := t.run(ctx); err != nil {
		k.broken(ctx, t.claimed.lease, err)
		return
	}
	k.release(ctx, t.claimed.lease)
}

// broken ends a try that failed at something of ours. Its lease stays, so that it is not made again
// at once; but a process that stops leaves the connection to the others, unless it has an answer for
// it already.
func (k *Keeper) broken(ctx context.Context, l store.Lease, err error) {
	id := l.ConnectionID
	switch {
	case k.Spill.Has(id): // which was told
	case ctx.Err() != nil:
		k.release(ctx, l)
	default:
		k.Metrics.Refreshed(metrics.Failed)
		k.Log.WarnContext(ctx, "a try broke off; it is made again when its lease ends", "connection", id, "error", err)
	}
}

// release gives a lease back. One that cannot be given back ends by itself.
func (k *Keeper) release(ctx context.Context, l store.Lease) {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), k.giveBackBy(ctx))
	defer cancel()
	err := k.Store.ReleaseLease(ctx, l)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		k.Metrics.LeaseLost()
	case err != nil:
		k.Log.DebugContext(ctx, "a lease was not given back", "connection", l.ConnectionID, "error", err)
	}
}

// giveBackWithin is how long a process that stops goes on giving back leases, all of them together:
// a store that is away would take its time for each.
const giveBackWithin = 500 * time.Millisecond

func (k *Keeper) giveBackBy(ctx context.Context) time.Time {
	if ctx.Err() == nil {
		return time.Now().Add(writeWithin)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.leaveBy.IsZero() {
		k.leaveBy = time.Now().Add(giveBackWithin)
	}
	return k.leaveBy
}

const (
	// appHold is how long the whole app waits when it has used up its calls, and longestHold as far as a
	// hold reaches, whatever Instagram asks for.
	appHold     = time.Hour
	longestHold = 24 * time.Hour
)

// hold keeps the whole app from calling for a time.
func (k *Keeper) hold(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held = later(k.held, k.Now().Add(min(d, longestHold)))
}

// waits says whether the app is held. A hold that reaches too far is one of a clock that ran ahead;
// a minute is what a clock may be set back by.
func (k *Keeper) waits() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	left := k.held.Sub(k.Now())
	if left > longestHold+time.Minute {
		k.held = time.Time{}
	}
	return left > 0 && !k.held.IsZero()
}
