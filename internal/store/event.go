package store

import (
	"context"
	"time"
)

// EventKind names what happened.
type EventKind string

// The kinds of events.
const (
	// EventConnected is a finished login.
	EventConnected EventKind = "connected"
	// EventTokenOpened is an opening of the token; the caller is who asked.
	EventTokenOpened EventKind = "token_opened"
	// EventDisconnected is the end of a connection; its token is destroyed.
	EventDisconnected EventKind = "disconnected"
)

// Event is one line of the history of a connection. It never holds a secret.
type Event struct {
	ConnectionID string
	At           time.Time
	Kind         EventKind
	// Caller is who did it, such as "login" or "command line".
	Caller string
	// Message is a sentence for a person; it may be empty.
	Message string
}

// Events keeps the history of connections.
type Events interface {
	// AppendEvent adds an event. It does not ask whether the connection exists.
	AppendEvent(ctx context.Context, e Event) error
	// Events returns at most limit events of the connection, the newest first; of the same
	// moment, the one that was added last comes first. No event is no error.
	Events(ctx context.Context, connectionID string, limit int) ([]Event, error)
}
