package login_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/logtest"
	"latchkey/internal/seal"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/vault"
)

func openPrepared(t *testing.T) *sqlite.Store {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return st
}

// newFlow is a flow that can begin logins and see them come back.
func newFlow(t *testing.T, st login.Store, log *slog.Logger) *login.Flow {
	t.Helper()
	ring, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return &login.Flow{Instagram: &instagram.Client{}, Store: st, Vault: &vault.Vault{Keyring: ring}, Log: log}
}

// denied is the callback of a login that its owner cancelled.
func denied(t *testing.T, s login.Started) login.Callback {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return login.Callback{State: instagram.NewSecret(u.Query().Get("state")), Error: "access_denied"}
}

// TestRunTidiesUp lets a login come back, and holds that the store remembers that for an hour after the login's
// end, and then forgets it.
func TestRunTidiesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := openPrepared(t)
		defer st.Close()
		f := newFlow(t, st, slog.New(slog.DiscardHandler))
		s, err := f.Begin("")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		comesBack := func(want login.Kind) {
			t.Helper()
			synctest.Wait()
			_, err := f.Finish(t.Context(), denied(t, s), s.Binding)
			kind(t, err, want)
		}
		comesBack(login.Cancelled)
		comesBack(login.StateUsed)
		time.Sleep(login.RequestLife + 59*time.Minute)
		comesBack(login.StateUsed)
		time.Sleep(2 * time.Minute)
		comesBack(login.StateExpired)
		stop()
		<-done
	})
}

// TestRunTellsOfSilence begins logins that Instagram keeps for itself, as it does when the app id is
// wrong: the operator is told once, and again only after one came back.
func TestRunTellsOfSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := openPrepared(t)
		defer st.Close()
		log := &logtest.Buffer{}
		f := newFlow(t, st, slog.New(slog.NewTextHandler(log, nil)))
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		told := func(want int) {
			t.Helper()
			synctest.Wait()
			if n := strings.Count(log.String(), "none came back"); n != want {
				t.Errorf("told %d times, want %d:\n%s", n, want, log)
			}
		}
		begin := func(n int) (s login.Started) {
			t.Helper()
			for range n {
				var err error
				if s, err = f.Begin(s.Binding); err != nil {
					t.Fatal(err)
				}
			}
			return s
		}
		begin(2)
		time.Sleep(time.Hour)
		told(0) // two may be people who changed their minds
		begin(1)
		time.Sleep(login.RequestLife)
		told(0) // the third may still come back
		time.Sleep(time.Hour)
		told(1)

		s := begin(1)
		_, err := f.Finish(t.Context(), denied(t, s), s.Binding)
		kind(t, err, login.Cancelled)
		begin(2)
		time.Sleep(time.Hour)
		told(1)
		begin(1)
		time.Sleep(time.Hour)
		told(2)
		stop()
		<-done
	})
}

// TestNothingIsRemovedByAClockInDoubt holds that the store is not tidied up while nobody knows the time.
func TestNothingIsRemovedByAClockInDoubt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := openPrepared(t)
		defer st.Close()
		var trusted atomic.Bool
		f := newFlow(t, st, slog.New(slog.DiscardHandler))
		f.Trusted = func(context.Context) bool { return trusted.Load() }
		s, err := f.Begin("")
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Finish(t.Context(), denied(t, s), s.Binding)
		kind(t, err, login.Cancelled)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		for _, tt := range []struct {
			trusted bool
			want    login.Kind
		}{{false, login.StateUsed}, {true, login.StateExpired}} {
			trusted.Store(tt.trusted)
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			_, err := f.Finish(t.Context(), denied(t, s), s.Binding)
			kind(t, err, tt.want)
		}
		stop()
		<-done
	})
}

// moody is a store that cannot be swept while it is away.
type moody struct {
	*sqlite.Store
	away atomic.Bool
}

var errAway = errors.New("away")

func (m *moody) DeleteExpired(ctx context.Context, now time.Time) (int, error) {
	if m.away.Load() {
		return 0, errAway
	}
	return m.Store.DeleteExpired(ctx, now)
}

// TestRunSaysThatTheStoreIsBack holds that a store that goes and comes is told of once each time.
func TestRunSaysThatTheStoreIsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := &moody{Store: openPrepared(t)}
		defer st.Close()
		log := &logtest.Buffer{}
		f := &login.Flow{Store: st, Log: slog.New(slog.NewTextHandler(log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		for i, away := range []bool{false, true, false, true, false} {
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			warned, back := strings.Count(log.String(), "cannot be tidied up"), strings.Count(log.String(), "is tidied up again")
			if warned != i/2 || back != max(0, i-1)/2 {
				t.Errorf("after %d changes: warned %d times, and back %d times:\n%s", i, warned, back, log)
			}
			st.away.Store(away)
		}
		stop()
		<-done
	})
}

func TestRunSaysOnceThatTheStoreIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := openPrepared(t)
		st.Close()
		log := &logtest.Buffer{}
		f := &login.Flow{Store: st, Log: slog.New(slog.NewTextHandler(log, nil))}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		time.Sleep(10 * time.Minute)
		stop()
		<-done
		if n := strings.Count(log.String(), "WARN"); n != 1 {
			t.Errorf("warned %d times:\n%s", n, log)
		}
	})
}
