package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
)

// closePatience bounds how long Close waits for what is under way.
const closePatience = 5 * time.Second

// Store is a store in one MongoDB database.
type Store struct {
	client      *driver.Client
	connections *driver.Collection
	events      *driver.Collection
	alarms      *driver.Collection
	links       *driver.Collection
	records     *driver.Collection
	entries     *driver.Collection
	erasures    *driver.Collection
	meta        *driver.Collection
	eventIDs    *eventIDs
	known       known
}

var _ store.Store = (*Store)(nil)

// Open returns the store at a mongodb:// or mongodb+srv:// address that names a database. An error
// says that the address is wrong, and does not hold it, as it may hold a password. Open does not
// ask the server, so it has no use for the context that every store is opened with; Ping asks.
//
// A call whose context has no deadline ends after 10 seconds, or what timeoutMS of the address
// says. Writes are acknowledged by a majority and reads go to the primary, whatever the address says.
func Open(_ context.Context, uri string) (*Store, error) {
	opts, database, err := parse(uri)
	if err != nil {
		return nil, fmt.Errorf("mongo: %w", err)
	}
	client, err := driver.Connect(opts)
	if err != nil {
		return nil, fmt.Errorf("mongo: %w", withoutSecrets(uri))
	}
	return on(client.Database(database)), nil
}

func on(db *driver.Database) *Store {
	return &Store{
		client:      db.Client(),
		connections: db.Collection("connections"),
		events:      db.Collection("events"),
		alarms:      db.Collection("alarms"),
		links:       db.Collection("links"),
		records:     db.Collection("records"),
		entries:     db.Collection("entries"),
		erasures:    db.Collection("erasures"),
		meta:        db.Collection("meta"),
		eventIDs:    newEventIDs(),
	}
}

// Ping asks the primary for an answer.
func (s *Store) Ping(ctx context.Context) error {
	return wrap(ctx, s.client.Ping(ctx, nil), "ping")
}

// Close ends the connections to the server. It waits a few seconds for what is under way.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	return wrap(ctx, s.client.Disconnect(ctx), "close")
}

// byID is the filter of one document.
type byID[T any] struct {
	ID T `bson:"_id"`
}

// among is the filter of documents by their keys.
type among[T any] struct {
	ID struct {
		Among []T `bson:"$in"`
	} `bson:"_id"`
}

// set is an update that sets the fields of T.
type set[T any] struct {
	Set T `bson:"$set"`
}

// date cuts a moment to the millisecond.
func date(t time.Time) bson.DateTime { return bson.DateTime(t.UnixMilli()) }

// optionalDate is nil for the zero time, which means never.
func optionalDate(t time.Time) *bson.DateTime {
	if t.IsZero() {
		return nil
	}
	d := date(t)
	return &d
}

func timeOf(d bson.DateTime) time.Time { return time.UnixMilli(int64(d)).UTC() }

func optionalTime(d *bson.DateTime) time.Time {
	if d == nil {
		return time.Time{}
	}
	return timeOf(*d)
}

// optional is nil for the zero value, which means that there is none.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func valueOf[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
