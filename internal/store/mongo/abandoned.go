package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// abandonedDocument is what tells whether a try was made under a lease that was not released.
type abandonedDocument struct {
	ID            string         `bson:"_id"`
	Version       int64          `bson:"version"`
	Term          int64          `bson:"lease_term"`
	Until         bson.DateTime  `bson:"lease_until"`
	ConnectedAt   *bson.DateTime `bson:"connected_at"`
	TriedAt       *bson.DateTime `bson:"tried_at"`
	NextRefreshAt *bson.DateTime `bson:"next_refresh_at"`
}

// abandonedAt is the filter of what nobody wrote or claimed since it was read.
type abandonedAt struct {
	At   connectionAt `bson:",inline"`
	Term int64        `bson:"lease_term"`
}

// abandonedFields is the projection of an abandonedDocument.
var abandonedFields = bson.D{
	{Key: "version", Value: 1},
	{Key: "lease_term", Value: 1},
	{Key: "lease_until", Value: 1},
	{Key: "connected_at", Value: 1},
	{Key: "tried_at", Value: 1},
	{Key: "next_refresh_at", Value: 1},
}

// waits says that nothing was written of a try under a lease of the term, and that none is due at now.
func (d *abandonedDocument) waits(now time.Time, term time.Duration) bool {
	last := optionalTime(d.TriedAt)
	if d.TriedAt == nil {
		last = optionalTime(d.ConnectedAt)
	}
	return optionalTime(d.NextRefreshAt).After(now) && last.Before(timeOf(d.Until).Add(-term))
}

// MakeAbandonedDue reads the leases that were not released by their index, and compares here what of it no
// index can.
func (s *Store) MakeAbandonedDue(ctx context.Context, now time.Time, term time.Duration) (int, error) {
	n, err := s.makeAbandonedDue(ctx, now, term)
	return n, wrap(ctx, err, "make due what was abandoned")
}

func (s *Store) makeAbandonedDue(ctx context.Context, now time.Time, term time.Duration) (int, error) {
	cursor, err := s.connections.Find(ctx, notReleased(now, term), options.Find().SetProjection(abandonedFields))
	if err != nil {
		return 0, err
	}
	var found []abandonedDocument
	if err := cursor.All(ctx, &found); err != nil {
		return 0, err
	}
	n := 0
	write := dueWrite{Set: dueFields{NextRefreshAt: date(now)}, Inc: versionStep{1}}
	for _, d := range found {
		if !d.waits(now, term) {
			continue
		}
		result, err := s.connections.UpdateOne(ctx, abandonedAt{connectionAt{d.ID, d.Version}, d.Term}, write)
		if err != nil {
			return n, err
		}
		n += int(result.ModifiedCount)
	}
	return n, nil
}
