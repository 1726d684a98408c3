package store

import (
	"context"
	"time"
)

// MaxSessions is how many sessions a connection has at most: of more, those that began first are over.
const MaxSessions = 50

// Session is the signed-in browser of the owner of a connection. Its times are the machine's own.
type Session struct {
	// Secret is the hash of the cookie, and the key.
	Secret Hash
	// ConnectionID is whose session it is.
	ConnectionID string
	CreatedAt    time.Time
	// SeenAt is about when the session was used last.
	SeenAt time.Time
	// ExpiresAt is when it is over unless it is used before.
	ExpiresAt time.Time
}

// Sessions keeps sessions by the hash of their secret, as a part of their connection: they begin with a login, by
// [Connections.PutConnection], and go with their connection. No write of one counts as a write of the connection.
type Sessions interface {
	// Session returns the session, over or not, and its connection, as they are at one moment.
	Session(ctx context.Context, secret Hash) (Session, Connection, error)
	// TouchSession sets SeenAt and ExpiresAt.
	TouchSession(ctx context.Context, secret Hash, seenAt, expiresAt time.Time) error
	// DeleteSession removes the session. It is no error when it is gone already.
	DeleteSession(ctx context.Context, secret Hash) error
	// DeleteSessions removes all sessions of a connection. It is no error when there is none.
	DeleteSessions(ctx context.Context, connectionID string) error
}
