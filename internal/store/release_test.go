package store_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/notice"
	"latchkey/internal/seal"
	"latchkey/internal/session"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/vault"
)

// release is where the data of an earlier version lies; its README says how it was made.
const release = "testdata/d649fc3"

// releaseDay is the day after that version ran.
var releaseDay = time.Date(2026, 11, 27, 20, 0, 0, 0, time.UTC)

func readRelease(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(release, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// writeCopy puts a file of the release where it may be changed, and where only its user may read it.
func writeCopy(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, readRelease(t, name), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestReleaseOnSQLite holds that an upgrade of the earlier version loses nothing.
func TestReleaseOnSQLite(t *testing.T) {
	t.Parallel()
	s, err := sqlite.Open(t.Context(), writeCopy(t, "sqlite.db"))
	if err != nil {
		t.Fatal(err)
	}
	outlives(t, s, "sqlite")
	if have, need, err := s.Form(t.Context()); err != nil || have != need {
		t.Errorf("the tables are at version %d, %v, want %d", have, err, need)
	}
}

// TestReleaseOnMongoDB is the same there.
func TestReleaseOnMongoDB(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	db := mongotest.Database(t, uri)
	lines := bufio.NewScanner(bytes.NewReader(readRelease(t, "mongodb.jsonl")))
	for lines.Scan() {
		var line struct {
			Collection string
			Document   bson.M
		}
		if err := bson.UnmarshalExtJSON(lines.Bytes(), true, &line); err != nil {
			t.Fatal(err)
		}
		if line.Collection == "sessions" {
			line.Document["expires_at"] = time.Now().AddDate(0, 1, 0) // the server removes what is over by its own clock
		}
		if _, err := db.Collection(line.Collection).InsertOne(t.Context(), line.Document); err != nil {
			t.Fatal(err)
		}
	}
	s, err := mongo.Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	outlives(t, s, "mongodb")
}

// releaseOwner is somebody who used the earlier version.
type releaseOwner struct {
	Username, ID, Session string
	Status                store.Status
	// History is the newest first.
	History []store.EventKind
}

// outlives brings a store forward and checks what it holds.
func outlives(t *testing.T, s store.Store, name string) {
	t.Helper()
	ctx := t.Context()
	t.Cleanup(func() { s.Close() })
	for range 2 { // as at the next start, too
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
	}
	ring, err := seal.Load(writeCopy(t, name+".keyring"))
	if err != nil {
		t.Fatal(err)
	}
	if recorded, err := s.KeyringFingerprint(ctx); err != nil || recorded != ring.Fingerprint() {
		t.Errorf("the store is tied to the keyring %s, %v, want %s", recorded, err, ring.Fingerprint())
	}
	var owners []releaseOwner
	if err := json.Unmarshal(readRelease(t, name+".json"), &owners); err != nil || len(owners) != 4 {
		t.Fatalf("%d owners, %v", len(owners), err)
	}
	v := &vault.Vault{Keyring: ring, Store: s}
	for _, o := range owners {
		o.isKnown(t, s, v)
	}
	historyIs(t, s, owners)
	alarms, err := s.Alarms(ctx)
	if err != nil || len(alarms) != 1 || alarms[0].Kind != store.AlarmOperator || !alarms[0].Lasts() {
		t.Errorf("alarms %+v, %v", alarms, err)
	}
	goesOn(t, s, v, owners)
}

// isKnown holds that she is who she was, signed in, and her token opens.
func (o releaseOwner) isKnown(t *testing.T, s store.Store, v *vault.Vault) {
	t.Helper()
	c, err := s.Connection(t.Context(), o.ID)
	if err != nil || c.Username != o.Username || c.Status != o.Status || len(c.Scopes) != 3 || c.ConnectedAt.IsZero() {
		t.Errorf("%s: %+v, %v", o.Username, c, err)
	}
	token, err := v.OpenForRefresh(c)
	if opened := err == nil && strings.HasPrefix(token.Reveal(), "IGAA"); opened == (o.Status == store.StatusDisconnected) {
		t.Errorf("%s: her token opened: %v, %v", o.Username, opened, err)
	}
	sessions := &session.Sessions{Store: s, Now: func() time.Time { return releaseDay }}
	if found, _, err := sessions.Find(t.Context(), o.Session); err != nil || found.ConnectionID != o.ID {
		t.Errorf("%s is not signed in any more: %+v, %v", o.Username, found, err)
	}
}

// historyIs holds that nothing of what happened was forgotten, nor where owners want to be told.
func historyIs(t *testing.T, s store.Store, owners []releaseOwner) {
	t.Helper()
	for _, o := range owners {
		events, err := s.Events(t.Context(), o.ID, 100)
		var kinds []store.EventKind
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		if err != nil || !slices.Equal(kinds, o.History) {
			t.Errorf("the history of %s is %v, %v, want %v", o.Username, kinds, err, o.History)
		}
	}
	for i, want := range []struct {
		address   string
		confirmed bool
	}{{"north@example.com", true}, {"second@example.com", true}, {"third@example.com", false}} {
		c, err := notice.FindContact(t.Context(), s, owners[i].ID)
		if err != nil || c.Address != want.address || c.AskedAt.IsZero() || c.ConfirmedAt.IsZero() == want.confirmed {
			t.Errorf("the contact of %s is %+v, %v", owners[i].Username, c, err)
		}
	}
}

// goesOn holds that what was kept then can be worked with: a token is opened on record, a connection
// is due, ended and erased.
func goesOn(t *testing.T, s store.Store, v *vault.Vault, owners []releaseOwner) {
	t.Helper()
	ctx := t.Context()
	if _, err := v.Token(ctx, vault.CallerCommandLine, owners[0].ID); err != nil {
		t.Error(err)
	}
	leases, err := s.ClaimDue(ctx, "the test", releaseDay.AddDate(0, 1, 0), time.Minute, 10)
	if err != nil || len(leases) != 3 {
		t.Errorf("%d are due, %v, want the three that have a token", len(leases), err)
	}
	if c, err := v.Disconnect(ctx, vault.CallerOwner, owners[0].ID); err != nil || c.Status != store.StatusDisconnected {
		t.Errorf("disconnected: %s, %v", c.Status, err)
	}
	if err := v.Erase(ctx, vault.CallerOwner, owners[1].ID); err != nil {
		t.Error(err)
	}
	if list, err := s.ListConnections(ctx, "", 10); err != nil || len(list) != 3 {
		t.Errorf("%d connections, %v", len(list), err)
	}
}
