package storetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"latchkey/internal/store"
)

const (
	bothWays    = "series/a page goes on from a place, and back"
	inOrder     = "series/places are in the order of their moments, and keys in that of their bytes"
	ownSeries   = "series/each kind and each owner has its own"
	entrySweep  = "series/a sweep removes what is of a kind and before a moment, whosever it is"
	withTheirs  = "series/they go with their owner"
	atMillis    = "series/moments are cut to the millisecond and come back in UTC"
	atItsPlace  = "series/a put replaces what is at its place, and nothing else"
	skipsNone   = "series/a place skips nothing while entries come and go"
	needsOwner  = "series/an owner must be there"
	oneAtAPlace = "parallel/at one place one entry is kept, and none is lost elsewhere"
)

var seriesBreakages = []breakage{
	{"series/none is no error", "none is an error", func(f *faulty) {
		f.entriesAfter = reading(f.Store.EntriesAfter, func(all []store.Entry, err error) ([]store.Entry, error) {
			if len(all) == 0 {
				err = store.ErrNotFound
			}
			return all, err
		})
	}},
	{"series/every field is kept", "a body is text", putting(func(e *store.Entry) {
		e.Body = []byte(strings.ToValidUTF8(string(e.Body), "?"))
	})},
	{"series/every field is kept", "a key is trimmed", putting(func(e *store.Entry) { e.Key = strings.TrimSpace(e.Key) })},
	{atItsPlace, "the first one stays", func(f *faulty) {
		f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
			for _, e := range entries {
				there, err := f.Store.EntriesAfter(ctx, kind, owner, store.Place{At: e.At}, 1)
				if err == nil && len(there) > 0 && there[0].Place() == e.Place() {
					continue
				}
				if err := errors.Join(err, f.Store.PutEntries(ctx, kind, owner, e)); err != nil {
					return err
				}
			}
			return nil
		}
	}},
	{atItsPlace, "a moment has one entry", putting(func(e *store.Entry) { e.Key = "reach" })},
	{bothWays, "the place itself comes again", func(f *faulty) {
		f.entriesAfter = func(ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int) ([]store.Entry, error) {
			after.Key = strings.TrimSuffix(after.Key, "c")
			return f.Store.EntriesAfter(ctx, kind, owner, after, limit)
		}
	}},
	{bothWays, "the rest of a moment is skipped", func(f *faulty) {
		f.entriesAfter = func(ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int) ([]store.Entry, error) {
			if after.Key != "" {
				after.Key = "\uffff"
			}
			return f.Store.EntriesAfter(ctx, kind, owner, after, limit)
		}
	}},
	{bothWays, "back, the first one comes first", func(f *faulty) {
		f.entriesBefore = reading(f.Store.EntriesBefore, func(all []store.Entry, err error) ([]store.Entry, error) {
			slices.Reverse(all)
			return all, err
		})
	}},
	{bothWays, "before the zero place there is nothing", func(f *faulty) {
		f.entriesBefore = func(ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int) ([]store.Entry, error) {
			if before.IsZero() {
				return nil, nil
			}
			return f.Store.EntriesBefore(ctx, kind, owner, before, limit)
		}
	}},
	{bothWays, "no limit is none", func(f *faulty) {
		f.entriesBefore = func(ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int) ([]store.Entry, error) {
			if limit == 0 {
				limit = 1000
			}
			return f.Store.EntriesBefore(ctx, kind, owner, before, limit)
		}
	}},
	{inOrder, "keys are in the order of a dictionary", func(f *faulty) {
		f.entriesAfter = reading(f.Store.EntriesAfter, func(all []store.Entry, err error) ([]store.Entry, error) {
			slices.SortStableFunc(all, func(a, b store.Entry) int {
				if !a.At.Equal(b.At) {
					return a.At.Compare(b.At)
				}
				return strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key))
			})
			return all, err
		})
	}},
	{inOrder, "what was before 1970 comes last", func(f *faulty) {
		f.entriesAfter = reading(f.Store.EntriesAfter, func(all []store.Entry, err error) ([]store.Entry, error) {
			slices.SortStableFunc(all, func(a, b store.Entry) int {
				switch x, y := uint64(a.At.UnixMilli()), uint64(b.At.UnixMilli()); {
				case x < y:
					return -1
				case x > y:
					return 1
				}
				return 0
			})
			return all, err
		})
	}},
	{ownSeries, "kinds share their entries", func(f *faulty) {
		f.putEntries = func(ctx context.Context, _ store.SeriesKind, owner string, entries ...store.Entry) error {
			return f.Store.PutEntries(ctx, "day", owner, entries...)
		}
	}},
	{ownSeries, "an owner may be the beginning of another", func(f *faulty) {
		f.entriesBefore = func(ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int) ([]store.Entry, error) {
			own, err := f.Store.EntriesBefore(ctx, kind, owner, before, limit)
			others, _ := f.Store.EntriesBefore(ctx, kind, owner+"/x", before, limit)
			return append(own, others...), err
		}
	}},
	{skipsNone, "a place is a number of entries", func(f *faulty) {
		read := 0
		f.entriesAfter = func(ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int) ([]store.Entry, error) {
			if after.IsZero() {
				read = 0
			}
			all, err := f.Store.EntriesAfter(ctx, kind, owner, store.Place{}, 1000)
			page := all[min(read, len(all)):min(read+limit, len(all))]
			read += len(page)
			return page, err
		}
	}},
	{skipsNone, "back, a place is a number of entries", func(f *faulty) {
		read := 0
		f.entriesBefore = func(ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int) ([]store.Entry, error) {
			if before.IsZero() {
				read = 0
			}
			all, err := f.Store.EntriesBefore(ctx, kind, owner, store.Place{}, 1000)
			page := all[min(read, len(all)):min(read+limit, len(all))]
			read += len(page)
			return page, err
		}
	}},
	{atMillis, "a moment is rounded", putting(func(e *store.Entry) { e.At = e.At.Round(time.Millisecond) })},
	{atMillis, "a moment comes back in the local zone", func(f *faulty) {
		f.entriesAfter = reading(f.Store.EntriesAfter, func(all []store.Entry, err error) ([]store.Entry, error) {
			for i := range all {
				all[i].At = all[i].At.In(time.FixedZone("", 3600))
			}
			return all, err
		})
	}},
	{needsOwner, "anybody is an owner", anybody},
	{needsOwner, "nobody is no owner", func(f *faulty) {
		f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
			if owner == "" {
				return store.ErrOwnerGone
			}
			return f.Store.PutEntries(ctx, kind, owner, entries...)
		}
	}},
	{withTheirs, "a kind stays", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			left, err := f.Store.EntriesAfter(ctx, "post", id, store.Place{}, 10)
			err = errors.Join(err, f.Store.DeleteConnection(ctx, id))
			if len(left) > 0 {
				_, putErr := f.Store.PutConnection(ctx, store.Connection{ID: id}, store.Event{})
				err = errors.Join(err, putErr, f.Store.PutEntries(ctx, "post", id, left...))
			}
			return err
		}
	}},
	{"connections/to delete nobody leaves what nobody owns", "it goes with nobody", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			err := f.Store.DeleteConnection(ctx, id)
			if id == "" {
				_, _ = f.Store.SweepEntries(ctx, "day", time.Now().AddDate(100, 0, 0))
			}
			return err
		}
	}},
	{entrySweep, "a sweep comes a moment too early", func(f *faulty) {
		f.sweepEntries = func(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
			return f.Store.SweepEntries(ctx, kind, before.Add(time.Millisecond))
		}
	}},
	{entrySweep, "a sweep comes a moment too late", func(f *faulty) {
		f.sweepEntries = func(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
			return f.Store.SweepEntries(ctx, kind, before.Add(-time.Millisecond))
		}
	}},
	{entrySweep, "a sweep takes every kind", func(f *faulty) {
		f.sweepEntries = func(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
			_, err := f.Store.SweepEntries(ctx, "day", before)
			n, sweepErr := f.Store.SweepEntries(ctx, kind, before)
			return n, errors.Join(err, sweepErr)
		}
	}},
	{entrySweep, "a sweep does not count", func(f *faulty) {
		f.sweepEntries = func(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
			_, err := f.Store.SweepEntries(ctx, kind, before)
			return 0, err
		}
	}},
	{"series/what was given is copied", "a put keeps what it was given", func(f *faulty) {
		var kept []store.Entry
		f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
			kept = entries
			return f.Store.PutEntries(ctx, kind, owner, entries...)
		}
		f.entriesAfter = func(context.Context, store.SeriesKind, string, store.Place, int) ([]store.Entry, error) {
			return kept, nil
		}
	}},
	{oneAtAPlace, "one of those who meet is refused", func(f *faulty) {
		var puts atomic.Int64
		f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
			if puts.Add(1) == 2 {
				return store.ErrExists
			}
			return f.Store.PutEntries(ctx, kind, owner, entries...)
		}
	}},
	{oneAtAPlace, "one is lost without a word", func(f *faulty) {
		var puts atomic.Int64
		f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
			if puts.Add(1) == 2 {
				return nil
			}
			return f.Store.PutEntries(ctx, kind, owner, entries...)
		}
	}},
	{"parallel/nothing that is written beside an erase outlives it", "an entry does", anybody},
}

// putting changes each entry that is put.
func putting(change func(*store.Entry)) func(*faulty) {
	return func(f *faulty) {
		f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
			entries = slices.Clone(entries)
			for i := range entries {
				change(&entries[i])
			}
			return f.Store.PutEntries(ctx, kind, owner, entries...)
		}
	}
}

type readEntries = func(context.Context, store.SeriesKind, string, store.Place, int) ([]store.Entry, error)

// reading changes what is read.
func reading(read readEntries, change func([]store.Entry, error) ([]store.Entry, error)) readEntries {
	return func(ctx context.Context, kind store.SeriesKind, owner string, place store.Place, limit int) ([]store.Entry, error) {
		return change(read(ctx, kind, owner, place, limit))
	}
}

// anybody puts entries of whoever is gone among those of another kind that nobody owns, and finds them there.
func anybody(f *faulty) {
	gone := func(kind store.SeriesKind, owner string) store.SeriesKind {
		return kind + " of " + store.SeriesKind(owner)
	}
	f.putEntries = func(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
		err := f.Store.PutEntries(ctx, kind, owner, entries...)
		if errors.Is(err, store.ErrOwnerGone) {
			return f.Store.PutEntries(ctx, gone(kind, owner), "", entries...)
		}
		return err
	}
	f.entriesAfter = func(ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int) ([]store.Entry, error) {
		all, err := f.Store.EntriesAfter(ctx, kind, owner, after, limit)
		left, leftErr := f.Store.EntriesAfter(ctx, gone(kind, owner), "", after, limit)
		return append(all, left...), errors.Join(err, leftErr)
	}
}
