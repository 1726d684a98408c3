package storetest_test

import (
	"context"
	"errors"
	"strings"
	"time"

	"latchkey/internal/store"
)

var recordBreakages = []breakage{
	{"records/one that is not there", "absence is no error", func(f *faulty) {
		f.record = func(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
			r, err := f.Store.Record(ctx, kind, key)
			return r, but(err, store.ErrNotFound, nil)
		}
	}},
	{"records/one that is not there", "any version makes one", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			stored, err := f.Store.PutRecord(ctx, r)
			if errors.Is(err, store.ErrConflict) {
				r.Version = 0
				return f.Store.PutRecord(ctx, r)
			}
			return stored, err
		}
	}},
	{"records/every field is kept", "the owner is forgotten", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			r.Owner = ""
			return f.Store.PutRecord(ctx, r)
		}
	}},
	{"records/every field is kept", "a body is text", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			r.Body = []byte(strings.ToValidUTF8(string(r.Body), "?"))
			return f.Store.PutRecord(ctx, r)
		}
	}},
	{"records/a put replaces every field at its version", "the first body stays", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			if first, err := f.Store.Record(ctx, r.Kind, r.Key); err == nil {
				r.Body = first.Body
			}
			return f.Store.PutRecord(ctx, r)
		}
	}},
	{"records/another version changes nothing", "the last one wins", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			if there, err := f.Store.Record(ctx, r.Kind, r.Key); err == nil {
				r.Version = there.Version
			}
			return f.Store.PutRecord(ctx, r)
		}
	}},
	{"records/a key is one of its kind", "kinds share their keys", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			r.Kind = "note"
			return f.Store.PutRecord(ctx, r)
		}
	}},
	{"records/a fleeting one is kept as others are", "a fleeting one is not kept", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			if r.Fleeting {
				r.Fleeting, r.Version = false, r.Version+1
				return r, nil
			}
			return f.Store.PutRecord(ctx, r)
		}
	}},
	{"records/one that is over is there until a sweep", "a sweep comes a moment too late", func(f *faulty) {
		f.deleteExpired = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.DeleteExpired(ctx, now.Add(-time.Millisecond))
		}
	}},
	{"records/one that is over is there until a sweep", "what is over is hidden", func(f *faulty) {
		f.record = func(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
			if key == "over" {
				return store.Record{}, store.ErrNotFound
			}
			return f.Store.Record(ctx, kind, key)
		}
	}},
	{"records/an owner must be there", "anybody is an owner", func(f *faulty) {
		f.putRecord = ownerless(f)
	}},
	{"records/they go with their owner", "they stay", func(f *faulty) {
		f.putRecord = ownerless(f)
	}},
	{"parallel/of the same record one is put", "the last one stays", func(f *faulty) {
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			stored, err := f.Store.PutRecord(ctx, r)
			return stored, but(err, store.ErrConflict, nil)
		}
	}},
	{"parallel/nothing that is written beside an erase outlives it", "a record does", func(f *faulty) {
		f.putRecord = ownerless(f)
	}},
}

// ownerless puts records without asking for their owner, and says that they have one.
func ownerless(f *faulty) func(context.Context, store.Record) (store.Record, error) {
	return func(ctx context.Context, r store.Record) (store.Record, error) {
		owner := r.Owner
		r.Owner = ""
		stored, err := f.Store.PutRecord(ctx, r)
		stored.Owner = owner
		return stored, err
	}
}
