package refresh

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// Refresh refreshes one connection now, due or not, under the same lease and by the same rules as
// Run, and returns it as it stands afterwards. The history tells who asked, and what came of it.
// Errors, besides those of the store: ErrNotFound for an id that is not there, vault.ErrNoToken for a
// connection that was disconnected, and, each with what to do, a token that is too young, another
// process at work on it, and what Instagram said.
func (k *Keeper) Refresh(ctx context.Context, by vault.Caller, id string) (store.Connection, error) {
	k.prepare.Do(k.setUp)
	k.settle(ctx)
	at, now := time.Now(), k.Now()
	lease, err := k.Store.Claim(ctx, id, k.Holder, now, leaseTerm)
	if errors.Is(err, store.ErrLeaseLost) {
		k.tellSkipped(ctx, by, id, errAtWork)
		return store.Connection{}, fmt.Errorf("connection %s: %w: %w", id, errAtWork, err)
	}
	if err != nil {
		return store.Connection{}, err
	}
	c, r, err := k.onDemand(ctx, by, claimed{lease, at})
	if err != nil {
		return c, fmt.Errorf("refresh connection %s: %w", id, err)
	}
	if r.failure != nil {
		return c, fmt.Errorf("refresh connection %s: %w. %s", id, r.failure.err, r.failure.advice())
	}
	return c, nil
}

var (
	errAtWork  = errors.New("another process refreshes it just now; try again in a few minutes")
	errSpilled = errors.New("an answer of Instagram still waits in the spill folder to be written; try again when the store answers")
)

// errTooYoung says from when on Instagram refreshes the token of a connection.
func errTooYoung(c store.Connection) error {
	return fmt.Errorf("the token is younger than 24 hours, which Instagram refuses; try again after %s",
		ripeAt(c).UTC().Format("2 January 2006, 15:04 UTC"))
}

func (k *Keeper) onDemand(ctx context.Context, by vault.Caller, c claimed) (store.Connection, result, error) {
	id := c.lease.ConnectionID
	conn, err := k.Store.Connection(ctx, id)
	if err == nil {
		err = k.hindrance(conn)
	}
	var app store.Alarm
	if err == nil {
		app, err = k.alarm(ctx, store.AlarmApp)
	}
	if err != nil {
		k.tellSkipped(ctx, by, id, err)
		k.release(ctx, c.lease)
		return conn, result{}, err
	}
	t := &attempt{Keeper: k, claimed: c, caller: by, read: conn, probing: app.Lasts()}
	r, err := t.run(ctx)
	if err != nil {
		if !r.told {
			t.tellBroken(ctx, err)
		}
		k.broken(ctx, t.claimed.lease, err)
		return conn, r, err
	}
	if !r.told {
		err = t.tellUnwritten(ctx, r)
	}
	k.release(ctx, t.claimed.lease)
	return r.connection, r, err
}

// hindrance is why a connection is not to be tried now; nil when nothing is in the way.
func (k *Keeper) hindrance(c store.Connection) error {
	switch {
	case c.SealedToken == nil:
		return vault.ErrNoToken
	case k.Spill.Has(c.ID):
		return errSpilled
	case tooYoung(c, k.Now()):
		return errTooYoung(c)
	default:
		return nil
	}
}

// tellUnwritten tells the history of a try that changed nothing, because somebody else wrote first or the
// token turned out to be too young. The error is what whoever asked has to hear.
func (t *attempt) tellUnwritten(ctx context.Context, r result) (err error) {
	told := "an answer came too late to count, because somebody else wrote first"
	switch {
	case r.failure != nil:
		told = r.failure.String() + "; " + told
	case r.connection.SealedToken == nil: // ended or erased meanwhile
		err = vault.ErrNoToken
	case tooYoung(r.connection, t.Now()) && sameLogin(t.read, r.connection):
		err = errTooYoung(r.connection)
		told = err.Error()
	}
	t.tell(ctx, t.caller, t.read.ID, store.EventRefreshFailed, told)
	return err
}

// tellBroken tells the history of a try that broke off. Of an answer that waits in the spill folder it is told
// when it is written.
func (t *attempt) tellBroken(ctx context.Context, err error) {
	if !t.Spill.Has(t.read.ID) {
		t.tell(ctx, t.caller, t.read.ID, store.EventRefreshFailed, "it broke off: "+err.Error())
	}
}

// tellSkipped tells the history of a refresh that was not even tried.
func (k *Keeper) tellSkipped(ctx context.Context, by vault.Caller, id string, err error) {
	k.tell(ctx, by, id, store.EventRefreshSkipped, err.Error())
}

// tell adds a line to the history. Where that fails, or nobody is left whom it could be about, whoever asked
// hears the same as an error in any case.
func (k *Keeper) tell(ctx context.Context, by vault.Caller, id string, kind store.EventKind, message string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime(ctx))
	defer cancel()
	e := store.Event{ConnectionID: id, At: k.Now(), Kind: kind, Caller: string(by), Message: message}
	if err := k.Store.AppendEvent(ctx, e); err != nil && !errors.Is(err, store.ErrOwnerGone) {
		k.Log.WarnContext(ctx, "the history does not tell of a refresh that somebody asked for", "connection", id, "error", err)
	}
}
