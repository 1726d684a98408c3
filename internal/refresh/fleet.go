package refresh

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

const (
	// window is how far back failures are counted together.
	window = 24 * time.Hour
	// fewest is how many connections must have turned bad alike, at least, and oneIn which part of
	// those tried, until it is the app.
	fewest = 5
	oneIn  = 5
	// provenBy is how many probes in a row must work until everybody is tried again.
	provenBy = 2

	firstProbe   = 5 * time.Minute
	longestProbe = time.Hour
)

// suspect counts, in the store, what failed alike lately. It raises the alarm of the app when it is
// too much for single owners, and the operator's for what only the operator can mend.
//
// again says that the last try failed alike: one odd answer is not worth the operator's attention.
func (k *Keeper) suspect(ctx context.Context, f failure, again bool) error {
	if !f.suspicious() || f.cause == "" {
		return nil
	}
	app, err := k.alarm(ctx, store.AlarmApp)
	if err != nil {
		return err
	}
	now := k.Now()
	since := now.Add(-window)
	if !app.ClearedAt.After(now) { // by a clock that ran ahead it may be
		since = later(since, app.ClearedAt)
	}
	tally, err := k.Store.Tally(ctx, string(f.cause), since)
	if err != nil {
		return fmt.Errorf("count what failed alike: %w", err)
	}
	switch {
	case f.cause != store.CauseSealed && tally.Alike >= fewest && tally.Alike*oneIn >= tally.Tried:
		return k.raise(ctx, store.AlarmApp, f)
	case f.class == instagram.ClassOperator && again:
		return k.raise(ctx, store.AlarmOperator, f)
	}
	return nil
}

// alarm returns the alarm of a kind; one that was never raised is zero but for its kind.
func (k *Keeper) alarm(ctx context.Context, kind store.AlarmKind) (store.Alarm, error) {
	all, err := k.Store.Alarms(ctx)
	if err != nil {
		return store.Alarm{}, fmt.Errorf("read the alarms: %w", err)
	}
	for _, a := range all {
		if a.Kind == kind {
			return a, nil
		}
	}
	return store.Alarm{Kind: kind}, nil
}

// raise raises an alarm, once for all processes. With the app's, this process stops at once; the
// others stop when they next look.
func (k *Keeper) raise(ctx context.Context, kind store.AlarmKind, f failure) error {
	a, err := k.alarm(ctx, kind)
	if err != nil {
		return err
	}
	if kind == store.AlarmApp {
		k.stopped.Store(true)
	}
	if a.Lasts() {
		return nil
	}
	now := k.Now()
	raised := store.Alarm{
		Kind: kind, RaisedAt: now, Class: string(f.class), Cause: string(f.cause), Message: f.literal, Version: a.Version,
	}
	if kind == store.AlarmApp {
		raised.ProbeAt = now.Add(firstProbe)
	}
	event := store.Event{At: now, Kind: store.EventAlarmRaised, Caller: string(vault.CallerRefresh), Message: string(kind) + ": " + f.String()}
	if _, err := k.Store.PutAlarm(ctx, raised, event); err != nil {
		return unlessConflict(err) // another process was faster
	}
	k.Log.WarnContext(ctx, alarmText(kind), "alarm", string(kind), "literal", f.literal, "advice", f.advice(), "error", f.err)
	return nil
}

func alarmText(kind store.AlarmKind) string {
	if kind == store.AlarmApp {
		return "Instagram refuses the app, not single owners: refreshing stops, and is probed until it works again"
	}
	return "a connection fails for something that only the operator can mend"
}

// clear ends an alarm, once for all processes.
func (k *Keeper) clear(ctx context.Context, a store.Alarm) error {
	now := k.Now()
	a.ClearedAt, a.ProbeAt, a.ToldAt = now, time.Time{}, time.Time{}
	event := store.Event{At: now, Kind: store.EventAlarmCleared, Caller: string(vault.CallerRefresh), Message: string(a.Kind)}
	if _, err := k.Store.PutAlarm(ctx, a, event); err != nil {
		return unlessConflict(err)
	}
	k.Log.InfoContext(ctx, "the alarm is over", "alarm", string(a.Kind), "lasted", now.Sub(a.RaisedAt).String())
	return nil
}

// passAlarm says whether everybody may be tried: there is no alarm, or its probes have just ended it.
func (k *Keeper) passAlarm(ctx context.Context) (bool, error) {
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
	if wait := a.ProbeAt.Sub(now); wait > 0 && wait <= 2*longestProbe { // more is a clock that ran ahead
		return a, nil
	}
	a.ProbeAt = now.Add(min(max(now.Sub(a.RaisedAt)/4, firstProbe), longestProbe))
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

// proof is what a probe says about the app.
type proof int

const (
	// silent is a probe that says nothing about the app.
	silent proof = iota
	works
	refuses
)

// probeOne tries one connection that is due as ever. Where that says nothing about the app, one of
// two others has to work that had no trouble.
func (k *Keeper) probeOne(ctx context.Context) (worked bool, err error) {
	id, said, err := k.probeDue(ctx)
	if err != nil || said != silent {
		return said == works, err
	}
	others, err := k.others(ctx, id, 2)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		if !other.Trouble.IsZero() {
			break
		}
		if f, err := k.witness(ctx, other); err != nil || f == nil {
			return err == nil, err
		}
	}
	return false, nil
}

// probeDue tries the connection that is due for longest, and returns its id; none is silence.
func (k *Keeper) probeDue(ctx context.Context) (id string, said proof, err error) {
	at := time.Now()
	leases, err := k.Store.ClaimDue(ctx, k.Holder, k.Now(), leaseTerm, 1)
	if len(leases) == 0 {
		return "", silent, err
	}
	l := leases[0]
	c, err := k.Store.Connection(ctx, l.ConnectionID)
	if errors.Is(err, store.ErrNotFound) {
		return "", silent, nil // erased since it was claimed
	}
	now := k.Now()
	if err != nil || !due(c, now) || now.Before(ripeAt(c)) || k.Spill.Has(c.ID) {
		return c.ID, silent, err
	}
	t := &try{Keeper: k, claimed: claimed{l, at}, caller: vault.CallerRefresh, read: c, probing: true}
	if said, err = t.prove(ctx); err != nil {
		return c.ID, silent, err
	}
	k.release(ctx, t.claimed.lease)
	return c.ID, said, nil
}

// prove tries, and says what that proves. An owner whose token works nowhere says nothing about the
// app; one whose token works at /me and is not refreshed does.
func (t *try) prove(ctx context.Context) (proof, error) {
	r, err := t.run(ctx)
	switch {
	case err != nil:
		return silent, err
	case r.failure == nil:
		return works, nil
	case r.failure.cause == store.CauseSealed:
		return silent, nil
	case r.failure.class != instagram.ClassReconnect:
		return refuses, nil
	}
	token, err := t.Vault.Lend(t.read)
	if err != nil {
		return silent, err
	}
	f, err := t.me(ctx, token)
	if err != nil || f != nil && f.class == instagram.ClassReconnect {
		return silent, err
	}
	return refuses, nil
}

// reviewOperatorAlarm ends the operator's alarm when nothing fails for its cause any more.
func (k *Keeper) reviewOperatorAlarm(ctx context.Context) error {
	a, err := k.alarm(ctx, store.AlarmOperator)
	if err != nil || !a.Lasts() {
		return err
	}
	tally, err := k.Store.Tally(ctx, a.Cause, time.UnixMilli(0))
	if err != nil {
		return fmt.Errorf("count what the operator has to mend: %w", err)
	}
	if tally.Alike > 0 {
		return nil
	}
	return k.clear(ctx, a)
}

func unlessConflict(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}
