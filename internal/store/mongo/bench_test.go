package mongo_test

import (
	"crypto/rand"
	"errors"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
)

// BenchmarkLogin is what a login asks of the store, by many at once. The database is another
// process: cpu-µs/op is what the driver and this package cost, and ns/op is mostly the server.
func BenchmarkLogin(b *testing.B) {
	ctx := b.Context()
	now := time.Now()
	c := connection("", now)
	must := func(err error) {
		if err != nil {
			b.Error(err)
		}
	}
	var id atomic.Int64
	for _, step := range []struct {
		name string
		run  func(s store.Store)
	}{
		{"PutRecord", func(s store.Store) {
			_, err := s.PutRecord(ctx, store.Record{Kind: "mark", Key: rand.Text(), Body: []byte("bench"), ExpiresAt: now.Add(time.Hour)})
			must(err)
		}},
		{"PutConnection", func(s store.Store) {
			c := c
			c.ID = strconv.FormatInt(id.Add(1), 10)
			session := store.Session{Secret: store.HashOf(rand.Text()), CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}
			_, err := s.PutConnection(ctx, c, store.Event{ConnectionID: c.ID, At: now, Kind: store.EventConnected, Caller: "login"}, session)
			must(err)
			_, _, err = s.Session(ctx, session.Secret)
			must(err)
		}},
		{"Ping", func(s store.Store) { must(s.Ping(ctx)) }},
	} {
		b.Run(step.name, func(b *testing.B) {
			s := open(b, mongotest.URI(b))
			b.ReportAllocs()
			b.SetParallelism(8)
			b.ResetTimer()
			before := cpu()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					step.run(s)
				}
			})
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// BenchmarkRefresh is what a refresh asks of the store, of connections that are claimed 32 at a time.
func BenchmarkRefresh(b *testing.B) {
	const batch, term = 32, 10 * time.Minute
	ctx, s, now := b.Context(), open(b, mongotest.URI(b)), time.Now()
	for i := range batch {
		c := connection(strconv.Itoa(i), now)
		c.NextRefreshAt = now
		if _, err := s.PutConnection(ctx, c, store.Event{ConnectionID: c.ID, At: now, Kind: store.EventConnected}); err != nil {
			b.Fatal(err)
		}
	}
	refresh := func(l store.Lease) error {
		c, err := s.Connection(ctx, l.ConnectionID)
		if err != nil {
			return err
		}
		c.RefreshedAt, c.Failure = now, store.RefreshFailure{}
		_, err = s.UpdateConnection(ctx, c, store.Event{ConnectionID: c.ID, At: now, Kind: store.EventRefreshed, Caller: "refresh"})
		return errors.Join(err, s.ReleaseLease(ctx, l))
	}
	b.ReportAllocs()
	b.ResetTimer()
	before := cpu()
	for n := 0; n < b.N; {
		leases, err := s.ClaimDue(ctx, "bench", now, term, batch)
		if err != nil || len(leases) != batch {
			b.Fatalf("%d leases, error %v", len(leases), err)
		}
		var all errgroup.Group
		for _, l := range leases {
			all.Go(func() error { return refresh(l) })
		}
		if err := all.Wait(); err != nil {
			b.Fatal(err)
		}
		n += batch
	}
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// cpu is what this process has spent.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
