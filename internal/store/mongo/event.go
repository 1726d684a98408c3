package mongo

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store"
)

type eventDocument struct {
	ID           bson.ObjectID   `bson:"_id"`
	ConnectionID string          `bson:"connection_id"`
	At           *bson.DateTime  `bson:"at"`
	Kind         store.EventKind `bson:"kind"`
	Caller       string          `bson:"caller"`
	Message      string          `bson:"message"`
}

// AppendEvent adds an event.
func (s *Store) AppendEvent(ctx context.Context, e store.Event) error {
	d := s.eventDocuments([]store.Event{e})[0]
	_, err := s.events.InsertOne(ctx, d)
	if err == nil {
		err = s.keepForOwner(ctx, e.ConnectionID, s.events, byID[bson.ObjectID]{d.ID})
	}
	return wrap(ctx, err, "append event of", e.ConnectionID)
}

// insertEvents adds events, if any, in their order.
func (s *Store) insertEvents(ctx context.Context, events ...store.Event) error {
	if len(events) == 0 {
		return nil
	}
	_, err := s.events.InsertMany(ctx, s.eventDocuments(events))
	return err
}

// eventDocuments gives the events ids that keep their order.
func (s *Store) eventDocuments(events []store.Event) []eventDocument {
	documents := make([]eventDocument, len(events))
	for i, e := range events {
		documents[i] = eventDocument{
			ID:           s.eventIDs.next(),
			ConnectionID: e.ConnectionID,
			At:           optionalDate(e.At),
			Kind:         e.Kind,
			Caller:       e.Caller,
			Message:      e.Message,
		}
	}
	return documents
}

// Events returns the newest events first, those that wait in the connection's own document among them.
func (s *Store) Events(ctx context.Context, connectionID string, limit int) ([]store.Event, error) {
	if limit <= 0 {
		return nil, nil // to the server, no limit
	}
	waiting, err := s.waitingEvents(ctx, connectionID)
	if err != nil {
		return nil, wrap(ctx, err, "events of", connectionID)
	}
	q := eventsOf(connectionID)
	cursor, err := s.events.Find(ctx, q.Filter, q.options(limit))
	if err != nil {
		return nil, wrap(ctx, err, "events of", connectionID)
	}
	var documents []eventDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, wrap(ctx, err, "events of", connectionID)
	}
	documents = newestFirst(limit, waiting, documents)
	events := make([]store.Event, len(documents))
	for i, d := range documents {
		events[i] = store.Event{
			ConnectionID: d.ConnectionID,
			At:           optionalTime(d.At),
			Kind:         d.Kind,
			Caller:       d.Caller,
			Message:      d.Message,
		}
	}
	return events, nil
}

// SweepEvents removes what happened long ago, also of what waited in a connection's own document.
func (s *Store) SweepEvents(ctx context.Context, before time.Time) (int, error) {
	if err := s.carryOver(ctx, time.Now()); err != nil {
		return 0, wrap(ctx, err, "carry events over")
	}
	result, err := s.events.DeleteMany(ctx, happenedBefore(before))
	if err != nil {
		return 0, wrap(ctx, err, "sweep events")
	}
	return int(result.DeletedCount), nil
}

// eventIDs makes object ids that put events of the same moment in the order of their adding. A usual
// object id knows the second; these have the nanosecond in its second half, and four bytes of their
// process. In one process they always grow; between processes as well as the clocks agree.
type eventIDs struct {
	last    atomic.Int64
	process [4]byte
}

func newEventIDs() *eventIDs {
	g := &eventIDs{}
	rand.Read(g.process[:])
	return g
}

func (g *eventIDs) next() bson.ObjectID {
	for {
		last := g.last.Load()
		now := max(time.Now().UnixNano(), last+1)
		if g.last.CompareAndSwap(last, now) {
			var id bson.ObjectID
			binary.BigEndian.PutUint32(id[:], uint32(now/int64(time.Second)))
			binary.BigEndian.PutUint32(id[4:], uint32(now%int64(time.Second)))
			copy(id[8:], g.process[:])
			return id
		}
	}
}
