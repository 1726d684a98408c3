package mongo_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/sync/errgroup"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// indexes is what Migrate must leave, beside the index of the key.
var indexes = map[string][]string{
	"connections": {
		"lease_until_1", "next_refresh_at_1", "notice_at_1", "pending_at_1", "sessions.expires_at_1", "sessions.secret_1", "status_1_token_expires_at_1", "tried_at_1_trouble_since_1",
		"trouble_cause_1_trouble_since_1",
	},
	"events":   {"at_1", "connection_id_1_at_-1__id_-1"},
	"links":    {"connection_id_1_purpose_1_created_at_1", "expires_at_1"},
	"records":  {"connection_id_1", "expires_at_1"},
	"entries":  {"connection_id_1", "kind_1_at_1"},
	"erasures": {"at_1"},
}

func TestPrepareBySeveralProcesses(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	var g errgroup.Group
	var identities [8]string
	for i := range identities {
		g.Go(func() error {
			s, err := mongo.Open(t.Context(), uri)
			if err != nil {
				return err
			}
			defer s.Close()
			if err := s.Migrate(t.Context()); err != nil {
				return err
			}
			identities[i], err = s.Identity(t.Context())
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if identities[0] == "" || len(slices.Compact(identities[:])) != 1 {
		t.Errorf("they gave the store the names %q", identities)
	}
	db := mongotest.Database(t, uri)
	for collection, want := range indexes {
		specs, err := db.Collection(collection).Indexes().ListSpecifications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range specs {
			if s.Name != "_id_" {
				got = append(got, s.Name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("indexes of %s (-want +got):\n%s", collection, diff)
		}
	}
}

// An operator may have made an index of the same fields; it serves as well.
func TestPrepareAcceptsTheIndexOfAnother(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	model := driver.IndexModel{Keys: bson.D{{Key: "connection_id", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}}
	db := mongotest.Database(t, uri)
	model.Options = options.Index().SetName("made_by_hand")
	if _, err := db.Collection("events").Indexes().CreateOne(t.Context(), model); err != nil {
		t.Fatal(err)
	}
	open(t, uri)
}

// A store that nobody prepared can be asked for its keyring, and is as it was after that.
func TestKeyringFingerprintWritesNothing(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	s, err := mongo.Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if f, err := s.KeyringFingerprint(t.Context()); f != "" || err == nil {
		t.Errorf("fingerprint %q, error %v", f, err)
	}
	if name, err := s.Identity(t.Context()); name != "" || !errors.Is(err, store.ErrNotFound) {
		t.Errorf("identity %q, error %v", name, err)
	}
	names, err := mongotest.Database(t, uri).ListCollectionNames(t.Context(), bson.D{})
	if err != nil || len(names) > 0 {
		t.Errorf("collections %v, error %v, want none", names, err)
	}
}
