package session_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"latchkey/internal/session"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/sqlite/sqlitetest"
)

const (
	day   = 24 * time.Hour
	owner = "17841400000000001"
)

// open returns a store with two connections.
func open(t *testing.T) *sqlite.Store {
	t.Helper()
	st := sqlitetest.Open(t)
	for _, id := range []string{owner, "17841400000000002"} {
		if _, err := st.PutConnection(t.Context(), store.Connection{ID: id}, store.Event{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
	}
	return st
}

// clocked is a set of sessions whose time stands still until it is moved.
func clocked(s store.Sessions) (*session.Sessions, *time.Time) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return &session.Sessions{Store: s, Now: func() time.Time { return now }}, &now
}

// start signs a browser in to a connection.
func start(t *testing.T, s *session.Sessions, connectionID string) string {
	t.Helper()
	secret, begins := s.New()
	_, err := s.Store.(store.Connections).PutConnection(t.Context(), store.Connection{ID: connectionID}, store.Event{ConnectionID: connectionID}, begins)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// find says whether a secret finds the session of the connection.
func find(t *testing.T, s *session.Sessions, secret, connectionID string) bool {
	t.Helper()
	found, c, err := s.Find(t.Context(), secret)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil && found.ConnectionID == connectionID && c.ID == connectionID
}

func TestStartThenFind(t *testing.T) {
	t.Parallel()
	s, _ := clocked(open(t))
	one, two := start(t, s, owner), start(t, s, "17841400000000002")
	if one == two || len(one) < 26 {
		t.Errorf("secrets %q and %q", one, two)
	}
	if !find(t, s, one, owner) || !find(t, s, two, "17841400000000002") {
		t.Error("a session was not found, or another's was")
	}
	for _, unknown := range []string{"", one[1:], one + "A", "AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, _, err := s.Find(t.Context(), unknown); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the secret %q: error %v, want store.ErrNotFound", unknown, err)
		}
	}
}

func TestOnlyAHashIsStored(t *testing.T) {
	t.Parallel()
	kept := &recorder{Store: open(t)}
	s, _ := clocked(kept)
	secret := start(t, s, owner)
	if len(kept.created) != 1 || kept.created[0].Secret != store.HashOf(secret) {
		t.Errorf("stored %+v", kept.created)
	}
}

func TestSessionEndsAfterThirtyIdleDays(t *testing.T) {
	t.Parallel()
	s, now := clocked(open(t))
	used, unused := start(t, s, owner), start(t, s, owner)
	*now = now.Add(30*day - time.Millisecond)
	if !find(t, s, used, owner) {
		t.Error("over before thirty idle days")
	}
	*now = now.Add(time.Millisecond)
	if find(t, s, unused, owner) {
		t.Error("alive after thirty idle days")
	}
	*now = now.Add(29 * day)
	if !find(t, s, used, owner) {
		t.Error("a use did not let the session live on")
	}
}

// TestNoClockInDoubtEndsASession sets the clock ahead under a session in use: before the session is over by
// it, the clock is compared with another one, and then counts.
func TestNoClockInDoubtEndsASession(t *testing.T) {
	t.Parallel()
	s, now := clocked(open(t))
	secret := start(t, s, owner)
	right, checked := *now, 0
	s.Check = func(context.Context) { *now = right; checked++ }
	*now = now.Add(30*day - time.Millisecond)
	if !find(t, s, secret, owner) || checked != 0 {
		t.Errorf("a session in time: checked %d times", checked)
	}
	right, *now = *now, now.Add(90*day)
	if !find(t, s, secret, owner) || checked != 1 {
		t.Errorf("a clock that is 90 days ahead ended the session; it was checked %d times", checked)
	}
	right = right.Add(30 * day)
	*now = right
	if find(t, s, secret, owner) || checked != 2 {
		t.Errorf("a session is not over by a clock that is right; it was checked %d times", checked)
	}
}

func TestSessionEndsAfterHalfAYear(t *testing.T) {
	t.Parallel()
	s, now := clocked(open(t))
	secret := start(t, s, owner)
	for range 179 {
		*now = now.Add(day)
		if !find(t, s, secret, owner) {
			t.Fatalf("over at %v", *now)
		}
	}
	*now = now.Add(day - time.Millisecond)
	if !find(t, s, secret, owner) {
		t.Error("over before 180 days")
	}
	*now = now.Add(time.Millisecond)
	if find(t, s, secret, owner) {
		t.Error("alive after 180 days of daily use")
	}
}

func TestUseCostsOneWriteAnHour(t *testing.T) {
	t.Parallel()
	kept := &recorder{Store: open(t)}
	s, now := clocked(kept)
	secret := start(t, s, owner)
	for range 12 * 24 {
		*now = now.Add(5 * time.Minute)
		if !find(t, s, secret, owner) {
			t.Fatalf("over at %v", *now)
		}
	}
	if kept.touches != 24 || kept.reads != 12*24 {
		t.Errorf("%d writes and %d reads for 288 uses in a day, want 24 and 288", kept.touches, kept.reads)
	}
}

func TestFindSaysWhenItWasUsed(t *testing.T) {
	t.Parallel()
	s, now := clocked(open(t))
	secret := start(t, s, owner)
	*now = now.Add(2 * time.Hour)
	for range 2 {
		got, _, err := s.Find(t.Context(), secret)
		if err != nil || !got.SeenAt.Equal(*now) || !got.ExpiresAt.Equal(now.Add(30*day)) {
			t.Errorf("session %+v, %v", got, err)
		}
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	s, _ := clocked(open(t))
	first, second := start(t, s, owner), start(t, s, owner)
	for _, secret := range []string{first, first, "", "never there"} {
		if err := s.End(t.Context(), secret); err != nil {
			t.Errorf("end %q: %v", secret, err)
		}
	}
	if find(t, s, first, owner) || !find(t, s, second, owner) {
		t.Error("the wrong session ended")
	}
}

func TestEndAll(t *testing.T) {
	t.Parallel()
	s, _ := clocked(open(t))
	first, second := start(t, s, owner), start(t, s, owner)
	other := start(t, s, "17841400000000002")
	for range 2 {
		if err := s.EndAll(t.Context(), owner); err != nil {
			t.Fatal(err)
		}
	}
	if find(t, s, first, owner) || find(t, s, second, owner) {
		t.Error("a session of the connection lives on")
	}
	if !find(t, s, other, "17841400000000002") {
		t.Error("a session of another connection ended")
	}
}

func TestMachineTimeIsTheDefault(t *testing.T) {
	t.Parallel()
	s := &session.Sessions{Store: open(t)}
	got, _, err := s.Find(t.Context(), start(t, s, owner))
	if err != nil || time.Since(got.CreatedAt) > time.Minute || time.Until(got.ExpiresAt) < 29*day {
		t.Errorf("session %+v, %v", got, err)
	}
}

func TestStoreAway(t *testing.T) {
	t.Parallel()
	away := &recorder{Store: open(t)}
	s, now := clocked(away)
	secret := start(t, s, owner)

	*now = now.Add(2 * time.Hour)
	away.touchErr = errAway
	if !find(t, s, secret, owner) {
		t.Error("a session ended because its use could not be written down")
	}
	away.touchErr = store.ErrNotFound
	if find(t, s, secret, owner) {
		t.Error("a session that ended while it was read was found")
	}

	away.err = errAway
	_, _, findErr := s.Find(t.Context(), secret)
	for operation, err := range map[string]error{
		"find": findErr, "end": s.End(t.Context(), secret), "end all": s.EndAll(t.Context(), owner),
	} {
		if !errors.Is(err, errAway) || errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: error %v", operation, err)
		}
	}
}

var errAway = errors.New("the store is away")

// recorder is the real store, counted, and away on demand.
type recorder struct {
	*sqlite.Store
	created        []store.Session
	reads, touches int
	err, touchErr  error
}

func (r *recorder) PutConnection(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
	r.created = append(r.created, begins...)
	return r.Store.PutConnection(ctx, c, e, begins...)
}

func (r *recorder) Session(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
	r.reads++
	s, c, err := r.Store.Session(ctx, secret)
	return s, c, errors.Join(r.err, err)
}

func (r *recorder) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
	r.touches++
	if r.touchErr != nil {
		return r.touchErr
	}
	return r.Store.TouchSession(ctx, secret, seenAt, expiresAt)
}

func (r *recorder) DeleteSession(ctx context.Context, secret store.Hash) error {
	return errors.Join(r.err, r.Store.DeleteSession(ctx, secret))
}

func (r *recorder) DeleteSessions(ctx context.Context, connectionID string) error {
	return errors.Join(r.err, r.Store.DeleteSessions(ctx, connectionID))
}
