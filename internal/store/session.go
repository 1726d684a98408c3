package store

import (
	"context"
	"time"
)

// Session is a person's signed-in browser. Its times are the machine's own.
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

// Sessions keeps sessions by the hash of their secret.
type Sessions interface {
	// CreateSession adds a session. A secret that is there already is ErrExists, a connection that is not
	// there, or not any more, ErrOwnerGone.
	CreateSession(ctx context.Context, s Session) error
	// Session returns the session, over or not.
	Session(ctx context.Context, secret Hash) (Session, error)
	// TouchSession sets SeenAt and ExpiresAt.
	TouchSession(ctx context.Context, secret Hash, seenAt, expiresAt time.Time) error
	// DeleteSession removes the session. It is no error when it is gone already.
	DeleteSession(ctx context.Context, secret Hash) error
	// DeleteSessions removes all sessions of a connection. It is no error when there is none.
	DeleteSessions(ctx context.Context, connectionID string) error
}
