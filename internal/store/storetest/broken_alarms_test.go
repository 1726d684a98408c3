package storetest_test

import (
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/internal/store"
)

var alarmBreakages = []breakage{
	{"alarms/none at first", "every kind is there before it was raised", func(f *faulty) {
		f.alarms = func(context.Context) ([]store.Alarm, error) {
			return []store.Alarm{{Kind: store.AlarmApp}, {Kind: store.AlarmOperator}}, nil
		}
	}},
	{"alarms/version 0 raises the first of a kind", "a put keeps the version given", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			stored, err := f.Store.PutAlarm(ctx, a, events...)
			stored.Version = a.Version
			return stored, err
		}
	}},
	{"alarms/version 0 raises the first of a kind", "version 0 stands for any", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			if a.Version == 0 {
				return replace(f)(ctx, a, events...)
			}
			return f.Store.PutAlarm(ctx, a, events...)
		}
	}},
	{"alarms/a put of another version is a conflict", "the last put wins", func(f *faulty) {
		f.putAlarm = replace(f)
	}},
	{"alarms/a put of another version is a conflict", "a kind that was never raised is not found", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			stored, err := f.Store.PutAlarm(ctx, a, events...)
			if all, _ := f.Store.Alarms(ctx); len(all) == 0 {
				err = but(err, store.ErrConflict, store.ErrNotFound)
			}
			return stored, err
		}
	}},
	{"alarms/each kind is apart, in the order of the bytes", "there is one alarm", func(f *faulty) {
		f.alarms = func(ctx context.Context) ([]store.Alarm, error) {
			all, err := f.Store.Alarms(ctx)
			return all[:min(len(all), 1)], err
		}
	}},
	{"alarms/each kind is apart, in the order of the bytes", "the order is another", func(f *faulty) {
		f.alarms = func(ctx context.Context) ([]store.Alarm, error) {
			all, err := f.Store.Alarms(ctx)
			slices.Reverse(all)
			return all, err
		}
	}},
	{"alarms/a put adds its events in their order", "the events go the other way round", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			turned := slices.Clone(events)
			slices.Reverse(turned)
			return f.Store.PutAlarm(ctx, a, turned...)
		}
	}},
	{"alarms/a put adds its events in their order", "a put has one event", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			return f.Store.PutAlarm(ctx, a, events[:min(len(events), 1)]...)
		}
	}},
	{"alarms/a put adds its events in their order", "every event is the installation's", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			moved := slices.Clone(events)
			for i := range moved {
				moved[i].ConnectionID = ""
			}
			return f.Store.PutAlarm(ctx, a, moved...)
		}
	}},
	{"alarms/a put that was refused leaves no event", "the events come first", func(f *faulty) {
		f.putAlarm = toldAnyway(f)
	}},
	{"alarms/an error names the kind", "an error is only what it is", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			stored, err := f.Store.PutAlarm(ctx, a, events...)
			return stored, but(err, store.ErrConflict, store.ErrConflict)
		}
	}},
	{"alarms/one outlives the connections", "a delete takes the alarms", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			f.alarms = func(context.Context) ([]store.Alarm, error) { return nil, nil }
			return f.Store.DeleteConnection(ctx, id)
		}
	}},
	{"alarms/one outlives the connections", "a sweep takes the alarms", func(f *faulty) {
		f.deleteExpired = func(context.Context, time.Time) (int, error) {
			f.alarms = func(context.Context) ([]store.Alarm, error) { return nil, nil }
			return 1, nil
		}
	}},
}

// replace returns a put that does not ask for the version.
func replace(f *faulty) func(context.Context, store.Alarm, ...store.Event) (store.Alarm, error) {
	return func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
		all, err := f.Store.Alarms(ctx)
		if err != nil {
			return store.Alarm{}, err
		}
		a.Version = 0
		if i := slices.IndexFunc(all, func(old store.Alarm) bool { return old.Kind == a.Kind }); i >= 0 {
			a.Version = all[i].Version
		}
		return f.Store.PutAlarm(ctx, a, events...)
	}
}

// toldAnyway returns a put whose events stay when it is refused.
func toldAnyway(f *faulty) func(context.Context, store.Alarm, ...store.Event) (store.Alarm, error) {
	return func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
		stored, err := f.Store.PutAlarm(ctx, a, events...)
		if err != nil {
			for _, e := range events {
				err = errors.Join(err, f.Store.AppendEvent(ctx, e))
			}
		}
		return stored, err
	}
}
