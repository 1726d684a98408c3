package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// The indexes beside those of the keys: their fields in order, 1 ascending and -1 descending.
var (
	byDueTime    = bson.D{{Key: "next_refresh_at", Value: 1}}
	byNotice     = bson.D{{Key: "notice_at", Value: 1}}
	byLease      = bson.D{{Key: "lease_until", Value: 1}}
	byTry        = bson.D{{Key: "tried_at", Value: 1}, {Key: "trouble_since", Value: 1}}
	byTrouble    = bson.D{{Key: "trouble_cause", Value: 1}, {Key: "trouble_since", Value: 1}}
	byEnd        = bson.D{{Key: "status", Value: 1}, {Key: "token_expires_at", Value: 1}}
	byMoment     = bson.D{{Key: "connection_id", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}
	byPurpose    = bson.D{{Key: "connection_id", Value: 1}, {Key: "purpose", Value: 1}, {Key: "created_at", Value: 1}}
	byConnection = bson.D{{Key: "connection_id", Value: 1}}
	byExpiry     = bson.D{{Key: "expires_at", Value: 1}}
	byPending    = bson.D{{Key: "pending_at", Value: 1}}
	bySession    = bson.D{{Key: "sessions.secret", Value: 1}}
	bySessionEnd = bson.D{{Key: "sessions.expires_at", Value: 1}}
	byKind       = bson.D{{Key: "kind", Value: 1}, {Key: "at", Value: 1}}
	byAt         = bson.D{{Key: "at", Value: 1}}
)

// Migrate makes the collections and indexes. An index that is there costs one round trip, and the
// server lets several processes ask for the same at once. They go one by one: FerretDB breaks off a
// command that asks for two of which it has the first.
func (s *Store) Migrate(ctx context.Context) error {
	for _, index := range []struct {
		on   *driver.Collection
		keys bson.D
		// kept is how long after its expiry a document stays; nil when it does not expire.
		kept *time.Duration
	}{
		{on: s.connections, keys: byDueTime},
		{on: s.connections, keys: byNotice},
		{on: s.connections, keys: byLease},
		{on: s.connections, keys: byTry},
		{on: s.connections, keys: byTrouble},
		{on: s.connections, keys: byEnd},
		{on: s.connections, keys: byPending},
		{on: s.connections, keys: bySession},
		{on: s.connections, keys: bySessionEnd},
		{on: s.events, keys: byMoment},
		{on: s.events, keys: byAt},
		{on: s.links, keys: byPurpose},
		{on: s.links, keys: byExpiry, kept: new(store.LinkKept)},
		{on: s.records, keys: byConnection},
		{on: s.records, keys: byExpiry, kept: new(time.Duration(0))},
		{on: s.entries, keys: byConnection},
		{on: s.entries, keys: byKind},
		{on: s.erasures, keys: byAt},
	} {
		if err := createIndex(ctx, index.on, index.keys, index.kept); err != nil {
			return wrap(ctx, err, "migrate", index.on.Name())
		}
	}
	return wrap(ctx, errors.Join(s.makeIdentity(ctx), s.dropOutgrown(ctx), s.contactsToRecords(ctx), s.sessionsToConnections(ctx)), "migrate")
}

// indexOptionsConflict is the server's code for an index on the same fields with another name or
// expiry.
const indexOptionsConflict = 85

// createIndex makes an index. One on the same fields that somebody else made serves the queries as
// well, and a server that refuses to expire documents by an index gets one that does not.
func createIndex(ctx context.Context, on *driver.Collection, keys bson.D, kept *time.Duration) error {
	model := driver.IndexModel{Keys: keys}
	if kept != nil {
		model.Options = options.Index().SetExpireAfterSeconds(int32(*kept / time.Second))
	}
	_, err := on.Indexes().CreateOne(ctx, model)
	refusal, refused := errors.AsType[driver.CommandError](err)
	switch {
	case refused && refusal.Code == indexOptionsConflict:
		return nil
	case refused && kept != nil:
		return createIndex(ctx, on, keys, nil)
	default:
		return err
	}
}

// DeleteExpired removes what is over; a server may do the same by itself, or not. It also carries events over, and ends
// the erasures whose time has come.
func (s *Store) DeleteExpired(ctx context.Context, now time.Time) (int, error) {
	records, err := s.records.DeleteMany(ctx, over(now).Filter)
	if err != nil {
		return 0, wrap(ctx, err, "sweep records")
	}
	sessions, err := s.deleteSessionsOver(ctx, now)
	if err != nil {
		return int(records.DeletedCount), wrap(ctx, err, "sweep sessions")
	}
	err = errors.Join(wrap(ctx, s.carryOver(ctx, now), "carry events over"), s.endErasures(ctx, now))
	return int(records.DeletedCount) + sessions, err
}
