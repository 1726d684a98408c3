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
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

func openPrepared(t *testing.T) *sqlite.Store {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return st
}

// TestRunTidiesUp lets logins start and never return, and holds that the store forgets them and
// that there is room again.
func TestRunTidiesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := openPrepared(t)
		defer st.Close()
		f := &login.Flow{Instagram: &instagram.Client{}, Store: st, Log: slog.New(slog.DiscardHandler)}
		var s login.Started
		for range 5 {
			var err error
			if s, err = f.Begin(t.Context(), ""); err != nil {
				t.Fatal(err)
			}
		}
		login.SetOutstanding(f, login.MaxOutstanding) // as if they were many
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		synctest.Wait()
		if _, err := f.Begin(t.Context(), ""); err != nil {
			t.Errorf("the count did not follow the store: %v", err)
		}
		comesBack := func(want login.Kind) {
			t.Helper()
			synctest.Wait()
			u, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			cb := login.Callback{State: instagram.NewSecret(u.Query().Get("state"))}
			_, err = f.Finish(t.Context(), cb, s.Binding)
			kind(t, err, want)
		}
		if n := login.Outstanding(f); n != 6 {
			t.Errorf("%d are on their way", n)
		}
		time.Sleep(login.RequestLife + time.Minute)
		comesBack(login.StateExpired)
		if n := login.Outstanding(f); n != 0 {
			t.Errorf("%d are on their way when all are too late", n)
		}
		time.Sleep(store.AuthRequestKept - 2*time.Minute)
		comesBack(login.StateExpired)
		time.Sleep(2 * time.Minute)
		comesBack(login.StateUnknown)
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
		f := &login.Flow{Instagram: &instagram.Client{}, Store: st, Log: slog.New(slog.NewTextHandler(log, nil))}
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
				if s, err = f.Begin(t.Context(), s.Binding); err != nil {
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
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		cb := login.Callback{State: instagram.NewSecret(u.Query().Get("state")), Error: "access_denied"}
		if _, err := f.Finish(t.Context(), cb, s.Binding); err == nil {
			t.Fatal("a denied login finished")
		}
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
		f := &login.Flow{
			Instagram: &instagram.Client{}, Store: st, Log: slog.New(slog.DiscardHandler),
			Trusted: func(context.Context) bool { return trusted.Load() },
		}
		s, err := f.Begin(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { f.Run(ctx); close(done) }()
		for _, tt := range []struct {
			trusted bool
			want    login.Kind
		}{{false, login.StateExpired}, {true, login.StateUnknown}} {
			trusted.Store(tt.trusted)
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			_, err := f.Finish(t.Context(), login.Callback{State: instagram.NewSecret(u.Query().Get("state"))}, s.Binding)
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

func (m *moody) Sweep(ctx context.Context, now time.Time) (int, error) {
	if m.away.Load() {
		return 0, errAway
	}
	return m.Store.Sweep(ctx, now)
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
