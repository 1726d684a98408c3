package mongo_test

import (
	"bytes"
	"errors"
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
		"lease_claim": bson.TypeNull, "pending": bson.TypeArray, "pending_at": bson.TypeDateTime,
		"sessions": bson.TypeArray,
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

	if _, err := s.DeleteExpired(t.Context(), time.Now()); err != nil { // which brings events where they belong
		t.Fatal(err)
	}
	if v := one(t, db.Collection("connections")).Lookup("pending_at"); v.Type != bson.TypeNull {
		t.Errorf("pending_at is %v, want null", v)
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

// Documents from before a connection knew of trouble and of notices lack those fields.
func TestDocumentOfTheOlderForm(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	older := bson.D{
		{Key: "_id", Value: "1"},
		{Key: "username", Value: "ada.bakes"},
		{Key: "status", Value: "active"},
		{Key: "next_refresh_at", Value: moment},
		{Key: "lease_holder", Value: nil},
		{Key: "lease_term", Value: int64(3)},
		{Key: "lease_until", Value: nil},
		{Key: "version", Value: int64(7)},
	}
	if _, err := db.Collection("connections").InsertOne(t.Context(), older); err != nil {
		t.Fatal(err)
	}
	want := store.Connection{
		ID: "1", Username: "ada.bakes", Status: store.StatusActive, NextRefreshAt: moment, Version: 7,
	}
	c, err := s.Connection(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("an older connection (-want +got):\n%s", diff)
	}
	leases, err := s.ClaimDue(t.Context(), "a", moment, time.Minute, 1)
	if err != nil || len(leases) != 1 || leases[0].Term != 4 {
		t.Errorf("leases %v, error %v, want one of term 4", leases, err)
	}
	if counts, err := s.CountFailures(t.Context(), "", moment.Add(-time.Hour)); err != nil || counts != (store.FailureCounts{}) {
		t.Errorf("%+v, error %v, want nothing tried", counts, err)
	}
	if due, err := s.DueNotices(t.Context(), moment, 1); err != nil || len(due) > 0 {
		t.Errorf("%d notices, error %v, want none", len(due), err)
	}
	if _, err := s.UpdateConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tried_at", "notice_at", "trouble_since", "doubted_at"} {
		if _, err := one(t, db.Collection("connections")).LookupErr(name); err != nil {
			t.Errorf("after a write the document lacks %s", name)
		}
	}
}

func TestOtherDocuments(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, db := open(t, uri), mongotest.Database(t, uri)
	ctx, h := t.Context(), store.HashOf("secret")
	// A year from now by the server's clock too, which expires links by itself.
	now := time.Now().Add(365 * 24 * time.Hour)
	_, err := s.PutAlarm(ctx, store.Alarm{Kind: store.AlarmApp, RaisedAt: now, ProbeAt: now})
	_, recordErr := s.PutRecord(ctx, store.Record{Kind: "note", Key: "1", ExpiresAt: now})
	if err := errors.Join(
		err, recordErr,
		s.CreateLink(ctx, store.Link{Secret: h, Purpose: store.LinkStop, CreatedAt: now, ExpiresAt: now}),
		s.RecordSweep(ctx, now),
	); err != nil {
		t.Fatal(err)
	}
	for collection, want := range map[string]map[string]bson.Type{
		"alarms": {
			"_id": bson.TypeString, "raised_at": bson.TypeDateTime, "cleared_at": bson.TypeNull, "class": bson.TypeString,
			"cause": bson.TypeString, "message": bson.TypeString, "probe_at": bson.TypeDateTime, "worked": bson.TypeInt64,
			"told_at": bson.TypeNull, "version": bson.TypeInt64,
		},
		"links": {
			"_id": bson.TypeBinary, "purpose": bson.TypeString, "connection_id": bson.TypeString, "address": bson.TypeString,
			"created_at": bson.TypeDateTime, "expires_at": bson.TypeDateTime, "used_at": bson.TypeNull,
		},
		"records": {
			"_id": bson.TypeString, "connection_id": bson.TypeString, "expires_at": bson.TypeDateTime, "body": bson.TypeBinary,
			"version": bson.TypeInt64,
		},
	} {
		if diff := cmp.Diff(want, types(t, one(t, db.Collection(collection)))); diff != "" {
			t.Errorf("fields in %s (-want +got):\n%s", collection, diff)
		}
	}
	sweep, err := db.Collection("meta").FindOne(ctx, bson.D{{Key: "_id", Value: "sweep"}}).Raw()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]bson.Type{"_id": bson.TypeString, "at": bson.TypeDateTime}, types(t, sweep)); diff != "" {
		t.Errorf("fields of a sweep (-want +got):\n%s", diff)
	}
}

// What an update returns is made of what it was given, and shares nothing with it.
func TestUpdateReturnsACopy(t *testing.T) {
	t.Parallel()
	s := open(t, mongotest.URI(t))
	c, err := s.PutConnection(t.Context(), connection("1", moment), store.Event{ConnectionID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.UpdateConnection(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	c.ScopesAsked[0], c.Scopes[0], c.SealedToken[0] = "changed", "changed", '!'
	*c.Followers, *c.Follows, *c.Media = -1, -1, -1
	want := connection("1", moment)
	want.Version = 2
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a change of what was given (-want +got):\n%s", diff)
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
