package store

import (
	"context"
	"time"
)

// Status says where a connection stands.
type Status string

// The statuses of a connection.
const (
	// StatusActive is a connection whose token is kept alive.
	StatusActive Status = "active"
	// StatusReconnect is a connection that only a login by its owner can revive.
	StatusReconnect Status = "reconnect"
	// StatusDisconnected is a connection that was ended; its token is destroyed.
	StatusDisconnected Status = "disconnected"
)

// Connection is an Instagram account that is linked to this service.
type Connection struct {
	// ID is the professional account id, Meta's user_id: digits, never a number.
	ID string
	// AppScopedID is Meta's id of the account for this app alone, /me's id.
	AppScopedID string
	Username    string
	Name        string
	// AccountType is "business", "creator", or what Instagram sent, in lower case.
	AccountType string
	// PictureURL is signed and stops working after days; empty when there is none.
	PictureURL string
	// Followers, Follows and Media are nil when Instagram did not say.
	Followers, Follows, Media *int64

	// ScopesAsked is what the last login asked for.
	ScopesAsked []string
	// Scopes is what the owner granted; nil when Instagram did not say.
	Scopes []string

	Status Status
	// StatusReason is a sentence for a person; empty while there is nothing to say.
	StatusReason string

	// ConnectedAt is the last login.
	ConnectedAt time.Time
	// TokenIssuedAt and TokenExpiresAt are zero when there is no token.
	TokenIssuedAt, TokenExpiresAt time.Time
	// RefreshedAt is the last refresh since the last login.
	RefreshedAt time.Time
	// TriedAt is the last try at a refresh since the last login, good or not.
	TriedAt time.Time
	// NextRefreshAt is when the token is due; zero means that it never is. A connection that needs
	// its owner is due now and then too, since what Instagram refused it may accept again.
	NextRefreshAt time.Time
	// NoticeAt is when the owner is to be told that the connection needs her, unless a refresh or a
	// login comes before; zero means that there is nothing left to tell.
	NoticeAt time.Time
	// Failure is why the token was not refreshed when it was due.
	Failure RefreshFailure

	// SealedToken is the token as the vault sealed it; nil when it was destroyed.
	SealedToken []byte

	// Version counts the writes of this connection, from 1. A lease is no such write.
	Version int64
}

// Connections keeps connections by their id.
type Connections interface {
	// PutConnection stores what a login brought and the event that tells of it: it creates the
	// connection, or replaces every field of the one there whatever its version, leaving only a
	// lease and the sessions in place. The version becomes one more than the one there, or 1. The sessions
	// that begin with the login, whose secrets are new, become the connection's, all in one step; beyond
	// [MaxSessions] those that began first go. It returns the connection as stored.
	PutConnection(ctx context.Context, c Connection, e Event, begins ...Session) (Connection, error)
	// Connection returns the connection.
	Connection(ctx context.Context, id string) (Connection, error)
	// UpdateConnection replaces every field if the stored version is still c.Version and its login still
	// that of c.ConnectedAt, and adds the events that tell of it, if any. It returns the connection as
	// stored, its version one more. Another version or login is ErrConflict, no connection is ErrNotFound;
	// then no event is written either. The versions of one that was erased and logged in again begin
	// anew, so that the version alone would not tell the two apart.
	//
	// Where a database cannot write all in one step, the events come second, in their order, and an
	// error may mean that only events are missing.
	UpdateConnection(ctx context.Context, c Connection, events ...Event) (Connection, error)
	// DeleteConnection removes the connection with its events, its sessions, its links, its records, its
	// series and its lease. Where a database cannot do it in one step, the connection goes first, and what
	// an erase that broke off left behind goes with the next one or with a sweep. The empty id is no
	// connection: what nobody owns stays.
	DeleteConnection(ctx context.Context, id string) error
	// ListConnections returns at most limit connections whose ids are above after, in the order of
	// their ids as bytes. The empty after means from the first.
	ListConnections(ctx context.Context, after string, limit int) ([]Connection, error)
}
