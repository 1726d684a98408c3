package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

const (
	// glance is how often it is looked whether the servers are idle.
	glance = 20 * time.Millisecond
	// settleWithin bounds the work of one step.
	settleWithin = 2 * time.Minute
)

// pause waits on the machine's own time.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// step moves time and waits until the servers have done all that is due then.
func (f *fleet) step(ctx context.Context, d time.Duration) error {
	if err := f.advance(d); err != nil {
		return err
	}
	return f.wait(ctx)
}

// advance moves the clocks: Instagram's first, so that no server asks before it could be answered.
func (f *fleet) advance(d time.Duration) error {
	f.offset += d
	f.world.sim.Advance(d)
	var errs []error
	for _, r := range f.replicas {
		errs = append(errs, r.setClock(f.offset))
	}
	return errors.Join(errs...)
}

// wait waits until all servers are idle, starts anew those that were killed, and looks whether
// every answer that a server had is in the store.
func (f *fleet) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, settleWithin, fmt.Errorf("the servers are not idle after %v; see the logs in %s", settleWithin, f.dir))
	defer cancel()
	for idle := false; !idle; {
		if err := pause(ctx, glance); err != nil {
			return context.Cause(ctx)
		}
		idle = true
		for _, r := range f.replicas {
			if !r.alive() {
				if !r.wasEnded() {
					f.finding("server %d ended by itself; see %s", r.index, r.logFile())
				}
				if err := f.revive(ctx, r); err != nil {
					return err
				}
			}
			idle = idle && r.idle(ctx)
		}
	}
	if slices.ContainsFunc(f.replicas, func(r *replica) bool { return r.ahead != 0 }) {
		return nil // a server whose clock is wrong may be at work still; what it has is looked for when it is right
	}
	return f.check(ctx, f.world.unwritten(-1))
}

// revive finds out what a killed server had in hand, and starts it anew.
func (f *fleet) revive(ctx context.Context, r *replica) error {
	if err := r.line.hangUp(ctx); err != nil {
		return err
	}
	for _, p := range f.world.unwritten(r.index) {
		c, err := f.store.Connection(ctx, p.owner.id)
		if err != nil {
			return err
		}
		if !written(c, p) {
			t, ok := f.token(c)
			f.world.interrupt(p, ok && t.Works && outlastsLease(t, f.world.sim.Now()))
		}
	}
	for _, p := range f.world.strayedFrom(r.index) {
		c, err := f.store.Connection(ctx, p.owner.id)
		if err != nil {
			return err
		}
		unsaid := c.TriedAt.Before(p.issued.Add(-clocksApart)) // it died before it could write that the try failed
		held, err := f.held(ctx, c.ID)                         // or then, before it could give the lease back
		if err != nil {
			return err
		}
		if unsaid || held {
			t, ok := f.token(c)
			f.world.interrupt(p, ok && t.Works && outlastsLease(t, f.world.sim.Now()))
		}
	}
	return r.start(ctx)
}

// held says whether a connection is under a lease, which a server that was killed leaves behind.
func (f *fleet) held(ctx context.Context, id string) (bool, error) {
	l, err := f.store.Claim(ctx, id, "soak", f.world.sim.Now(), time.Minute)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		return true, nil
	case err != nil:
		return false, err
	}
	return false, f.store.ReleaseLease(ctx, l)
}

// clocksApart is how far the clocks of servers may be apart that are right.
const clocksApart = 2 * time.Minute

// outlastsLease says that the token still works when the lease of a killed server is over.
func outlastsLease(t igsim.Token, now time.Time) bool {
	return t.Replaced.IsZero() || t.Replaced.Sub(now) >= leaseEnds
}

// written says whether the store has the answer, or what makes it worthless.
func written(c store.Connection, p pending) bool {
	since := c.ConnectedAt.Add(clocksApart)
	return !c.TokenIssuedAt.Before(p.issued) || since.After(p.issued) || c.Status == store.StatusDisconnected
}

// check looks whether answers that living servers had are in the store: a token once had is never
// dropped.
func (f *fleet) check(ctx context.Context, answers []pending) error {
	for _, p := range answers {
		c, err := f.store.Connection(ctx, p.owner.id)
		if err != nil {
			return err
		}
		if !written(c, p) {
			f.finding("dropped: server %d had a token for %s, issued %s, and the store has the one of %s",
				p.replica, p.owner.persona, p.issued.Format(time.DateTime), c.TokenIssuedAt.Format(time.DateTime))
		}
	}
	return nil
}

// shelterStepsAtMost is far more than it takes until the last of some tokens is safe or dead, one of which began
// to die while time went slowly for another.
const shelterStepsAtMost = 200

// shelter lets time go slowly while a stored token is one that Instagram will end within minutes.
func (f *fleet) shelter(ctx context.Context) error {
	for range shelterStepsAtMost {
		left, dying, err := f.dying(ctx)
		if err != nil || !dying {
			return err
		}
		if err := f.step(ctx, slowly(left)); err != nil {
			return err
		}
	}
	f.finding("some token or other is dying for %d steps", shelterStepsAtMost)
	return nil
}

// slowly is how time moves while a stored token has so long to live: a few steps for each thing that has to
// happen in between, and none shorter than the pause between two looks of a server.
func slowly(left time.Duration) time.Duration { return max(left/8, 30*time.Second) }

// dying says how long the stored token has left that dies first, and whether there is one.
func (f *fleet) dying(ctx context.Context) (left time.Duration, dying bool, err error) {
	left = longest
	for _, o := range f.world.dying() {
		c, err := f.store.Connection(ctx, o.id)
		if err != nil {
			return 0, false, err
		}
		if t, ok := f.token(c); ok && t.Works && !t.Replaced.IsZero() {
			left, dying = min(left, t.Replaced.Sub(f.world.sim.Now())), true
		}
	}
	return left, dying, nil
}
