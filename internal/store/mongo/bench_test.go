package mongo_test

import (
	"crypto/rand"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

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
	request := func() store.AuthRequest {
		h := store.HashOf(rand.Text())
		return store.AuthRequest{State: h, Binding: h, Scopes: c.Scopes, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	}
	var id atomic.Int64
	for _, step := range []struct {
		name string
		run  func(s store.Store)
	}{
		{"CreateAuthRequest", func(s store.Store) { must(s.CreateAuthRequest(ctx, request())) }},
		{"CreateAndTakeAuthRequest", func(s store.Store) {
			r := request()
			must(s.CreateAuthRequest(ctx, r))
			_, err := s.TakeAuthRequest(ctx, r.State, r.Binding, "bench", now)
			must(err)
		}},
		{"PutConnection", func(s store.Store) {
			c := c
			c.ID = strconv.FormatInt(id.Add(1), 10)
			_, err := s.PutConnection(ctx, c, store.Event{ConnectionID: c.ID, At: now, Kind: store.EventConnected, Caller: "login"})
			must(err)
		}},
		{"CreateAndReadSession", func(s store.Store) {
			secret := store.HashOf(rand.Text())
			must(s.CreateSession(ctx, store.Session{Secret: secret, ConnectionID: "1", CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}))
			_, err := s.Session(ctx, secret)
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

// cpu is what this process has spent.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
