package store

import (
	"context"
	"time"
)

// SeriesKind names a kind of series, and the room that owns it knows what the bodies of its entries say. It has
// no slash.
type SeriesKind string

// Entry is one thing of a series: what was so, or happened, at a moment.
type Entry struct {
	At time.Time
	// Key tells the entries of one moment apart, and is not empty.
	Key string
	// Body is what the room wrote; the store does not read it. Nil and empty are the same.
	Body []byte
}

// Place returns where the entry is in its series.
func (e Entry) Place() Place { return Place{e.At, e.Key} }

// Place is where an entry is, or would be, in a series: by its moment, and among those of one moment by its key
// as bytes. So a place is a cursor which skips nothing, whatever comes and goes. The zero place is before all
// entries of a time since the year 1; one with a moment and no key is before all entries of that moment.
type Place struct {
	At  time.Time
	Key string
}

// IsZero says that the place is before all.
func (p Place) IsZero() bool { return p.At.IsZero() && p.Key == "" }

// Series keeps series of entries, one for each kind and owner: a connection, or nobody where the owner is empty. They
// go with their owner.
type Series interface {
	// PutEntries keeps each of the entries, in place of the one at the same place of the series. Each is kept
	// as a whole, and an error may mean that some are kept and others are not. An owner who is no connection,
	// or is none any more, is ErrOwnerGone; then none is kept.
	PutEntries(ctx context.Context, kind SeriesKind, owner string, entries ...Entry) error
	// EntriesAfter returns at most limit entries that come after a place, the first of them first.
	EntriesAfter(ctx context.Context, kind SeriesKind, owner string, after Place, limit int) ([]Entry, error)
	// EntriesBefore returns at most limit entries that come before a place, the last of them first. Before the
	// zero place are all.
	EntriesBefore(ctx context.Context, kind SeriesKind, owner string, before Place, limit int) ([]Entry, error)
	// SweepEntries removes the entries of a kind that are of before a moment, whosever they are, and says how
	// many.
	SweepEntries(ctx context.Context, kind SeriesKind, before time.Time) (int, error)
}
