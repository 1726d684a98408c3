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
	// EventRefreshed is a token that got a new life.
	EventRefreshed EventKind = "refreshed"
	// EventRefreshFailed is a failed try at that; the message has the class and the numbers.
	EventRefreshFailed EventKind = "refresh_failed"
	// EventRefreshSkipped is a refresh that somebody asked for and that was not tried; the message says why.
	EventRefreshSkipped EventKind = "refresh_skipped"
	// EventReconnectNeeded is the moment from which only the owner can go on.
	EventReconnectNeeded EventKind = "reconnect_needed"
	// EventRecovered is a connection that works again by itself.
	EventRecovered EventKind = "recovered"
	// EventNotified is a notice to the owner, or to the operator in her place, by mail or in the log.
	EventNotified EventKind = "notified"
	// EventLinkMade is a link through which the owner can log in again, made for whoever asked.
	EventLinkMade EventKind = "link_made"
	// EventMailConfirmed and EventMailStopped are the owner's word about her mail address.
	EventMailConfirmed EventKind = "mail_confirmed"
	EventMailStopped   EventKind = "mail_stopped"
	// EventAlarmRaised and EventAlarmCleared are about the installation; they belong to the
	// connection "".
	EventAlarmRaised  EventKind = "alarm_raised"
	EventAlarmCleared EventKind = "alarm_cleared"
)

// Event is one line of the history of a connection. It never holds a secret.
type Event struct {
	// ConnectionID is whose history it is; empty for the installation's own.
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
	// AppendEvent adds an event. Of a connection that is not there, or not any more, none is written:
	// ErrOwnerGone.
	AppendEvent(ctx context.Context, e Event) error
	// Events returns at most limit events of the connection, the newest first; of the same
	// moment, the one that was added last comes first. No event is no error.
	Events(ctx context.Context, connectionID string, limit int) ([]Event, error)
	// SweepEvents removes the events that happened before a moment, whosever they are, and says how many. One
	// of no moment stays.
	SweepEvents(ctx context.Context, before time.Time) (int, error)
}
