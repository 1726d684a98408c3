package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/vault"
)

const (
	id     = "17841400000000001"
	canary = "IGAA-recognisable-token"
)

var (
	now   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	scope = []string{"instagram_business_basic", "instagram_business_manage_insights"}
)

func over(t *testing.T, s vault.Store) *vault.Vault {
	t.Helper()
	k, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return &vault.Vault{
		Keyring: k, Store: s,
		Now:    func() time.Time { return now },
		Jitter: func() float64 { return 0.5 },
	}
}

func account() instagram.Account {
	followers := int64(1200)
	return instagram.Account{
		ID: id, AppScopedID: "9000000000000000001", Username: "rosa", Name: "Rosa Bakery", Type: "business",
		PictureURL: "https://scontent.cdninstagram.com/rosa.jpg", Followers: &followers,
	}
}

func token() instagram.Token {
	return instagram.Token{
		Value: instagram.NewSecret(canary), Scopes: scope[:1],
		IssuedAt: now.Add(-time.Second), ExpiresAt: now.Add(60 * 24 * time.Hour),
	}
}

func connect(t *testing.T, v *vault.Vault) store.Connection {
	t.Helper()
	c, err := v.Connect(t.Context(), account(), token(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// history returns the kinds and the callers of the events, the newest first.
func history(t *testing.T, s store.Events) []string {
	t.Helper()
	events, err := s.Events(t.Context(), id, 100)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, e := range events {
		lines = append(lines, string(e.Kind)+" by "+e.Caller)
	}
	return lines
}

func TestConnectKeepsWhatTheLoginBrought(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	got := connect(t, v)
	want := store.Connection{
		ID: id, AppScopedID: "9000000000000000001", Username: "rosa", Name: "Rosa Bakery", AccountType: "business",
		PictureURL: "https://scontent.cdninstagram.com/rosa.jpg", Followers: account().Followers,
		ScopesAsked: scope, Scopes: scope[:1], Status: store.StatusActive, ConnectedAt: now,
		TokenIssuedAt: now.Add(-time.Second), TokenExpiresAt: now.Add(60 * 24 * time.Hour),
		NextRefreshAt: now.Add(7*24*time.Hour - time.Second), NoticeAt: now.Add(46 * 24 * time.Hour), SealedToken: got.SealedToken, Version: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	stored, err := s.Connection(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Error(diff)
	}
	if bytes.Contains(got.SealedToken, []byte(canary)) {
		t.Error("the token is stored in clear")
	}
	if diff := cmp.Diff([]string{"connected by login"}, history(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestConnectAgainRevivesADisconnectedOne(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	connect(t, v)
	if _, err := v.Disconnect(t.Context(), vault.CallerOwner, id); err != nil {
		t.Fatal(err)
	}
	c := connect(t, v)
	if c.Status != store.StatusActive || c.StatusReason != "" || c.Version != 3 {
		t.Errorf("status %q, reason %q, version %d", c.Status, c.StatusReason, c.Version)
	}
	want := []string{"connected by login", "disconnected by owner", "connected by login"}
	if diff := cmp.Diff(want, history(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestConnectRefusesHalfALogin(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	nameless, empty := account(), token()
	nameless.ID, empty.Value = "", instagram.Secret{}
	if _, err := v.Connect(t.Context(), nameless, token(), scope); err == nil {
		t.Error("connected an account without an id")
	}
	if _, err := v.Connect(t.Context(), account(), empty, scope); err == nil {
		t.Error("connected without a token")
	}
	if list, err := s.ListConnections(t.Context(), "", 10); err != nil || len(list) != 0 {
		t.Errorf("%d connections are stored, %v", len(list), err)
	}
}

func TestConnectSaysThatAnExpiryIsAssumed(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	assumed := token()
	assumed.ExpiryAssumed = true
	if _, err := over(t, s).Connect(t.Context(), account(), assumed, scope); err != nil {
		t.Fatal(err)
	}
	events, err := s.Events(t.Context(), id, 1)
	if err != nil || len(events) != 1 || !strings.Contains(events[0].Message, "did not say") {
		t.Errorf("events %+v, %v", events, err)
	}
}

func TestDueTimesAreSpread(t *testing.T) {
	t.Parallel()
	v := over(t, sqlitetest.Open(t))
	v.Jitter, v.Now = nil, nil
	first, second := connect(t, v), connect(t, v)
	if first.NextRefreshAt.Equal(second.NextRefreshAt) {
		t.Errorf("two logins are due at the same millisecond, %v", first.NextRefreshAt)
	}
	if age := time.Since(first.ConnectedAt); age < 0 || age > time.Minute {
		t.Errorf("connected %v ago", age)
	}
}

func TestTokenLeavesAnEvent(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	connect(t, v)
	got, err := v.Token(t.Context(), vault.CallerCommandLine, id)
	if err != nil || got.Reveal() != canary {
		t.Fatalf("opened %v, %v", got, err)
	}
	want := []string{"token_opened by command line", "connected by login"}
	if diff := cmp.Diff(want, history(t, s)); diff != "" {
		t.Error(diff)
	}
}

// silent is a store that cannot write history.
type silent struct{ *sqlite.Store }

var errFull = errors.New("the disk is full")

func (silent) AppendEvent(context.Context, store.Event) error { return errFull }

func TestTokenStaysClosedWithoutAnEvent(t *testing.T) {
	t.Parallel()
	v := over(t, silent{sqlitetest.Open(t)})
	connect(t, v)
	got, err := v.Token(t.Context(), vault.CallerCommandLine, id)
	if !errors.Is(err, errFull) || !got.IsZero() {
		t.Errorf("error %v, token given: %t", err, !got.IsZero())
	}
}

// erased is a store in which a connection goes in the moment before its opening is recorded.
type erased struct{ *sqlite.Store }

func (e erased) AppendEvent(ctx context.Context, event store.Event) error {
	if err := e.DeleteConnection(ctx, event.ConnectionID); err != nil {
		return err
	}
	return e.Store.AppendEvent(ctx, event)
}

// TestTokenOfAnErasedOwnerStaysClosed erases a connection while its token is asked for: it is not handed out, and no
// line of it is left.
func TestTokenOfAnErasedOwnerStaysClosed(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, erased{s})
	connect(t, v)
	got, err := v.Token(t.Context(), vault.CallerCommandLine, id)
	if !errors.Is(err, store.ErrOwnerGone) || !got.IsZero() {
		t.Errorf("error %v, token given: %t", err, !got.IsZero())
	}
	if lines := history(t, s); len(lines) != 0 {
		t.Errorf("of the erased owner is left: %q", lines)
	}
}

func TestTokenThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	connect(t, v)
	// Another keyring, and the token of one connection in the row of another.
	if _, err := over(t, s).Token(t.Context(), vault.CallerCommandLine, id); !errors.Is(err, seal.ErrNotOpened) {
		t.Errorf("another keyring: error %v", err)
	}
	moved := connect(t, v)
	moved.ID = "17841400000000002"
	if _, err := s.PutConnection(t.Context(), moved, store.Event{ConnectionID: moved.ID, At: now}); err != nil {
		t.Fatal(err)
	}
	_, err := v.Token(t.Context(), vault.CallerCommandLine, moved.ID)
	if !errors.Is(err, seal.ErrNotOpened) || strings.Contains(err.Error(), canary) {
		t.Errorf("a moved token: error %v", err)
	}
}

func TestUnknownConnection(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	_, tokenErr := v.Token(t.Context(), vault.CallerCommandLine, id)
	_, disconnectErr := v.Disconnect(t.Context(), vault.CallerCommandLine, id)
	for operation, err := range map[string]error{
		"token": tokenErr, "disconnect": disconnectErr, "erase": v.Erase(t.Context(), vault.CallerCommandLine, id),
	} {
		if !errors.Is(err, store.ErrNotFound) || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: error %v, want store.ErrNotFound with the id", operation, err)
		}
	}
	if got := history(t, s); len(got) != 0 {
		t.Errorf("an unknown connection has the history %q", got)
	}
}

func TestDisconnectDestroysTheToken(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	before := connect(t, v)
	got, err := v.Disconnect(t.Context(), vault.CallerOwner, id)
	if err != nil {
		t.Fatal(err)
	}
	want := before
	want.Status, want.StatusReason = store.StatusDisconnected, got.StatusReason
	want.SealedToken, want.Version = nil, 2
	want.TokenIssuedAt, want.TokenExpiresAt = time.Time{}, time.Time{}
	want.NextRefreshAt, want.NoticeAt = time.Time{}, time.Time{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.StatusReason == "" {
		t.Error("no reason is given")
	}
	if _, err := v.Token(t.Context(), vault.CallerCommandLine, id); !errors.Is(err, vault.ErrNoToken) {
		t.Errorf("error %v, want vault.ErrNoToken", err)
	}
	again, err := v.Disconnect(t.Context(), vault.CallerCommandLine, id)
	if diff := cmp.Diff(got, again); diff != "" || err != nil {
		t.Errorf("the second time: %v\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"disconnected by owner", "connected by login"}, history(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestReasonNamesWhoDisconnected(t *testing.T) {
	t.Parallel()
	for by, want := range map[vault.Caller]string{
		vault.CallerOwner: "owner", vault.CallerCommandLine: "operator", vault.CallerRefresh: "settings at Instagram",
	} {
		v := over(t, sqlitetest.Open(t))
		connect(t, v)
		c, err := v.Disconnect(t.Context(), by, id)
		if err != nil || !strings.Contains(c.StatusReason, want) {
			t.Errorf("by %s: %q, %v", by, c.StatusReason, err)
		}
		if got := vault.EndedBy(c.StatusReason); got != by {
			t.Errorf("%q says that %s ended it, and it was %s", c.StatusReason, got, by)
		}
	}
}

// contended is a store in which somebody else writes between each read and the next times writes.
type contended struct {
	*sqlite.Store
	times int
}

func (s *contended) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	if s.times > 0 {
		s.times--
		other := c
		other.Status, other.StatusReason = store.StatusReconnect, ""
		if _, err := s.Store.UpdateConnection(ctx, other, store.Event{ConnectionID: c.ID, At: now, Kind: "other"}); err != nil {
			return store.Connection{}, err
		}
	}
	return s.Store.UpdateConnection(ctx, c, events...)
}

func TestDisconnectAgainstOtherWriters(t *testing.T) {
	t.Parallel()
	for times, want := range map[int]error{1: nil, 4: nil, 5: store.ErrConflict} {
		s := &contended{sqlitetest.Open(t), times}
		v := over(t, s)
		connect(t, v)
		c, err := v.Disconnect(t.Context(), vault.CallerOwner, id)
		if !errors.Is(err, want) {
			t.Errorf("%d other writers: error %v, want %v", times, err, want)
		}
		if err == nil && c.Status != store.StatusDisconnected {
			t.Errorf("%d other writers: status %q", times, c.Status)
		}
	}
}

func TestEraseLeavesNothing(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	connect(t, v)
	if err := v.Erase(t.Context(), vault.CallerOwner, id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Connection(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error %v, want store.ErrNotFound", err)
	}
	if got := history(t, s); len(got) != 0 {
		t.Errorf("the history %q is left", got)
	}
}

func TestTokenIsNowhereInClear(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "latchkey.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := over(t, s)
	connect(t, v)
	if _, err := v.Token(t.Context(), vault.CallerCommandLine, id); err != nil {
		t.Fatal(err)
	}
	searched := search(t, folder) // with the write-ahead log
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if searched += search(t, folder); searched < 2 {
		t.Errorf("%d files were searched", searched)
	}
}

// search says how many files of a folder it looked through for the token.
func search(t *testing.T, folder string) int {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(canary)) {
			t.Errorf("%s holds the token in clear", f.Name())
		}
	}
	return len(files)
}

// TestLend holds that the keeper gets the token of the connection that it read, and that nothing is
// written for it.
func TestLend(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	v := over(t, s)
	c := connect(t, v)
	token, err := v.OpenForRefresh(c)
	if err != nil || token.Reveal() != canary {
		t.Errorf("another token, %v", err)
	}
	if got := history(t, s); len(got) != 1 {
		t.Errorf("history %v", got)
	}
	c.SealedToken = nil
	if _, err := v.OpenForRefresh(c); !errors.Is(err, vault.ErrNoToken) {
		t.Errorf("no token: %v", err)
	}
}

// TestSealed holds that a sealed token opens for its own connection alone.
func TestSealed(t *testing.T) {
	t.Parallel()
	v := over(t, sqlitetest.Open(t))
	c := connect(t, v)
	sealed, err := v.Seal(c.ID, instagram.NewSecret("IGAA-next"))
	if err != nil {
		t.Fatal(err)
	}
	c.SealedToken = sealed
	if token, err := v.OpenForRefresh(c); err != nil || token.Reveal() != "IGAA-next" {
		t.Errorf("it does not open: %v", err)
	}
	c.ID += "0"
	if _, err := v.OpenForRefresh(c); err == nil {
		t.Error("it opens under another connection")
	}
}

// TestCommandLineOf holds that a caller with a name is of the kind of the one without.
func TestCommandLineOf(t *testing.T) {
	t.Parallel()
	if got := vault.CommandLineOf("anna"); got != "command line (anna)" || got.Kind() != vault.CallerCommandLine {
		t.Errorf("%q of the kind %q", got, got.Kind())
	}
	if got := vault.CallerOwner.Kind(); got != vault.CallerOwner {
		t.Errorf("the owner is of the kind %q", got)
	}
}
