package mongo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The events of a write of a connection lie in its own document, written by the very same update, until a
// sweep carries them over to the others. So no such event is lost with a process that dies after the
// write, and none outlives a connection that is erased during it.

// pendingDocument is what of a connection waits to be carried over.
type pendingDocument struct {
	ID      string          `bson:"_id"`
	Pending []eventDocument `bson:"pending"`
	Version int64           `bson:"version"`
	// ConnectedAt tells the connection from one that logged in again after an erase.
	ConnectedAt *bson.DateTime `bson:"connected_at"`
}

// pendingOnly is the projection that leaves a pendingDocument.
var pendingOnly = struct {
	Pending     int `bson:"pending"`
	Version     int `bson:"version"`
	ConnectedAt int `bson:"connected_at"`
}{1, 1, 1}

// pendingFields is how a connection looks of which nothing waits.
type pendingFields struct {
	Pending   []eventDocument `bson:"pending"`
	PendingAt *bson.DateTime  `bson:"pending_at"`
}

// carryAtOnce is how many connections are asked for at once.
const carryAtOnce = 500

// carryOver brings all that waits to the other events. What was written just now may wait on.
func (s *Store) carryOver(ctx context.Context, now time.Time) error {
	for {
		q := pendingUpTo(now)
		cursor, err := s.connections.Find(ctx, q.Filter, q.options(carryAtOnce).SetProjection(pendingOnly))
		if err != nil {
			return err
		}
		var waiting []pendingDocument
		if err := cursor.All(ctx, &waiting); err != nil {
			return err
		}
		done := 0
		for _, d := range waiting {
			carried, err := s.carry(ctx, d)
			if err != nil {
				return err
			}
			if carried {
				done++
			}
		}
		if len(waiting) < carryAtOnce || done == 0 {
			return nil
		}
	}
}

// carry adds the events and takes them off the connection. When it was written since it was read they stay there
// as well, under the same ids, until the next time; when it was erased since, they go again.
func (s *Store) carry(ctx context.Context, d pendingDocument) (done bool, err error) {
	if len(d.Pending) > 0 {
		_, err := s.events.InsertMany(ctx, d.Pending, options.InsertMany().SetOrdered(false))
		if err != nil && !driver.IsDuplicateKeyError(err) {
			return false, err
		}
	}
	as := connectionOfLogin{connectionAt{d.ID, d.Version}, d.ConnectedAt}
	result, err := s.connections.UpdateOne(ctx, as, set[pendingFields]{pendingFields{Pending: []eventDocument{}}})
	if err != nil || result.MatchedCount > 0 {
		return err == nil, err
	}
	now, err := s.pending(ctx, d.ID)
	if err == nil && valueOf(now.ConnectedAt) == valueOf(d.ConnectedAt) {
		return false, nil
	}
	if err != nil && !errors.Is(err, driver.ErrNoDocuments) {
		return false, err
	}
	var carried among[bson.ObjectID]
	carried.ID.Among = []bson.ObjectID{}
	for _, e := range d.Pending {
		carried.ID.Among = append(carried.ID.Among, e.ID)
	}
	_, err = s.events.DeleteMany(ctx, carried)
	return false, err
}

// pending reads what of a connection waits.
func (s *Store) pending(ctx context.Context, id string) (d pendingDocument, err error) {
	err = s.connections.FindOne(ctx, byID[string]{id}, options.FindOne().SetProjection(pendingOnly)).Decode(&d)
	return d, err
}

// waitingEvents returns those of a connection that are not carried over; none where there is no connection.
func (s *Store) waitingEvents(ctx context.Context, id string) ([]eventDocument, error) {
	d, err := s.pending(ctx, id)
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return d.Pending, err
}

// newestFirst joins events, each once, in the order in which they are told.
func newestFirst(limit int, all ...[]eventDocument) []eventDocument {
	events := slices.Concat(all...)
	slices.SortFunc(events, func(a, b eventDocument) int {
		return cmp.Or(-cmp.Compare(valueOf(a.At), valueOf(b.At)), -bytes.Compare(a.ID[:], b.ID[:]))
	})
	events = slices.CompactFunc(events, func(a, b eventDocument) bool { return a.ID == b.ID })
	return events[:min(limit, len(events))]
}
