package store

import (
	"context"
	"time"
)

// Lease is a time-limited right to work on one connection. It saves work; it guards nothing: the
// version of the connection decides whose write counts.
type Lease struct {
	ConnectionID string
	// Holder names the process that has the lease.
	Holder string
	// Term grows with each claim of the connection; a holder of an older term has lost it.
	Term int64
	// Until is when the lease ends unless it is renewed.
	Until time.Time
}

// Leases gives out leases. A lease that ended can be claimed by anybody, and from then on the old
// term can neither be renewed nor released.
//
// A lease runs at now when it ends after now, but not later than two terms after it, by the term of
// the call. One that ends later was given out by a clock that ran far ahead: it would hold for as
// long as that clock was wrong, so it counts as over.
//
// Leases need not be on the disk when a call returns: what a loss of power takes back is given out
// anew.
type Leases interface {
	// ClaimDue claims up to limit connections that are due at now, whatever their status
	// (NextRefreshAt is not zero and not after now), and under no lease that runs at now. The most
	// overdue come first.
	// Each is claimed by one caller only, however many ask at once; a caller may get fewer than
	// there are.
	ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]Lease, error)
	// Claim claims one connection whatever its status and due time. ErrLeaseLost says that
	// somebody holds a lease that runs at now, the caller itself included.
	Claim(ctx context.Context, id, holder string, now time.Time, term time.Duration) (Lease, error)
	// RenewLease lets the lease run until now and term. ErrLeaseLost says that the term is over,
	// released, or that the lease ended before now.
	RenewLease(ctx context.Context, l Lease, now time.Time, term time.Duration) (Lease, error)
	// ReleaseLease gives the lease back. ErrLeaseLost says that the term is over or released.
	ReleaseLease(ctx context.Context, l Lease) error
	// MakeAbandonedDue makes due at now what a holder began and did not end, such as one that died: each
	// connection whose last lease does not run at now and was not released, though its last try, or when
	// there is none its last login, is from before the term at whose end the lease ends. One that is due
	// before now, or never, stays so. Their versions grow by one. It says how many they were.
	MakeAbandonedDue(ctx context.Context, now time.Time, term time.Duration) (int, error)
}
