package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// asideWithin is how long servers have, on the machine's own time, to put aside what the store
	// does not take: they wait for it first.
	asideWithin = time.Minute
	// halfCut is half of the hour for which the store is away.
	halfCut = 30 * time.Minute
	// restartWithin bounds the start of a server whose store is away at first.
	restartWithin = 90 * time.Second
)

// cutOff keeps the store away for an hour that begins while answers are in flight. With restart,
// the server that had them is stopped in the middle of it and started again.
func (f *fleet) cutOff(ctx context.Context, every time.Duration, restart bool) error {
	began, err := f.beginCut(ctx, every)
	if err != nil || !began {
		return errors.Join(err, f.wait(ctx))
	}
	holders := f.putAside(ctx)
	if err := f.advance(halfCut); err != nil {
		return err
	}
	back := make(chan error, 1)
	if restart && len(holders) > 0 {
		r := f.replicas[holders[0]]
		if err := r.stop(); err != nil {
			f.finding("%v", err)
		}
		go func() { back <- r.insist(ctx) }()
	} else {
		back <- nil
	}
	if err := errors.Join(pause(ctx, time.Second), f.advance(halfCut), pause(ctx, time.Second)); err != nil {
		return err
	}
	if err := errors.Join(f.outage.end(), <-back); err != nil {
		return err
	}
	f.cut.Store(false)
	return f.step(ctx, time.Minute)
}

// beginCut moves time until an answer comes that the store will not take any more.
func (f *fleet) beginCut(ctx context.Context, every time.Duration) (bool, error) {
	f.killer.disarm()
	f.asideBefore = f.aside(ctx)
	f.cutting.Store(true)
	for range 8 {
		if err := f.advance(every); err != nil {
			return false, err
		}
		for idle := false; !idle; {
			if err := pause(ctx, glance); err != nil {
				return false, err
			}
			idle = true
			for _, r := range f.replicas {
				idle = idle && r.idle(ctx)
			}
			if f.cut.Load() {
				return true, nil
			}
		}
	}
	f.cutting.Store(false)
	f.finding("the store could not be cut off: nothing was due for so long")
	return false, nil
}

// putAside waits until every answer of which the store has nothing is in a spill, and says which
// servers hold some.
func (f *fleet) putAside(ctx context.Context) (holders []int) {
	deadline := time.Now().Add(asideWithin)
	for {
		holders = f.waiting(ctx)
		aside := f.aside(ctx) - f.asideBefore
		if aside >= float64(len(holders)) {
			f.say("the store is away: %d answers were put aside", len(holders))
			return holders
		}
		if time.Now().After(deadline) || pause(ctx, 100*time.Millisecond) != nil {
			f.finding("the store is away: of %d answers %v were put aside", len(holders), aside)
			return holders
		}
	}
}

// aside is how many answers the servers that run have put aside since they were started.
func (f *fleet) aside(ctx context.Context) (sum float64) {
	for _, r := range f.replicas {
		if n, err := r.metric(ctx, `latchkey_refresh_total{outcome="spilled"}`); err == nil {
			sum += n
		}
	}
	return sum
}

// waiting says for each answer that is not in the store which server had it.
func (f *fleet) waiting(ctx context.Context) (servers []int) {
	for _, p := range f.world.heard() {
		c, err := f.store.Connection(ctx, p.owner.id)
		if err == nil && !written(c, p) {
			servers = append(servers, p.replica)
		}
	}
	return servers
}

// insist starts the server until it stays, as whoever looks after it would.
func (r *replica) insist(ctx context.Context) error {
	deadline := time.Now().Add(restartWithin)
	for {
		err := r.start(ctx)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		if err := pause(ctx, 500*time.Millisecond); err != nil {
			return fmt.Errorf("start server %d again: %w", r.index, err)
		}
	}
}
