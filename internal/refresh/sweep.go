package refresh

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/tracing"
	"latchkey/internal/vault"
)

// Sweep looks once: it writes what earlier answers left on disk, and then attends every connection
// that is due, each in turn. One that fails does not keep the others waiting. While the app's alarm
// lasts, it only probes. An error means that the store does not answer, or that ctx ended; what was
// done until then stays.
func (k *Keeper) Sweep(ctx context.Context) error {
	k.prepare.Do(k.setUp)
	k.sweeping.Lock()
	defer k.sweeping.Unlock()
	ctx, ended := tracing.Step(ctx, "sweep")
	err := k.sweep(ctx)
	ended(outcomeOf(err))
	return err
}

func (k *Keeper) sweep(ctx context.Context) error {
	now, begun := k.Now(), time.Now()
	k.settle(ctx)
	open, err := k.passAlarm(ctx)
	if err != nil {
		return err
	}
	if open && !k.waits(now) {
		if err := k.attendDue(ctx, now); err != nil {
			return err
		}
	}
	if err := k.reviewOperatorAlarm(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := k.Store.RecordSweep(ctx, now); err != nil {
		return fmt.Errorf("record the sweep: %w", err)
	}
	k.Metrics.Swept(now, time.Since(begun))
	return nil
}

// claimed is a lease and when, on the machine's own time, it was had.
type claimed struct {
	lease store.Lease
	at    time.Time
}

// attendDue claims what is due and hands it to workers, until nothing is due or the alarm is raised.
func (k *Keeper) attendDue(ctx context.Context, now time.Time) error {
	work := make(chan claimed)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for c := range work {
				k.attend(ctx, c)
			}
		})
	}
	err := k.claimAll(ctx, now, work)
	close(work)
	workers.Wait()
	return err
}

func (k *Keeper) claimAll(ctx context.Context, now time.Time, work chan<- claimed) error {
	for ctx.Err() == nil && !k.stopped.Load() && !k.waits(now) {
		at := time.Now()
		leases, err := k.Store.ClaimDue(ctx, k.Holder, now, leaseTerm, perClaim)
		if err != nil && len(leases) == 0 {
			return fmt.Errorf("claim what is due: %w", err)
		}
		for _, l := range leases {
			select {
			case work <- claimed{l, at}:
			case <-ctx.Done():
				k.release(ctx, l)
			}
		}
		if len(leases) == 0 {
			return nil
		}
	}
	return ctx.Err()
}

// attend works on one connection under its lease. What went wrong in the store keeps its lease, so
// that it is not tried again before the lease ends.
func (k *Keeper) attend(ctx context.Context, c claimed) {
	id := c.lease.ConnectionID
	conn, err := k.Store.Connection(ctx, id)
	if err != nil {
		if ctx.Err() == nil {
			k.Log.WarnContext(ctx, "a due connection cannot be read", "connection", id, "error", err)
		}
		return
	}
	now := k.Now()
	if !due(conn, now) || k.Spill.Has(id) || ctx.Err() != nil || k.stopped.Load() || k.waits(now) {
		k.release(ctx, c.lease)
		return
	}
	t := &try{Keeper: k, claimed: c, caller: vault.CallerRefresh, read: conn}
	if _, err := t.run(ctx); err != nil {
		k.broken(ctx, id, err)
		return
	}
	k.release(ctx, t.claimed.lease)
}

// broken tells of a try that failed at something of ours. Its lease ends by itself.
func (k *Keeper) broken(ctx context.Context, id string, err error) {
	if ctx.Err() != nil {
		return
	}
	k.Metrics.Refreshed(metrics.Failed)
	k.Log.WarnContext(ctx, "a try broke off; it is made again when its lease ends", "connection", id, "error", err)
}

// release gives a lease back. One that cannot be given back ends by itself.
func (k *Keeper) release(ctx context.Context, l store.Lease) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeWithin)
	defer cancel()
	err := k.Store.ReleaseLease(ctx, l)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		k.Metrics.LeaseLost()
	case err != nil:
		k.Log.DebugContext(ctx, "a lease was not given back", "connection", l.ConnectionID, "error", err)
	}
}

// hold keeps the whole app from calling until a moment. A sweep that began under it attends nobody.
func (k *Keeper) hold(until time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held = later(k.held, until)
}

// longestHold is as far as a hold reaches, by an answer and by the clock.
const longestHold = 24 * time.Hour

// waits says whether the app is held at now. A hold of the far future is one of a clock that ran
// ahead.
func (k *Keeper) waits(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.held.Sub(now) > longestHold {
		k.held = time.Time{}
	}
	return now.Before(k.held)
}
