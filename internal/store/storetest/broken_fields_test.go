package storetest_test

import (
	"context"
	"reflect"
	"slices"
	"time"

	"latchkey/internal/store"
)

// fieldBreakages is one store for each field of what is kept, which forgets that field. So a field
// that is added to a kept type needs a value in the samples.
func fieldBreakages() []breakage {
	return slices.Concat(
		forgetful(func(f *faulty, forget func(_, _ *store.Connection)) {
			f.connection = changed(f, func(c *store.Connection) { forget(c, &store.Connection{}) })
		}, "connections/put replaces every field and counts on"),
		forgetful(func(f *faulty, forget func(_, _ *store.Connection)) {
			f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
				old, err := f.Store.Connection(ctx, c.ID)
				if err == nil {
					forget(&c, &old)
				}
				return f.Store.UpdateConnection(ctx, c, events...)
			}
		}, "connections/update replaces every field and counts on", "ID", "Version", "ConnectedAt"), // they say which one
		forgetful(func(f *faulty, forget func(_, _ *store.Connection)) {
			f.list = func(ctx context.Context, after string, limit int) ([]store.Connection, error) {
				return forgotten(forget)(f.Store.ListConnections(ctx, after, limit))
			}
		}, "connections/a list has at most limit, and none of none"),
		forgetful(func(f *faulty, forget func(_, _ *store.Connection)) {
			f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
				return forgotten(forget)(f.Store.DueNotices(ctx, now, limit))
			}
		}, "stats/a due notice is a whole connection, and stays due until it is moved"),
		forgetful(func(f *faulty, forget func(_, _ *store.Alarm)) {
			f.alarms = func(ctx context.Context) ([]store.Alarm, error) {
				return forgotten(forget)(f.Store.Alarms(ctx))
			}
		}, "alarms/version 0 raises the first of a kind"),
		forgetful(func(f *faulty, forget func(_, _ *store.Alarm)) {
			f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
				if old, err := f.Store.Alarms(ctx); err == nil && len(old) > 0 {
					forget(&a, &old[0])
				}
				return f.Store.PutAlarm(ctx, a, events...)
			}
		}, "alarms/a put replaces every field and counts on", "Kind", "Version"), // they say which one
		forgetful(func(f *faulty, forget func(_, _ *store.Link)) {
			f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
				l, err := f.Store.Link(ctx, secret)
				forget(&l, &store.Link{})
				return l, err
			}
		}, "links/every field is kept"),
	)
}

// forgetful returns, for each field of a T but some, a store with the fault. What the fault gets
// puts the field of the second T in place of that of the first.
func forgetful[T any](fault func(_ *faulty, forget func(_, _ *T)), bites string, but ...string) []breakage {
	var all []breakage
	for _, field := range fields(reflect.TypeFor[T]()) {
		if slices.Contains(but, field.Name) {
			continue
		}
		forget := func(of, by *T) {
			value := func(v *T) reflect.Value { return reflect.ValueOf(v).Elem().FieldByIndex(field.Index) }
			value(of).Set(value(by))
		}
		all = append(all, breakage{bites, field.Name + " is forgotten", func(f *faulty) { fault(f, forget) }})
	}
	return all
}

// fields returns the fields of a kept type, in place of a trouble its own.
func fields(kept reflect.Type) []reflect.StructField {
	var all []reflect.StructField
	for field := range kept.Fields() {
		if field.Type != reflect.TypeFor[store.RefreshFailure]() {
			all = append(all, field)
			continue
		}
		for part := range field.Type.Fields() {
			part.Name = field.Name + "." + part.Name
			part.Index = slices.Concat(field.Index, part.Index)
			all = append(all, part)
		}
	}
	return all
}

// forgotten returns what forgets the field of all that it is given.
func forgotten[T any](forget func(_, _ *T)) func([]T, error) ([]T, error) {
	return func(all []T, err error) ([]T, error) {
		for i := range all {
			forget(&all[i], new(T))
		}
		return all, err
	}
}
