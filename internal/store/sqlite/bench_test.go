//go:build unix

package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// The benchmarks hold that a call costs the same however many connections are stored. They report
// the processor time of a call besides the time on the clock, most of which is the disk's.

// noon is when the benchmarks and tests take place.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// BenchmarkStore measures each with few and with many connections stored.
func BenchmarkStore(b *testing.B) {
	for _, stored := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("stored=%d", stored), func(b *testing.B) {
			s := filled(b, stored)
			b.Run("login", measured(func(n int) error { return login(b, s, rand.IntN(stored), n) }))
			b.Run("first-login", measured(func(n int) error { return login(b, s, 10*stored+n, n) }))
			b.Run("look-up", measured(func(int) error {
				_, err := s.Connection(b.Context(), accountID(rand.IntN(stored)))
				return err
			}))
			b.Run("refresh", measured(func(int) error { return refresh(b, s, accountID(rand.IntN(stored))) }))
			b.Run("refresh-16-at-once", func(b *testing.B) { refreshAtOnce(b, s, stored) })
			b.Run("count_failures", measured(func(int) error {
				_, err := s.CountFailures(b.Context(), "190/0", noon.Add(-24*time.Hour))
				return err
			}))
			b.Run("count", measured(func(int) error {
				_, err := s.Count(b.Context(), []time.Time{noon, noon.Add(50 * 24 * time.Hour)})
				return err
			}))
			b.Run("nothing-due", measured(func(int) error { return claimDue(b, s, noon, 0) }))
			makeDue(b, s, 10)
			b.Run("ten-due", measured(func(n int) error {
				return claimDue(b, s, noon.Add(time.Duration(n)*time.Millisecond), 10)
			}))
		})
	}
}

// calls counts the calls of all rounds of all benchmarks, so that each call has secrets of its own.
var calls atomic.Int64

// measured returns a benchmark of the call, which gets its number.
func measured(call func(n int) error) func(*testing.B) {
	return func(b *testing.B) {
		b.ReportAllocs()
		before := processorTime(b)
		for b.Loop() {
			if err := call(int(calls.Add(1))); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
	}
}

// login is the store's part of a login: its three writes and the two reads of the page after it.
func login(b *testing.B, s *sqlite.Store, account, n int) error {
	ctx, cancel := context.WithCancel(b.Context()) // as a request has it
	defer cancel()
	id := accountID(account)
	state := randomHash("state", n)
	mark := store.Record{
		Kind: "mark", Key: hex.EncodeToString(state[:]), Body: []byte("a"), ExpiresAt: noon.Add(10 * time.Minute), Fleeting: true,
	}
	session := store.Session{
		Secret: randomHash("session", n), ConnectionID: id,
		CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
	if _, err := s.PutRecord(ctx, mark); err != nil {
		return err
	}
	e := store.Event{ConnectionID: id, At: noon, Kind: store.EventConnected, Caller: "login"}
	if _, err := s.PutConnection(ctx, sample(id), e, session); err != nil {
		return err
	}
	_, _, err := s.Session(ctx, session.Secret)
	return err
}

// refresh is the store's part of a refresh, but for the claim, which is one for many.
func refresh(b *testing.B, s *sqlite.Store, id string) error {
	ctx := b.Context()
	l, err := s.Claim(ctx, id, "a", noon, time.Minute)
	if err != nil {
		return err
	}
	c, err := s.Connection(ctx, id)
	if err != nil {
		return err
	}
	c.TokenIssuedAt, c.TokenExpiresAt = noon, noon.Add(60*24*time.Hour)
	c.RefreshedAt, c.TriedAt = noon, noon
	c.NextRefreshAt, c.NoticeAt = store.NextRefresh(noon, c.TokenExpiresAt, rand.Float64()), c.TokenExpiresAt
	c.SealedToken = make([]byte, 300)
	e := store.Event{ConnectionID: id, At: noon, Kind: store.EventRefreshed, Caller: "refresh"}
	if _, err := s.UpdateConnection(ctx, c, e); err != nil {
		return err
	}
	return s.ReleaseLease(ctx, l)
}

// refreshAtOnce has several refresh at once, each its own connections.
func refreshAtOnce(b *testing.B, s *sqlite.Store, stored int) {
	const workers = 16
	before := processorTime(b)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for n := w; n < b.N; n += workers {
				id := accountID((n*999_983+w)%stored/workers*workers + w)
				if err := refresh(b, s, id); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// claimDue claims for less than the next call is later, so that the same are due again.
func claimDue(b *testing.B, s *sqlite.Store, now time.Time, want int) error {
	leases, err := s.ClaimDue(b.Context(), "a", now, time.Millisecond, 10)
	if err == nil && len(leases) != want {
		err = fmt.Errorf("%d claimed, want %d", len(leases), want)
	}
	return err
}

func makeDue(b *testing.B, s *sqlite.Store, n int) {
	b.Helper()
	for i := range n {
		c := sample(accountID(i))
		c.NextRefreshAt = noon
		if _, err := s.PutConnection(b.Context(), c, store.Event{ConnectionID: c.ID}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPrepare opens a file that is up to date, to the first answer.
func BenchmarkPrepare(b *testing.B) {
	path := filepath.Join(b.TempDir(), "latchkey.db")
	prepared(b, path)
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Migrate(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := s.HoldsSealed(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// filled returns a store with so many connections, none of them due, each with a session and an
// event. The week of their refreshes has nothing to do with their order in the file.
func filled(b *testing.B, stored int) *sqlite.Store {
	b.Helper()
	path := filepath.Join(b.TempDir(), "latchkey.db")
	s := prepared(b, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, fill := range []string{
		`INSERT INTO connections (id, app_scoped_id, username, name, account_type, picture_url, followers, follows,
			media, scopes_asked, scopes, status, status_reason, connected_at, token_issued_at, token_expires_at,
			tried_at, next_refresh_at, notice_at, version, sealed_token)
		SELECT printf('%017d', n), printf('%017d', n), 'user' || n, 'Name ' || n, 'business', '', 1, 2, 3,
			'["instagram_business_basic"]', '["instagram_business_basic"]', 'active', '', ?2, ?2, ?2 + 5184000000,
			?2 - (n * 999983) % 604800000, ?2 + 1 + (n * 999983) % 604800000, ?2 + 3974400000, 1, zeroblob(300)
		FROM numbers`,
		`INSERT INTO sessions SELECT randomblob(32), printf('%017d', n), ?2, ?2, ?2 + 3600000 FROM numbers`,
		`INSERT INTO events (connection_id, at, kind, caller, message)
		SELECT printf('%017d', n), ?2, 'connected', 'login', '' FROM numbers`,
		`PRAGMA wal_checkpoint(truncate)`,
	} {
		const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?1) `
		if fill[0] == 'I' {
			fill = numbers + fill
		}
		if _, err := db.ExecContext(b.Context(), fill, stored, noon.UnixMilli()); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

var scopes = []string{"instagram_business_basic", "instagram_business_manage_insights", "instagram_business_manage_comments"}

func sample(id string) store.Connection {
	return store.Connection{
		ID: id, AppScopedID: id, Username: "user", Name: "A name", AccountType: "business",
		PictureURL: "https://cdn.example/picture.jpg",
		Followers:  new(int64(1)), Follows: new(int64(2)), Media: new(int64(3)),
		ScopesAsked: scopes, Scopes: scopes, Status: store.StatusActive,
		ConnectedAt: noon, TokenIssuedAt: noon, TokenExpiresAt: noon.Add(60 * 24 * time.Hour),
		NextRefreshAt: noon.Add(7 * 24 * time.Hour), SealedToken: make([]byte, 300),
	}
}

func accountID(n int) string { return fmt.Sprintf("%017s", strconv.Itoa(n)) }

func randomHash(what string, n int) store.Hash { return store.HashOf(what + strconv.Itoa(n)) }

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
