package store

import (
	"context"
	"errors"
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
	// ErrExpired says that an authorization request or a link is past its expiry.
	ErrExpired = errors.New("expired")
	// ErrTaken says that an authorization request or a link was used before.
	ErrTaken = errors.New("taken already")
	// ErrOtherBinding says that an authorization request belongs to another browser.
	ErrOtherBinding = errors.New("bound to another browser")
	// ErrBusy says that another program kept the database to itself for longer than is worth waiting.
	// Nothing was changed; the same call may go later.
	ErrBusy = errors.New("kept by another program")
	// ErrAway says that the database did not answer. Whether it did what was asked is not known.
	ErrAway = errors.New("no answer from the database")
)

// Store is a whole database: every role, and its own upkeep.
type Store interface {
	Connections
	Events
	Leases
	Fleet
	Alarms
	Contacts
	Links
	AuthRequests
	Sessions
	KeyringRecord
	Upkeep
}

// Upkeep is what the process that opened a store does with it as a whole.
type Upkeep interface {
	// Prepare brings tables and indexes to the form that this program needs. It may be called by
	// several processes at once. Until it was called once, only Ping, Close and KeyringFingerprint
	// need to work.
	Prepare(ctx context.Context) error
	// Ping asks the database for an answer.
	Ping(ctx context.Context) error
	// Sweep removes the authorization requests that ended [AuthRequestKept] ago or longer and the
	// sessions that are over at now, and says how many of both.
	Sweep(ctx context.Context, now time.Time) (int, error)
	// Close ends the connections to the database. Nothing may be called after it.
	Close() error
}
