package store

import (
	"context"
	"time"
)

// LinkKept is how long a link stays after its end, so that one that ended is told from one that
// never was.
const LinkKept = 30 * 24 * time.Hour

// Purpose says what a link is for.
type Purpose string

// The purposes of links.
const (
	// LinkReconnect lets the owner of one connection log in again.
	LinkReconnect Purpose = "reconnect"
	// LinkConfirm confirms a mail address.
	LinkConfirm Purpose = "confirm"
	// LinkStop ends the mail to an address.
	LinkStop Purpose = "stop"
)

// Link is a one-time link that was sent to an owner.
type Link struct {
	// Secret is the hash of what stands in the link, and the key.
	Secret       Hash
	Purpose      Purpose
	ConnectionID string
	// Address is the mail address that it confirms or stops; empty for other purposes.
	Address              string
	CreatedAt, ExpiresAt time.Time
	// UsedAt is when it was used up; zero until then.
	UsedAt time.Time
}

// Links keeps one-time links by the hash of their secret. They go with their connection.
type Links interface {
	// CreateLink adds a link. A secret that is there already is ErrExists, a connection that is not there, or
	// not any more, ErrOwnerGone.
	CreateLink(ctx context.Context, l Link) error
	// Link returns the link, over or not.
	Link(ctx context.Context, secret Hash) (Link, error)
	// UseLink marks the link as used at now and returns it, if it was not used and is not expired
	// at now; it does so once, however many ask at once. Otherwise nothing changes, and the error
	// is, the first that applies: ErrNotFound, ErrTaken, ErrExpired. With the last two comes the
	// link as it is.
	UseLink(ctx context.Context, secret Hash, now time.Time) (Link, error)
	// CountLinks counts the links of a connection for a purpose that were created after since, whatever
	// became of them. It costs what it counts.
	CountLinks(ctx context.Context, connectionID string, p Purpose, since time.Time) (int, error)
	// DeleteExpiredLinks removes the links that expired [LinkKept] ago or longer, and says how many.
	DeleteExpiredLinks(ctx context.Context, now time.Time) (int, error)
}
