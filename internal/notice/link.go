package notice

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// How long links live, by the domain's clock.
const (
	reconnectLife = 7 * day
	confirmLife   = 7 * day
	stopLife      = 365 * day
)

// The pages behind the links. web answers them.
const (
	reconnectPath = "/reconnect/"
	confirmPath   = "/mail/confirm/"
	stopPath      = "/mail/stop/"
)

// ReconnectLink makes a link through which the owner of a connection can log in again, once and
// within seven days, and tells the history who asked for it. No connection is [store.ErrNotFound].
func (n *Notifier) ReconnectLink(ctx context.Context, by vault.Caller, connectionID string) (string, error) {
	if _, err := n.Store.Connection(ctx, connectionID); err != nil {
		return "", fmt.Errorf("reconnect link for connection %s: %w", connectionID, err)
	}
	address, until, err := n.reconnectLink(ctx, connectionID)
	if err != nil {
		return "", err
	}
	err = n.Store.AppendEvent(ctx, store.Event{
		ConnectionID: connectionID, At: n.now(), Kind: store.EventLinkMade, Caller: string(by),
		Message: "A link to log in again, good until " + date(until) + ".",
	})
	if err != nil {
		return "", fmt.Errorf("tell of a reconnect link for connection %s: %w", connectionID, err)
	}
	return address, nil
}

func (n *Notifier) reconnectLink(ctx context.Context, connectionID string) (address string, until time.Time, err error) {
	return n.makeLink(ctx, reconnectPath, reconnectLife, store.Link{Purpose: store.LinkReconnect, ConnectionID: connectionID})
}

func (n *Notifier) stopLink(ctx context.Context, connectionID, to string) (address string, err error) {
	address, _, err = n.makeLink(ctx, stopPath, stopLife, store.Link{Purpose: store.LinkStop, ConnectionID: connectionID, Address: to})
	return address, err
}

func (n *Notifier) confirmLink(ctx context.Context, connectionID, to string) (address string, until time.Time, err error) {
	return n.makeLink(ctx, confirmPath, confirmLife, store.Link{Purpose: store.LinkConfirm, ConnectionID: connectionID, Address: to})
}

// makeLink stores a link under the hash of a new secret and returns its address, the only place
// where the secret stands.
func (n *Notifier) makeLink(ctx context.Context, path string, life time.Duration, l store.Link) (address string, until time.Time, err error) {
	secret := rand.Text()
	l.Secret, l.CreatedAt = store.HashOf(secret), n.now()
	l.ExpiresAt = l.CreatedAt.Add(life)
	if err := n.Store.CreateLink(ctx, l); err != nil {
		return "", time.Time{}, fmt.Errorf("make a %s link for connection %s: %w", l.Purpose, l.ConnectionID, err)
	}
	return n.PublicURL + path + secret, l.ExpiresAt, nil
}

// Look returns the link of a secret and uses nothing up. The error is, the first that applies,
// [store.ErrNotFound], also for a link of another purpose, [store.ErrTaken] or [store.ErrExpired];
// with the last two comes the link.
func (n *Notifier) Look(ctx context.Context, secret string, p store.Purpose) (store.Link, error) {
	l, err := n.link(ctx, secret, p)
	switch {
	case err != nil:
	case !l.UsedAt.IsZero():
		err = store.ErrTaken
	case n.over(ctx, l):
		err = store.ErrExpired
	}
	if err != nil {
		return l, fmt.Errorf("look at a %s link: %w", p, err)
	}
	return l, nil
}

// link returns the link of a secret, over or not.
func (n *Notifier) link(ctx context.Context, secret string, p store.Purpose) (store.Link, error) {
	l, err := n.Store.Link(ctx, store.HashOf(secret))
	if err == nil && l.Purpose != p {
		return store.Link{}, store.ErrNotFound
	}
	return l, err
}

// over says that a link is too old. A clock in doubt is compared before that is said.
func (n *Notifier) over(ctx context.Context, l store.Link) bool {
	if n.now().Before(l.ExpiresAt) {
		return false
	}
	n.trusts(ctx)
	return !n.now().Before(l.ExpiresAt)
}
