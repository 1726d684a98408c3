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
)

// countFailure counts, in the store, what failed alike lately. It raises the alarm of the app when it is
// too much for single owners, and the operator's for what only the operator can mend.
//
// again says that the last try failed alike: one odd answer is not worth the operator's attention.
func (k *Keeper) countFailure(ctx context.Context, f failure, again bool) error {
	if !f.suspicious() {
		return nil
	}
	app, err := k.alarm(ctx, store.AlarmApp)
	if err != nil {
		return err
	}
	counts, err := k.countAlike(ctx, string(f.cause), app.ClearedAt)
	if err != nil {
		return fmt.Errorf("count what failed alike: %w", err)
	}
	if kind := alarmKindFor(f, counts, again); kind != "" {
		return k.raise(ctx, kind, f)
	}
	return nil
}

// alarmKindFor is the alarm that a failure is worth, beside what failed alike; empty for none.
func alarmKindFor(f failure, counts store.FailureCounts, again bool) store.AlarmKind {
	switch {
	case f.cause != store.CauseSealed && counts.Alike >= fewest && counts.Alike*oneIn >= counts.Tried:
		return store.AlarmApp
	case f.class == instagram.ClassOperator && again:
		return store.AlarmOperator
	}
	return ""
}

// countAlike counts what was tried within the window, and what of it turned bad alike.
func (k *Keeper) countAlike(ctx context.Context, cause string, cleared time.Time) (store.FailureCounts, error) {
	now := k.Now()
	begin := now.Add(-window)
	counts, err := k.Store.CountFailures(ctx, cause, begin)
	if err != nil {
		return counts, err
	}
	since, err := k.Store.CountFailures(ctx, cause, alikeFrom(begin, cleared, now))
	counts.Alike = since.Alike
	return counts, err
}

// alikeFrom is from when on failures are counted together. What turned bad before the last alarm was over
// led to that alarm, and is not held against the app again. One that is over in the future was ended by a
// clock that ran ahead.
func alikeFrom(begin, cleared, now time.Time) time.Time {
	if cleared.After(now) {
		return begin
	}
	return later(begin, cleared)
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
	event := store.Event{At: now, Kind: store.EventAlarmRaised, Caller: string(vault.CallerRefresh), Message: string(kind) + ": " + f.String()}
	if _, err := k.Store.PutAlarm(ctx, raised(a, f, now), event); err != nil {
		return unlessConflict(err) // another process was faster
	}
	k.Log.WarnContext(ctx, alarmText(kind), "alarm", string(kind), "literal", f.literal, "advice", f.advice(), "error", f.err)
	return nil
}

// raised is an alarm that begins at now. Nothing of the one before it is left.
func raised(a store.Alarm, f failure, now time.Time) store.Alarm {
	a = store.Alarm{
		Kind: a.Kind, RaisedAt: now, Class: string(f.class), Cause: string(f.cause), Message: f.literal, Version: a.Version,
	}
	if a.Kind == store.AlarmApp {
		a.ProbeAt = now.Add(firstProbe)
	}
	return a
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
	event := store.Event{At: now, Kind: store.EventAlarmCleared, Caller: string(vault.CallerRefresh), Message: string(a.Kind)}
	if _, err := k.Store.PutAlarm(ctx, cleared(a, now), event); err != nil {
		return unlessConflict(err)
	}
	k.Log.InfoContext(ctx, "the alarm is over", "alarm", string(a.Kind), "lasted", now.Sub(a.RaisedAt).String())
	return nil
}

// cleared is an alarm that ends at now. That it is over is still to be told.
func cleared(a store.Alarm, now time.Time) store.Alarm {
	a.ClearedAt, a.ProbeAt, a.ToldAt = now, time.Time{}, time.Time{}
	return a
}

// reviewOperatorAlarm ends the operator's alarm when nothing fails for its cause any more.
func (k *Keeper) reviewOperatorAlarm(ctx context.Context) error {
	a, err := k.alarm(ctx, store.AlarmOperator)
	if err != nil || !a.Lasts() {
		return err
	}
	counts, err := k.Store.CountFailures(ctx, a.Cause, time.UnixMilli(0))
	if err != nil {
		return fmt.Errorf("count what the operator has to mend: %w", err)
	}
	if counts.Alike > 0 {
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
