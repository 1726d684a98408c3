package storetest

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

func put(c store.Connection, e store.Event, begins ...store.Session) op {
	return op{"put connection " + c.ID, func(ctx context.Context, s store.Store) (any, error) {
		return s.PutConnection(ctx, c, e, begins...)
	}}
}

func update(c store.Connection, told ...store.Event) op {
	name := fmt.Sprintf("update connection %s at version %d", c.ID, c.Version)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.UpdateConnection(ctx, c, told...)
	}}
}

func connection(id string) op {
	return op{"connection " + id, func(ctx context.Context, s store.Store) (any, error) {
		return s.Connection(ctx, id)
	}}
}

func deleteConnection(id string) op {
	return op{"delete connection " + id, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.DeleteConnection(ctx, id)
	}}
}

// listIDs gives the ids of a page of connections.
func listIDs(after string, limit int) op {
	name := fmt.Sprintf("list %d connections after %q", limit, after)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		page, err := s.ListConnections(ctx, after, limit)
		return ids(page), err
	}}
}

// firstPage gives whole connections.
func firstPage(limit int) op {
	name := fmt.Sprintf("list %d connections", limit)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		page, err := s.ListConnections(ctx, "", limit)
		return orNil(page), err
	}}
}

func appendEvent(e store.Event) op {
	return op{"append event to " + e.ConnectionID, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.AppendEvent(ctx, e)
	}}
}

func events(id string, limit int) op {
	name := fmt.Sprintf("%d events of %s", limit, id)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		found, err := s.Events(ctx, id, limit)
		return orNil(found), err
	}}
}

func sweepEvents(before time.Time) op {
	return op{fmt.Sprintf("sweep events before %v", before), func(ctx context.Context, s store.Store) (any, error) {
		return s.SweepEvents(ctx, before)
	}}
}

// claimDue gives the ids of what was claimed.
func claimDue(holder string, now time.Time, limit int) op {
	return claimDueFor(holder, now, term, limit)
}

func claimDueFor(holder string, now time.Time, term time.Duration, limit int) op {
	name := fmt.Sprintf("%s claims %d due at %v for %v", holder, limit, now, term)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		leases, err := s.ClaimDue(ctx, holder, now, term, limit)
		var ids []string
		for _, l := range leases {
			ids = append(ids, l.ConnectionID)
		}
		return ids, err
	}}
}

func claim(id, holder string, now time.Time) op { return claimFor(id, holder, now, term) }

func claimFor(id, holder string, now time.Time, term time.Duration) op {
	name := fmt.Sprintf("%s claims %s at %v for %v", holder, id, now, term)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.Claim(ctx, id, holder, now, term)
	}}
}

func renew(l store.Lease, now time.Time) op {
	name := fmt.Sprintf("%s renews term %d of %s at %v", l.Holder, l.Term, l.ConnectionID, now)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.RenewLease(ctx, l, now, term)
	}}
}

func release(l store.Lease) op {
	name := fmt.Sprintf("%s releases term %d of %s", l.Holder, l.Term, l.ConnectionID)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.ReleaseLease(ctx, l)
	}}
}

func makeAbandonedDue(now time.Time) op { return makeAbandonedDueFor(now, term) }

func makeAbandonedDueFor(now time.Time, term time.Duration) op {
	name := fmt.Sprintf("make due what was abandoned under a term of %v at %v", term, now)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.MakeAbandonedDue(ctx, now, term)
	}}
}

// signIn is a login with which sessions of one connection begin.
func signIn(begins ...store.Session) op {
	id := begins[0].ConnectionID
	return put(bare(id), happened(id, noon, "signed in"), begins...)
}

func session(secret store.Hash) op {
	return op{"session", func(ctx context.Context, s store.Store) (any, error) {
		found, _, err := s.Session(ctx, secret)
		return found, err
	}}
}

// connectionOfSession gives the connection that comes with a session.
func connectionOfSession(secret store.Hash) op {
	return op{"connection of the session", func(ctx context.Context, s store.Store) (any, error) {
		_, c, err := s.Session(ctx, secret)
		return c, err
	}}
}

func touchSession(secret store.Hash, seenAt, expiresAt time.Time) op {
	return op{"touch session", func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.TouchSession(ctx, secret, seenAt, expiresAt)
	}}
}

func deleteSession(secret store.Hash) op {
	return op{"delete session", func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.DeleteSession(ctx, secret)
	}}
}

func deleteSessions(id string) op {
	return op{"delete sessions of " + id, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.DeleteSessions(ctx, id)
	}}
}

func fingerprint() op {
	return op{"keyring fingerprint", func(ctx context.Context, s store.Store) (any, error) {
		return s.KeyringFingerprint(ctx)
	}}
}

func replaceFingerprint(old, fingerprint string) op {
	name := fmt.Sprintf("replace keyring fingerprint %q by %q", old, fingerprint)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.ReplaceKeyringFingerprint(ctx, old, fingerprint)
	}}
}

func holdsSealed() op {
	return op{"holds sealed", func(ctx context.Context, s store.Store) (any, error) {
		return s.HoldsSealed(ctx)
	}}
}

func prepare() op {
	return op{"migrate", func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.Migrate(ctx)
	}}
}

func ping() op {
	return op{"ping", func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.Ping(ctx)
	}}
}

func checkWrite() op {
	return op{"check write", func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.CheckWrite(ctx)
	}}
}

// identity gives whether there is a name at all.
func identity() op {
	return op{"identity", func(ctx context.Context, s store.Store) (any, error) {
		name, err := s.Identity(ctx)
		return name != "", err
	}}
}

func sweep(now time.Time) op {
	return op{fmt.Sprintf("sweep at %v", now), func(ctx context.Context, s store.Store) (any, error) {
		return s.DeleteExpired(ctx, now)
	}}
}

func ids(connections []store.Connection) []string {
	var all []string
	for _, c := range connections {
		all = append(all, c.ID)
	}
	return all
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
