package store

import (
	"context"
	"time"
)

// FailureCounts is how the connections fared that were tried after a moment.
type FailureCounts struct {
	// Tried counts them, leaving out those that were in trouble at that moment already.
	Tried int64
	// Alike counts those whose trouble began after that moment and has the cause asked for.
	Alike int64
}

// Counts is what the connections are, counted.
type Counts struct {
	// Status counts the connections of each status; one that none has may be missing.
	Status map[Status]int64
	// Ending counts, for each of the moments asked for, the active connections whose token expires
	// at it or before.
	Ending []int64
	// Dated counts the active connections whose expiry is known.
	Dated int64
	// Soonest is the earliest expiry of an active connection; zero when there is none.
	Soonest time.Time
}

// Stats answers for all connections together, and remembers the last sweep.
type Stats interface {
	// CountFailures counts what was tried after since, and what of it fails for cause since then.
	CountFailures(ctx context.Context, cause string, since time.Time) (FailureCounts, error)
	// Count counts the connections; ends are ascending. It may cost as much as there are.
	Count(ctx context.Context, ends []time.Time) (Counts, error)
	// MakeDue makes due at now what a wrong clock put off: each connection whose next refresh is later
	// than [LongestWait] after now, or whose last try is later than [ClockTolerance] after now, which
	// then counts as made at now. One that is never due stays so. Their versions grow by one. It says
	// how many they were.
	MakeDue(ctx context.Context, now time.Time) (int, error)
	// DueNotices returns at most limit connections whose NoticeAt is neither zero nor after now,
	// the earliest first.
	DueNotices(ctx context.Context, now time.Time, limit int) ([]Connection, error)
	// RecordSweep remembers that a sweep of any process ended at a moment.
	RecordSweep(ctx context.Context, at time.Time) error
	// LastSweep returns the moment that was recorded last. None yet is ErrNotFound.
	LastSweep(ctx context.Context) (time.Time, error)
}
