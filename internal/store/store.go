package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The sentinels. Compare with errors.Is: adapters wrap them with the operation and the id.
var (
	// ErrNotFound says that nothing is kept under the key.
	ErrNotFound = errors.New("not found")
	// ErrExists says that the key is taken.
	ErrExists = errors.New("exists already")
	// ErrConflict says that the version was not the one stored: somebody else wrote first.
	ErrConflict = errors.New("changed by somebody else")
	// ErrLeaseLost says that the lease is no longer the caller's: its term is over.
	ErrLeaseLost = errors.New("lease lost")
	// ErrExpired says that a link is past its expiry.
	ErrExpired = errors.New("expired")
	// ErrTaken says that a link was used before.
	ErrTaken = errors.New("taken already")
	// ErrOwnerGone says that the connection to which something was to belong is not there, or not any
	// more. It is an ErrNotFound.
	ErrOwnerGone = fmt.Errorf("its owner is gone: %w", ErrNotFound)
	// ErrBusy says that another program kept the database to itself for longer than is worth waiting.
	// Nothing was changed; the same call may go later.
	ErrBusy = errors.New("kept by another program")
	// ErrAway says that the database did not answer. Whether it did what was asked is not known.
	ErrAway = errors.New("no answer from the database")
	// ErrFull says that there is no room for what was to be written: of a disk, a quota or a plan.
	// Nothing was changed.
	ErrFull = errors.New("no room left for the database")
	// ErrReadOnly says that the database may be read and not written. Nothing was changed.
	ErrReadOnly = errors.New("the database may not be written")
	// ErrDamaged says that what is stored, or the disk under it, cannot be trusted any more.
	ErrDamaged = errors.New("the database is damaged")
)

// Store is a whole database: every role, and the care for it as a whole.
type Store interface {
	Connections
	Events
	Leases
	Stats
	Alarms
	Links
	Records
	Series
	Sessions
	KeyringRecord
	Admin
}

// Admin is what the process that opened a store does with it as a whole.
type Admin interface {
	// Migrate brings tables and indexes to the form that this program needs. It may be called by
	// several processes at once. Until it was called once, only Ping, Close, KeyringFingerprint and
	// Identity need to work.
	Migrate(ctx context.Context) error
	// Identity returns the name that the first Migrate made up for what is stored here, the same for
	// every process and for good. A backup that is put back has that of its original. It also works on
	// a store that was never prepared, writes nothing, and answers ErrNotFound there.
	Identity(ctx context.Context) (string, error)
	// Ping asks the database for an answer.
	Ping(ctx context.Context) error
	// CheckWrite writes a little, which changes nothing else, so that it fails when writes do: with
	// ErrFull, ErrReadOnly, ErrDamaged, ErrBusy or ErrAway in the chain where it is known why.
	CheckWrite(ctx context.Context) error
	// DeleteExpired removes the records and the sessions that are over at now, and says how many of both.
	DeleteExpired(ctx context.Context, now time.Time) (int, error)
	// Close ends the connections to the database. Nothing may be called after it.
	Close() error
}
