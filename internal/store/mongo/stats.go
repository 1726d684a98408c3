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

// statuses are those that a count of all counts.
var statuses = [...]store.Status{store.StatusActive, store.StatusReconnect, store.StatusDisconnected}

// CountFailures counts by the indexes of tries and of troubles.
func (s *Store) CountFailures(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
	var t store.FailureCounts
	for _, count := range []struct {
		of   any
		into *int64
	}{
		{triedAfter(since), &t.Tried},
		{inTroubleAfter(cause, since), &t.Alike},
	} {
		n, err := s.connections.CountDocuments(ctx, count.of)
		if err != nil {
			return store.FailureCounts{}, wrap(ctx, err, "count_failures")
		}
		*count.into = n
	}
	return t, nil
}

// MakeDue finds by the indexes of due times and of tries.
func (s *Store) MakeDue(ctx context.Context, now time.Time) (int, error) {
	n := 0
	for _, wrong := range []struct{ filter, write any }{
		{putOffUntilAfter(now.Add(store.LongestWait)), dueWrite{Set: dueFields{NextRefreshAt: date(now)}, Inc: versionStep{1}}},
		{triedLaterThan(now.Add(store.ClockTolerance)), dueWrite{Set: dueFields{NextRefreshAt: date(now), TriedAt: new(date(now))}, Inc: versionStep{1}}},
	} {
		result, err := s.connections.UpdateMany(ctx, wrong.filter, wrong.write)
		if err != nil {
			return n, wrap(ctx, err, "make due what was put off")
		}
		n += int(result.ModifiedCount)
	}
	return n, nil
}

// dueWrite makes a connection due, and counts as a write of it.
type dueWrite struct {
	Set dueFields   `bson:"$set"`
	Inc versionStep `bson:"$inc"`
}

type dueFields struct {
	NextRefreshAt bson.DateTime  `bson:"next_refresh_at"`
	TriedAt       *bson.DateTime `bson:"tried_at,omitempty"`
}

type versionStep struct {
	Version int64 `bson:"version"`
}

// Count counts by the index of statuses and expiries. What expires between one end and the next is
// counted once and added up here, so that many ends cost no more than few.
func (s *Store) Count(ctx context.Context, ends []time.Time) (store.Counts, error) {
	c, err := s.countAll(ctx, ends)
	if err != nil {
		return store.Counts{}, wrap(ctx, err, "count")
	}
	return c, nil
}

func (s *Store) countAll(ctx context.Context, ends []time.Time) (store.Counts, error) {
	c := store.Counts{Status: map[store.Status]int64{}, Ending: make([]int64, len(ends))}
	for _, status := range statuses {
		n, err := s.connections.CountDocuments(ctx, ofStatus{status})
		if err != nil {
			return c, err
		}
		c.Status[status] = n
	}
	begin := never
	for i, end := range ends {
		n, err := s.connections.CountDocuments(ctx, activeEnding(between{begin, date(end)}))
		if err != nil {
			return c, err
		}
		c.Dated += n
		c.Ending[i] = c.Dated
		begin = date(end)
	}
	rest, err := s.connections.CountDocuments(ctx, activeEnding(after{begin}))
	if err != nil {
		return c, err
	}
	c.Dated += rest
	c.Soonest, err = s.soonestEnd(ctx)
	return c, err
}

// soonestEnd returns the first expiry of an active connection; zero when there is none.
func (s *Store) soonestEnd(ctx context.Context) (time.Time, error) {
	var d connectionDocument
	q := soonest()
	err := s.connections.FindOne(ctx, q.Filter, options.FindOne().SetSort(q.Sort).SetProjection(expiry)).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		return time.Time{}, nil
	}
	return optionalTime(d.Fields.TokenExpiresAt), err
}

// DueNotices returns the connections whose owners are to be told.
func (s *Store) DueNotices(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
	connections, err := s.find(ctx, dueNotices(now), limit)
	return connections, wrap(ctx, err, "due notices")
}

// sweepID is the key of the document in meta that records the last sweep.
const sweepID = "sweep"

type sweepDocument struct {
	At *bson.DateTime `bson:"at"`
}

// RecordSweep writes the moment over the one before.
func (s *Store) RecordSweep(ctx context.Context, at time.Time) error {
	_, err := s.meta.UpdateOne(ctx, byID[string]{sweepID}, set[sweepDocument]{sweepDocument{optionalDate(at)}},
		options.UpdateOne().SetUpsert(true))
	return wrap(ctx, err, "record sweep")
}

// LastSweep returns the recorded moment.
func (s *Store) LastSweep(ctx context.Context) (time.Time, error) {
	var d sweepDocument
	if err := s.meta.FindOne(ctx, byID[string]{sweepID}).Decode(&d); err != nil {
		return time.Time{}, wrap(ctx, notFound(err), "last sweep")
	}
	return optionalTime(d.At), nil
}
