package mongo_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// at is an event of the connection 1, some minutes after the moment.
func at(minutes int) store.Event {
	return store.Event{
		ConnectionID: "1", At: moment.Add(time.Duration(minutes) * time.Minute), Kind: store.EventRefreshed,
		Caller: "refresh", Message: fmt.Sprint(minutes),
	}
}

// told is the messages of the newest events, in their order.
func told(t *testing.T, s *mongo.Store, limit int) []string {
	t.Helper()
	events, err := s.Events(t.Context(), "1", limit)
	if err != nil {
		t.Fatal(err)
	}
	var messages []string
	for _, e := range events {
		messages = append(messages, e.Message)
	}
	return messages
}

// TestEventsAreCarriedOver reads a history while its events lie in the connection, among the others, and in both
// places: it is the same, each event once and the newest first.
func TestEventsAreCarriedOver(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	ctx := t.Context()
	c, err := s.PutConnection(ctx, connection("1", moment), at(1))
	if err != nil {
		t.Fatal(err)
	}
	if c, err = s.UpdateConnection(ctx, c, at(4), at(4)); err != nil {
		t.Fatal(err)
	}
	if err := s.AppendEvent(ctx, at(2)); err != nil {
		t.Fatal(err)
	}
	reads := func(when string, newest ...string) {
		t.Helper()
		for limit := range len(newest) + 2 {
			want := newest[:min(limit, len(newest))]
			if got := told(t, s, limit); !cmp.Equal(want, got) && limit > 0 {
				t.Errorf("%s: the %d newest are %q, want %q", when, limit, got, want)
			}
		}
	}
	reads("before", "4", "4", "2", "1")
	waiting := one(t, db.Collection("connections")).Lookup("pending")
	if _, err := s.DeleteExpired(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	reads("carried over", "4", "4", "2", "1")
	if n, err := db.Collection("events").CountDocuments(ctx, bson.D{}); err != nil || n != 4 {
		t.Errorf("%d events are where they belong, %v", n, err)
	}
	// As after a process that died before it took them off the connection.
	back := bson.D{{Key: "$set", Value: bson.D{{Key: "pending", Value: waiting}, {Key: "pending_at", Value: moment}}}}
	if _, err := db.Collection("connections").UpdateOne(ctx, bson.D{}, back); err != nil {
		t.Fatal(err)
	}
	reads("in both places", "4", "4", "2", "1")
	if _, err := s.UpdateConnection(ctx, c, at(3)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.DeleteExpired(ctx, time.Now()); err != nil {
			t.Fatal(err)
		}
		reads("carried over again", "4", "4", "3", "2", "1")
	}
	if n, err := db.Collection("events").CountDocuments(ctx, bson.D{}); err != nil || n != 5 {
		t.Errorf("%d events are where they belong, %v", n, err)
	}
}

// TestNoEventOutlivesItsConnection erases a connection between the reading of its events and their carrying.
func TestNoEventOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	ctx := t.Context()
	for _, id := range []string{"1", "2"} {
		if _, err := s.PutConnection(ctx, connection(id, moment), store.Event{ConnectionID: id, At: moment}); err != nil {
			t.Fatal(err)
		}
	}
	err := mongo.CarryOver(ctx, s, "1", func() {
		if err := s.DeleteConnection(ctx, "1"); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := db.Collection("events").CountDocuments(ctx, bson.D{}); err != nil || n != 0 {
		t.Errorf("%d events outlive the connection, %v", n, err)
	}
	if events, err := s.Events(ctx, "2", 10); err != nil || len(events) != 1 {
		t.Errorf("another connection has %d events, %v", len(events), err)
	}
}

// TestWhatIsWrittenMeanwhileWaitsOn writes between the reading of events and their carrying: nothing is lost.
func TestWhatIsWrittenMeanwhileWaitsOn(t *testing.T) {
	t.Parallel()
	s := open(t, mongotest.URI(t))
	ctx := t.Context()
	c, err := s.PutConnection(ctx, connection("1", moment), at(1))
	if err != nil {
		t.Fatal(err)
	}
	err = mongo.CarryOver(ctx, s, "1", func() {
		_, err := s.UpdateConnection(ctx, c, at(2))
		if err != nil {
			t.Error(err)
		}
	})
	if err := errors.Join(err, second(s.DeleteExpired(ctx, time.Now()))); err != nil {
		t.Fatal(err)
	}
	if got := told(t, s, 10); !cmp.Equal([]string{"2", "1"}, got) {
		t.Errorf("the history is %q", got)
	}
}
