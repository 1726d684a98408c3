package mongo_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
)

// The names and types are promised to whoever reads the database without us.
func TestDocumentOfAConnection(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	now := time.Date(2026, 11, 23, 12, 0, 0, 123_999_999, time.FixedZone("Paris", 3600))
	c := connection("17841400000000001", now)
	e := store.Event{ConnectionID: c.ID, At: now, Kind: store.EventConnected, Caller: "login"}
	if _, err := s.PutConnection(t.Context(), c, e); err != nil {
		t.Fatal(err)
	}
	// The stand-in leaves out a null that is set on insert; after a lease it is there everywhere.
	l, err := s.Claim(t.Context(), c.ID, "a", now, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ReleaseLease(t.Context(), l); err != nil {
		t.Fatal(err)
	}

	raw := one(t, db.Collection("connections"))
	want := map[string]bson.Type{
		"_id": bson.TypeString, "app_scoped_id": bson.TypeString, "username": bson.TypeString, "name": bson.TypeString,
		"account_type": bson.TypeString, "picture_url": bson.TypeString, "followers": bson.TypeInt64,
		"follows": bson.TypeInt64, "media": bson.TypeInt64, "scopes_asked": bson.TypeArray, "scopes": bson.TypeArray,
		"status": bson.TypeString, "status_reason": bson.TypeString, "connected_at": bson.TypeDateTime,
		"token_issued_at": bson.TypeDateTime, "token_expires_at": bson.TypeDateTime, "refreshed_at": bson.TypeDateTime,
		"tried_at": bson.TypeDateTime, "next_refresh_at": bson.TypeDateTime, "notice_at": bson.TypeDateTime,
		"trouble_since": bson.TypeDateTime, "trouble_tries": bson.TypeInt64, "trouble_class": bson.TypeString,
		"trouble_cause": bson.TypeString, "trouble_recorded_at": bson.TypeDateTime,
		"doubted_at": bson.TypeDateTime, "doubted_cause": bson.TypeString, "sealed_token": bson.TypeBinary, "version": bson.TypeInt64,
		"lease_holder": bson.TypeNull, "lease_term": bson.TypeInt64, "lease_until": bson.TypeNull,
		"lease_claim": bson.TypeNull,
	}
	if diff := cmp.Diff(want, types(t, raw)); diff != "" {
		t.Errorf("fields of a connection (-want +got):\n%s", diff)
	}
	if got := raw.Lookup("connected_at").Time().UTC(); !got.Equal(now.Truncate(time.Millisecond)) {
		t.Errorf("connected_at is %v, want %v cut to the millisecond", got, now)
	}
	if _, got := raw.Lookup("sealed_token").Binary(); !bytes.Equal(got, c.SealedToken) {
		t.Errorf("sealed_token is %q, want %q", got, c.SealedToken)
	}

	want = map[string]bson.Type{
		"_id": bson.TypeObjectID, "connection_id": bson.TypeString, "at": bson.TypeDateTime, "kind": bson.TypeString,
		"caller": bson.TypeString, "message": bson.TypeString,
	}
	if diff := cmp.Diff(want, types(t, one(t, db.Collection("events")))); diff != "" {
		t.Errorf("fields of an event (-want +got):\n%s", diff)
	}
}

func TestDocumentOfADisconnectedConnection(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	c := store.Connection{ID: "1", Status: store.StatusDisconnected}
	if _, err := s.PutConnection(t.Context(), c, store.Event{ConnectionID: "1"}); err != nil {
		t.Fatal(err)
	}
	raw := one(t, db.Collection("connections"))
	for _, name := range []string{
		"followers", "follows", "media", "scopes_asked", "scopes", "connected_at", "token_issued_at", "token_expires_at",
		"refreshed_at", "tried_at", "next_refresh_at", "notice_at", "trouble_since", "trouble_tries", "trouble_class",
		"trouble_cause", "trouble_recorded_at", "doubted_at", "doubted_cause", "sealed_token",
	} {
		if v, err := raw.LookupErr(name); err != nil || v.Type != bson.TypeNull {
			t.Errorf("%s is %v, want null", name, v)
		}
	}
}

// one returns the only document of a collection.
func one(t *testing.T, c *driver.Collection) bson.Raw {
	t.Helper()
	cursor, err := c.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var all []bson.Raw
	if err := cursor.All(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 {
		t.Fatalf("%s has %d documents, want 1", c.Name(), len(all))
	}
	return all[0]
}

func types(t *testing.T, raw bson.Raw) map[string]bson.Type {
	t.Helper()
	elements, err := raw.Elements()
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]bson.Type{}
	for _, e := range elements {
		types[e.Key()] = e.Value().Type
	}
	return types
}
