package vault

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/store"
)

// Disconnect ends a connection: its token is destroyed, the rest of the row stays, and only a
// login revives it. It returns the connection as stored. One that is disconnected already is
// returned as it is. The owner's sessions go on: she may want to see what she did.
func (v *Vault) Disconnect(ctx context.Context, by Caller, id string) (c store.Connection, err error) {
	for range writeTries {
		if c, err = v.disconnect(ctx, by, id); !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return c, about("disconnect", id, by, err)
}

// disconnect is one try at the version that it reads.
func (v *Vault) disconnect(ctx context.Context, by Caller, id string) (store.Connection, error) {
	c, err := v.Store.Connection(ctx, id)
	if err != nil || c.Status == store.StatusDisconnected {
		return c, err
	}
	c, event := v.Ended(c, by)
	return v.Store.UpdateConnection(ctx, c, event)
}

// Ended returns the connection as it is after its end, and the event that tells of it. It writes
// nothing: with the version that c has, the write counts only if nobody wrote since c was read.
func (v *Vault) Ended(c store.Connection, by Caller) (store.Connection, store.Event) {
	event := v.event(store.EventDisconnected, by, c.ID)
	event.Message = disconnectedBy(by)
	c.Status, c.StatusReason = store.StatusDisconnected, event.Message
	c.SealedToken = nil
	c.TokenIssuedAt, c.TokenExpiresAt = time.Time{}, time.Time{}
	c.NextRefreshAt, c.NoticeAt, c.Failure = time.Time{}, time.Time{}, store.RefreshFailure{}
	return c, event
}

// EndedBy says who ended a connection, by the reason that stands in it: its owner, the keeper of the
// tokens, or anybody else, who is the command line.
func EndedBy(reason string) Caller {
	for _, by := range []Caller{CallerOwner, CallerRefresh} {
		if reason == disconnectedBy(by) {
			return by
		}
	}
	return CallerCommandLine
}

// disconnectedBy is the reason that stands in a connection. Pages tell it to its owner in words of
// their own.
func disconnectedBy(by Caller) string {
	switch by {
	case CallerOwner:
		return "Disconnected on the page of its owner. A login connects it again."
	case CallerRefresh:
		return "Removed in the owner's settings at Instagram. A login connects it again."
	default:
		return "Disconnected by the operator of this service. A login connects it again."
	}
}

// Erase removes everything that is kept about a connection: the token, the numbers, the history,
// the sessions. No event is left, since nobody is left whom it could be about.
func (v *Vault) Erase(ctx context.Context, by Caller, id string) error {
	return about("erase", id, by, v.Store.DeleteConnection(ctx, id))
}
