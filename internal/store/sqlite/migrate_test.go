package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

func TestNewerFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	if err := s.ExecWriter(t.Context(), `INSERT INTO migrations (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	err := opened(t, path).Migrate(t.Context())
	for _, part := range []string{path, "written by a newer latchkey", "9999", "use that latchkey or a newer one"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("the error %v does not have %q", err, part)
		}
	}
}

// TestPrepareIsSilent holds that the migrations log nothing on their own.
func TestPrepareIsSilent(t *testing.T) {
	var said strings.Builder
	before := log.Writer()
	log.SetOutput(&said)
	defer log.SetOutput(before)
	prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	if said.Len() != 0 {
		t.Errorf("it logged %q", said.String())
	}
}

// TestPrepareTurnsOnTheLog is a file that a tool wrote back without its write-ahead log.
func TestPrepareTurnsOnTheLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Migrate(t.Context()), s.AppendEvent(t.Context(), store.Event{}), s.Close()); err != nil {
		t.Fatal(err)
	}
	if mode := journalMode(t, path, "PRAGMA journal_mode = delete"); mode != "delete" {
		t.Fatalf("the tool left the journal mode %q", mode)
	}
	again := prepared(t, path)
	if mode := journalMode(t, path, "PRAGMA journal_mode"); mode != "wal" {
		t.Errorf("the journal mode is %q", mode)
	}
	if events, err := again.Events(t.Context(), "", 10); len(events) != 1 || err != nil {
		t.Errorf("events: %v, %v", events, err)
	}
}

func journalMode(t *testing.T, path, pragma string) (mode string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), pragma).Scan(&mode); err != nil {
		t.Fatal(err)
	}
	return mode
}

// TestTablesOfSomebodyElse is a file that has a table of ours already and no history of it.
func TestTablesOfSomebodyElse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	if err := s.ExecWriter(t.Context(), `DELETE FROM migrations`); err != nil {
		t.Fatal(err)
	}
	err := opened(t, path).Migrate(t.Context())
	if err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("error %v, want one that says what is there", err)
	}
}

// TestPrepareAtOnce has several stores bring the same new file to its form.
func TestPrepareAtOnce(t *testing.T) {
	t.Parallel()
	for range 3 {
		path := filepath.Join(t.TempDir(), "latchkey.db")
		var all sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			s := opened(t, path)
			all.Go(func() { errs[i] = s.Migrate(t.Context()) })
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPrepareBringsForward is a file of the first release: its connections stay as they are, those
// that are kept alive are told two weeks before the end, and all of it works.
func TestPrepareBringsForward(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := opened(t, path)
	if err := s.PrepareTo(ctx, 1); err != nil {
		t.Fatal(err)
	}
	expires := noon.Add(60 * 24 * time.Hour)
	for _, row := range []string{
		`('active', '', '', '', '', '', 'active', '', %[1]d, %[1]d - 1, 7, x'01')`,
		`('endless', '', '', '', '', '', 'active', '', NULL, %[1]d - 2, 7, x'01')`,
		`('ended', '', '', '', '', '', 'disconnected', '', %[1]d, NULL, 7, NULL)`,
	} {
		insert := `INSERT INTO connections (id, app_scoped_id, username, name, account_type, picture_url, status,
			status_reason, token_expires_at, next_refresh_at, version, sealed_token) VALUES ` + row
		if err := s.ExecWriter(ctx, fmt.Sprintf(insert, expires.UnixMilli())); err != nil {
			t.Fatal(err)
		}
	}
	request := `INSERT INTO auth_requests VALUES (zeroblob(32), zeroblob(32), NULL, 0, 9000, NULL, '')`
	if err := s.ExecWriter(ctx, request); err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	got, err := s.ListConnections(ctx, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []store.Connection{
		{
			ID: "active", Status: store.StatusActive, TokenExpiresAt: expires,
			NextRefreshAt: expires.Add(-time.Millisecond), NoticeAt: expires.Add(-14 * 24 * time.Hour),
			SealedToken: []byte{1}, Version: 7,
		},
		{ID: "ended", Status: store.StatusDisconnected, TokenExpiresAt: expires, Version: 7},
		{
			ID: "endless", Status: store.StatusActive, NextRefreshAt: expires.Add(-2 * time.Millisecond),
			SealedToken: []byte{1}, Version: 7,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	leases, err := s.ClaimDue(ctx, "a", expires, time.Minute, 10)
	if err != nil || len(leases) != 2 || leases[0].ConnectionID != "endless" {
		t.Errorf("claimed %v, %v", leases, err)
	}
}

// TestContactsBecomeRecords is a file in which contacts were no records yet, one of them of somebody who is gone.
func TestContactsBecomeRecords(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := opened(t, filepath.Join(t.TempDir(), "latchkey.db"))
	if err := s.PrepareTo(ctx, 6); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"asked", "confirmed"} {
		if _, err := s.PutConnection(ctx, store.Connection{ID: id}, store.Event{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ExecWriter(ctx, `INSERT INTO contacts VALUES ('asked', 'ada@example.org', 7001, NULL),
		('confirmed', 'bo@example.org', 7002, 8003), ('erased', 'eve@example.org', 7003, 8004)`); err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	for id, body := range map[string]string{
		"asked":     `{"address":"ada@example.org","asked_at":7001,"confirmed_at":null}`,
		"confirmed": `{"address":"bo@example.org","asked_at":7002,"confirmed_at":8003}`,
	} {
		got, err := s.Record(ctx, "contact", id)
		want := store.Record{Kind: "contact", Key: id, Owner: id, Body: []byte(body), Version: 1}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	}
	if r, err := s.Record(ctx, "contact", "erased"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("kept of somebody who is gone: %+v, %v", r, err)
	}
	if err := s.ExecWriter(ctx, "SELECT 1 FROM contacts"); err == nil {
		t.Error("the table is still there")
	}
}
