//go:build unix

package sqlite_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
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

// BenchmarkLogin is the store's part of a login: its four writes and the two reads of the page
// after it.
func BenchmarkLogin(b *testing.B) {
	atBothSizes(b, func(b *testing.B, s *sqlite.Store, stored int) {
		n := 0
		for b.Loop() {
			n++
			login(b, s, rand.IntN(stored), uint64(n))
		}
	})
}

// BenchmarkFirstLogin is the same for an account that is new.
func BenchmarkFirstLogin(b *testing.B) {
	atBothSizes(b, func(b *testing.B, s *sqlite.Store, stored int) {
		n := 0
		for b.Loop() {
			n++
			login(b, s, 10*stored+rand.IntN(1<<40), uint64(n))
		}
	})
}

// BenchmarkLookUp reads a session and its connection.
func BenchmarkLookUp(b *testing.B) {
	atBothSizes(b, func(b *testing.B, s *sqlite.Store, stored int) {
		for b.Loop() {
			c, err := s.Connection(b.Context(), accountID(rand.IntN(stored)))
			if err != nil || len(c.SealedToken) != 300 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkNothingDue asks for what is due when nothing is.
func BenchmarkNothingDue(b *testing.B) {
	atBothSizes(b, func(b *testing.B, s *sqlite.Store, _ int) {
		for b.Loop() {
			leases, err := s.ClaimDue(b.Context(), "a", noon, time.Minute, 10)
			if err != nil || len(leases) != 0 {
				b.Fatal(leases, err)
			}
		}
	})
}

// BenchmarkTenDue claims ten connections. Ten minutes pass before each, so that they are free again.
func BenchmarkTenDue(b *testing.B) {
	atBothSizes(b, func(b *testing.B, s *sqlite.Store, _ int) {
		now := noon
		for i := range 10 {
			c := sample(accountID(i))
			c.NextRefreshAt = noon
			if _, err := s.PutConnection(b.Context(), c, store.Event{ConnectionID: c.ID}); err != nil {
				b.Fatal(err)
			}
		}
		for b.Loop() {
			now = now.Add(time.Millisecond)
			leases, err := s.ClaimDue(b.Context(), "a", now, time.Millisecond, 10)
			if err != nil || len(leases) != 10 {
				b.Fatal(leases, err)
			}
		}
	})
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
		if err := s.Prepare(b.Context()); err != nil {
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

func login(b *testing.B, s *sqlite.Store, account int, n uint64) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context()) // as a request has it
	defer cancel()
	id := accountID(account)
	r := store.AuthRequest{
		State: randomHash(n), Binding: randomHash(n + 1<<62), Scopes: scopes,
		CreatedAt: noon, ExpiresAt: noon.Add(10 * time.Minute),
	}
	if err := s.CreateAuthRequest(ctx, r); err != nil {
		b.Fatal(err)
	}
	if _, err := s.TakeAuthRequest(ctx, r.State, r.Binding, "a", noon); err != nil {
		b.Fatal(err)
	}
	e := store.Event{ConnectionID: id, At: noon, Kind: store.EventConnected, Caller: "login"}
	if _, err := s.PutConnection(ctx, sample(id), e); err != nil {
		b.Fatal(err)
	}
	session := store.Session{
		Secret: randomHash(n + 1<<63), ConnectionID: id, CreatedAt: noon, SeenAt: noon, ExpiresAt: noon.Add(time.Hour),
	}
	if err := s.CreateSession(ctx, session); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Session(ctx, session.Secret); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Connection(ctx, id); err != nil {
		b.Fatal(err)
	}
}

func atBothSizes(b *testing.B, measure func(b *testing.B, s *sqlite.Store, stored int)) {
	for _, stored := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("stored=%d", stored), func(b *testing.B) {
			s := filled(b, stored)
			b.ReportAllocs()
			before := processorTime(b)
			measure(b, s, stored)
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// filled returns a store with so many connections, none of them due, each with a session and an
// event.
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
			next_refresh_at, version, sealed_token)
		SELECT printf('%017d', n), printf('%017d', n), 'user' || n, 'Name ' || n, 'business', '', 1, 2, 3,
			'["instagram_business_basic"]', '["instagram_business_basic"]', 'active', '', ?2, ?2, ?2 + 5184000000,
			?2 + 604800000 + n, 1, zeroblob(300) FROM numbers`,
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

func randomHash(n uint64) store.Hash {
	return store.HashOf(string(binary.BigEndian.AppendUint64(nil, n)))
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
