package storetest

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

func putEntries(kind store.SeriesKind, owner string, entries ...store.Entry) op {
	name := fmt.Sprintf("put %d entries of kind %s of %s", len(entries), kind, owner)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.PutEntries(ctx, kind, owner, entries...)
	}}
}

func entriesAfter(kind store.SeriesKind, owner string, after store.Place, limit int) op {
	name := fmt.Sprintf("%d entries of kind %s of %s after %v", limit, kind, owner, after)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		found, err := s.EntriesAfter(ctx, kind, owner, after, limit)
		return orNil(found), err
	}}
}

func entriesBefore(kind store.SeriesKind, owner string, before store.Place, limit int) op {
	name := fmt.Sprintf("%d entries of kind %s of %s before %v", limit, kind, owner, before)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		found, err := s.EntriesBefore(ctx, kind, owner, before, limit)
		return orNil(found), err
	}}
}

// allEntries gives a whole series.
func allEntries(kind store.SeriesKind, owner string) op {
	return entriesAfter(kind, owner, store.Place{}, 1000)
}

func sweepEntries(kind store.SeriesKind, before time.Time) op {
	name := fmt.Sprintf("sweep entries of kind %s before %v", kind, before)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.SweepEntries(ctx, kind, before)
	}}
}
