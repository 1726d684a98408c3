package mongo_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
)

// TestAConnectionIsDeletedFirst holds the order on which whoever writes for an owner relies: an erase is
// noted, then the connection goes, then what belonged to it.
func TestAConnectionIsDeletedFirst(t *testing.T) {
	t.Parallel()
	var commands watch
	s := commands.open(t)
	if _, err := s.PutConnection(t.Context(), connection("1", moment), store.Event{ConnectionID: "1"}); err != nil {
		t.Fatal(err)
	}
	commands.forget()
	if err := s.DeleteConnection(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	got := commands.seen()
	if len(got) < 2 || got[0] != "update erasures" || got[1] != "delete connections" {
		t.Errorf("%v does not begin with the note and the connection", got)
	}
	for _, what := range []string{"delete events", "delete sessions", "delete links", "delete records", "delete entries"} {
		if !slices.Contains(got, what) {
			t.Errorf("%v lacks %q", got, what)
		}
	}
}

// TestAnEraseThatBrokeOffIsEnded leaves behind what an erase had not come to, and what somebody wrote during
// it: a sweep removes it after the longest call. Who logs in again before that has nothing of it, and keeps what
// came since.
func TestAnEraseThatBrokeOffIsEnded(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	ctx := t.Context()
	now := time.Now()
	leaves := func(id string) {
		t.Helper()
		if _, err := db.Collection("events").InsertOne(ctx, bson.D{{Key: "connection_id", Value: id}, {Key: "at", Value: now}}); err != nil {
			t.Fatal(err)
		}
	}
	left := func(id string) int {
		t.Helper()
		events, err := s.Events(ctx, id, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(events)
	}
	for _, id := range []string{"gone", "back"} {
		if _, err := s.PutConnection(ctx, connection(id, now), store.Event{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteConnection(ctx, id); err != nil {
			t.Fatal(err)
		}
		leaves(id)
	}
	if _, err := db.Collection("records").InsertOne(ctx, bson.D{{Key: "_id", Value: "note/back"}, {Key: "connection_id", Value: "back"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutConnection(ctx, connection("back", now), store.Event{ConnectionID: "back"}); err != nil {
		t.Fatal(err)
	}
	if n := left("back"); n != 1 {
		t.Errorf("who is back has %d events, want that of her login alone", n)
	}
	if r, err := s.Record(ctx, "note", "back"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a record of before is hers again: %+v, %v", r, err)
	}
	leaves("back")
	const longest = 5 * time.Minute
	for _, tt := range []struct {
		at         time.Time
		gone, back int
		noted      int64
	}{
		{now.Add(longest - time.Second), 1, 2, 2},
		{time.Now().Add(longest), 0, 2, 0},
		{time.Now().Add(2 * longest), 0, 2, 0},
	} {
		if _, err := s.DeleteExpired(ctx, tt.at); err != nil {
			t.Fatal(err)
		}
		noted, err := db.Collection("erasures").CountDocuments(ctx, bson.D{})
		if err != nil || noted != tt.noted {
			t.Errorf("at %v: %d erasures are noted, %v, want %d", tt.at.Sub(now), noted, err, tt.noted)
		}
		if left("gone") != tt.gone || left("back") != tt.back {
			t.Errorf("at %v: %d events of who is gone and %d of who is back, want %d and %d", tt.at.Sub(now), left("gone"), left("back"), tt.gone, tt.back)
		}
	}
}
