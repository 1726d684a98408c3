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
	byDueTime    = bson.D{{Key: "status", Value: 1}, {Key: "next_refresh_at", Value: 1}, {Key: "lease_until", Value: 1}}
	byMoment     = bson.D{{Key: "connection_id", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}
	byConnection = bson.D{{Key: "connection_id", Value: 1}}
	byExpiry     = bson.D{{Key: "expires_at", Value: 1}}
)

// Prepare makes the collections and indexes. Those that are there cost one round trip a collection,
// and the server lets several processes ask for the same at once.
func (s *Store) Prepare(ctx context.Context) error {
	err := createIndexes(ctx, s.connections, byDueTime)
	if err == nil {
		err = createIndexes(ctx, s.events, byMoment)
	}
	if err == nil {
		err = createExpiry(ctx, s.sessions, 0, byConnection)
	}
	if err == nil {
		err = createExpiry(ctx, s.authRequests, store.AuthRequestKept)
	}
	return wrap(ctx, err, "prepare")
}

func createIndexes(ctx context.Context, c *driver.Collection, keys ...bson.D) error {
	models := make([]driver.IndexModel, len(keys))
	for i := range keys {
		models[i].Keys = keys[i]
	}
	_, err := c.Indexes().CreateMany(ctx, models)
	return err
}

// createExpiry makes the index of expiry, by which the server removes a document when it has been
// over for as long as kept. A server that refuses gets the same index without that.
func createExpiry(ctx context.Context, c *driver.Collection, kept time.Duration, others ...bson.D) error {
	_, err := c.Indexes().CreateOne(ctx, driver.IndexModel{
		Keys:    byExpiry,
		Options: options.Index().SetExpireAfterSeconds(int32(kept / time.Second)),
	})
	if _, refused := errors.AsType[driver.CommandError](err); err == nil || refused {
		return createIndexes(ctx, c, append(others, byExpiry)...)
	}
	return err
}

// Sweep removes what is over; a server may do the same by itself, or not.
func (s *Store) Sweep(ctx context.Context, now time.Time) (int, error) {
	requests, err := s.authRequests.DeleteMany(ctx, over(now.Add(-store.AuthRequestKept)).Filter)
	if err != nil {
		return 0, wrap(ctx, err, "sweep authorization requests")
	}
	sessions, err := s.sessions.DeleteMany(ctx, over(now).Filter)
	if err != nil {
		return int(requests.DeletedCount), wrap(ctx, err, "sweep sessions")
	}
	return int(requests.DeletedCount + sessions.DeletedCount), nil
}
