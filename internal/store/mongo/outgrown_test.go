package mongo_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// oldContact is a contact as it was kept before contacts were records.
func oldContact(id string, confirmedAt any) bson.D {
	return bson.D{
		{Key: "_id", Value: id},
		{Key: "address", Value: id + "@example.org"},
		{Key: "asked_at", Value: moment},
		{Key: "confirmed_at", Value: confirmedAt},
	}
}

// TestContactsBecomeRecords lets several servers start at once on what an earlier one kept, of which one that was
// killed had brought some forward: each contact is one record, and the newer one where there is one already.
func TestContactsBecomeRecords(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	ctx := t.Context()
	for _, id := range []string{"confirmed", "asked", "changed since"} {
		if _, err := s.PutConnection(ctx, connection(id, moment), store.Event{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
	}
	changed := store.Record{Kind: "contact", Key: "changed since", Owner: "changed since", Body: []byte("{}")}
	for ; changed.Version < 2; changed.Version++ {
		if _, err := s.PutRecord(ctx, changed); err != nil {
			t.Fatal(err)
		}
	}
	old := db.Collection("contacts")
	for _, c := range []bson.D{
		oldContact("confirmed", moment.Add(time.Hour)), oldContact("asked", nil),
		oldContact("changed since", moment), oldContact("erased", moment),
	} {
		if _, err := old.InsertOne(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	var all errgroup.Group
	for range 4 {
		all.Go(func() error {
			s, err := mongo.Open(ctx, uri)
			if err != nil {
				return err
			}
			defer s.Close()
			return s.Migrate(ctx)
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	if n, err := old.CountDocuments(ctx, bson.D{}); err != nil || n != 0 {
		t.Errorf("%d contacts are where they were, %v", n, err)
	}
	got := map[string]string{}
	cursor, err := db.Collection("records").Find(ctx, bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var records []struct {
		ID    string `bson:"_id"`
		Owner string `bson:"connection_id"`
		Body  []byte
	}
	if err := cursor.All(ctx, &records); err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		got[r.ID+" of "+r.Owner] = string(r.Body)
	}
	want := map[string]string{
		"contact/confirmed of confirmed":         `{"address":"confirmed@example.org","asked_at":1795435200000,"confirmed_at":1795438800000}`,
		"contact/asked of asked":                 `{"address":"asked@example.org","asked_at":1795435200000,"confirmed_at":null}`,
		"contact/changed since of changed since": `{}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// TestSessionsGoIntoTheirConnections lets several servers start at once on the sessions that an earlier one kept: each is
// in its connection, once, and of somebody who is gone none is.
func TestSessionsGoIntoTheirConnections(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	ctx := t.Context()
	for _, id := range []string{"1", "2"} {
		if _, err := s.PutConnection(ctx, connection(id, moment), store.Event{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
	}
	old := db.Collection("sessions")
	for browser, id := range map[string]string{"phone": "1", "desk": "1", "tablet": "2", "of nobody": "3"} {
		_, err := old.InsertOne(ctx, bson.D{
			{Key: "_id", Value: store.HashOf(browser)},
			{Key: "connection_id", Value: id},
			{Key: "created_at", Value: moment},
			{Key: "seen_at", Value: moment.Add(time.Hour)},
			{Key: "expires_at", Value: moment.Add(2 * time.Hour)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var all errgroup.Group
	for range 4 {
		all.Go(func() error {
			s, err := mongo.Open(ctx, uri)
			if err != nil {
				return err
			}
			defer s.Close()
			return s.Migrate(ctx)
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	if n, err := old.CountDocuments(ctx, bson.D{}); err != nil || n != 0 {
		t.Errorf("%d sessions are where they were, %v", n, err)
	}
	for browser, id := range map[string]string{"phone": "1", "desk": "1", "tablet": "2"} {
		want := store.Session{
			Secret: store.HashOf(browser), ConnectionID: id,
			CreatedAt: moment, SeenAt: moment.Add(time.Hour), ExpiresAt: moment.Add(2 * time.Hour),
		}
		got, c, err := s.Session(ctx, want.Secret)
		if diff := cmp.Diff(want, got); err != nil || diff != "" || c.ID != id || c.Version != 1 {
			t.Errorf("%s of %s, version %d, %v (-want +got):\n%s", browser, c.ID, c.Version, err, diff)
		}
	}
	if _, _, err := s.Session(ctx, store.HashOf("of nobody")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a session of nobody: %v", err)
	}
}
