package refresh

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

const (
	// provenBy is how many probes in a row must work until everybody is tried again.
	provenBy = 2
	// firstProbe and longestProbe are how far apart probes lie: the longer the alarm lasts, the farther.
	firstProbe   = 5 * time.Minute
	longestProbe = time.Hour
)

// closed says whether everybody may be tried: there is no alarm, or its probes have just ended it.
func (k *Keeper) closed(ctx context.Context) (bool, error) {
	a, err := k.alarm(ctx, store.AlarmApp)
	if err != nil {
		return false, err
	}
	if a.Lasts() && !k.waits() {
		k.stopped.Store(true)
		if a, err = k.probe(ctx, a); err != nil {
			return false, err
		}
	}
	k.stopped.Store(a.Lasts())
	return !a.Lasts(), nil
}

// probe tries single connections when it is time, one process for all.
func (k *Keeper) probe(ctx context.Context, a store.Alarm) (store.Alarm, error) {
	now := k.Now()
	if probesLater(a, now) {
		return a, nil
	}
	a.ProbeAt = nextProbe(a, now)
	for {
		written, err := k.Store.PutAlarm(ctx, a)
		if err != nil {
			return a, unlessConflict(err) // another process probes
		}
		a = written
		if a.Worked >= provenBy {
			if err := k.clear(ctx, a); err != nil {
				return a, err
			}
			return k.alarm(ctx, a.Kind)
		}
		worked, err := k.probeOne(ctx)
		if err != nil {
			return a, err
		}
		if !worked {
			break
		}
		a.Worked++
	}
	if a.Worked == 0 {
		return a, nil
	}
	a.Worked = 0
	_, err := k.Store.PutAlarm(ctx, a)
	return a, unlessConflict(err)
}

// probesLater says whether a probe is still to come at now. One that is far away was put off by a clock
// that ran ahead, and is made now.
func probesLater(a store.Alarm, now time.Time) bool {
	wait := a.ProbeAt.Sub(now)
	return wait > 0 && wait <= 2*longestProbe
}

// nextProbe is when the probe after one at now is made.
func nextProbe(a store.Alarm, now time.Time) time.Time {
	return now.Add(min(max(now.Sub(a.RaisedAt)/4, firstProbe), longestProbe))
}

// probeResult is what a probe says about the app.
type probeResult int

const (
	// saysNothing is a probe that says nothing about the app.
	saysNothing probeResult = iota
	works
	refuses
)

// probeOne tries one connection that is due as ever. Where that says nothing about the app, one of
// two others has to work that had no trouble.
func (k *Keeper) probeOne(ctx context.Context) (worked bool, err error) {
	id, said, err := k.probeDue(ctx)
	if err != nil || said != saysNothing {
		return said == works, err
	}
	others, err := k.others(ctx, id, askedOthers)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		if !other.Failure.IsZero() || k.waits() {
			break
		}
		if f, err := k.checkOther(ctx, other); err != nil || f == nil {
			return err == nil, err
		}
	}
	return false, nil
}

// probeDue tries the connection that is due for longest, and returns its id; none is silence.
func (k *Keeper) probeDue(ctx context.Context) (id string, said probeResult, err error) {
	at := time.Now()
	leases, err := k.Store.ClaimDue(ctx, k.Holder, k.Now(), leaseTerm, 1)
	if len(leases) == 0 {
		return "", saysNothing, err
	}
	l := leases[0]
	c, err := k.Store.Connection(ctx, l.ConnectionID)
	if errors.Is(err, store.ErrNotFound) {
		return "", saysNothing, nil // erased since it was claimed
	}
	now := k.Now()
	if err != nil || !due(c, now) || tooYoung(c, now) || k.Spill.Has(c.ID) {
		return c.ID, saysNothing, err
	}
	t := &attempt{Keeper: k, claimed: claimed{l, at}, caller: vault.CallerRefresh, read: c, probing: true}
	if said, err = t.probe(ctx); err != nil {
		return c.ID, saysNothing, err
	}
	k.release(ctx, t.claimed.lease)
	return c.ID, said, nil
}

// probe tries, and says what that proves. An owner whose token works nowhere says nothing about the
// app; one whose token works at /me and is not refreshed does.
func (t *attempt) probe(ctx context.Context) (probeResult, error) {
	r, err := t.run(ctx)
	switch {
	case err != nil:
		return saysNothing, err
	case r.failure == nil:
		return works, nil
	case r.failure.cause == store.CauseSealed:
		return saysNothing, nil
	case !r.failure.asksForOwner():
		return refuses, nil
	}
	token, err := t.Vault.OpenForRefresh(t.read)
	if err != nil {
		return saysNothing, err
	}
	f, err := t.me(ctx, token)
	if err != nil || f.asksForOwner() {
		return saysNothing, err
	}
	return refuses, nil
}
