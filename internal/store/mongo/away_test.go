package mongo_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// calls is every method that asks the server.
var calls = map[string]func(ctx context.Context, s *mongo.Store) error{
	"Ping":          func(ctx context.Context, s *mongo.Store) error { return s.Ping(ctx) },
	"Migrate":       func(ctx context.Context, s *mongo.Store) error { return s.Migrate(ctx) },
	"Identity":      func(ctx context.Context, s *mongo.Store) error { return second(s.Identity(ctx)) },
	"CheckWrite":    func(ctx context.Context, s *mongo.Store) error { return s.CheckWrite(ctx) },
	"DeleteExpired": func(ctx context.Context, s *mongo.Store) error { return second(s.DeleteExpired(ctx, moment)) },
	"PutConnection": func(ctx context.Context, s *mongo.Store) error {
		return second(s.PutConnection(ctx, store.Connection{ID: "1"}, store.Event{}))
	},
	"Connection": func(ctx context.Context, s *mongo.Store) error { return second(s.Connection(ctx, "1")) },
	"UpdateConnection": func(ctx context.Context, s *mongo.Store) error {
		return second(s.UpdateConnection(ctx, store.Connection{ID: "1"}, store.Event{}))
	},
	"DeleteConnection": func(ctx context.Context, s *mongo.Store) error { return s.DeleteConnection(ctx, "1") },
	"ListConnections":  func(ctx context.Context, s *mongo.Store) error { return second(s.ListConnections(ctx, "", 1)) },
	"AppendEvent":      func(ctx context.Context, s *mongo.Store) error { return s.AppendEvent(ctx, store.Event{}) },
	"Events":           func(ctx context.Context, s *mongo.Store) error { return second(s.Events(ctx, "1", 1)) },
	"ClaimDue": func(ctx context.Context, s *mongo.Store) error {
		return second(s.ClaimDue(ctx, "a", moment, time.Minute, 1))
	},
	"Claim": func(ctx context.Context, s *mongo.Store) error {
		return second(s.Claim(ctx, "1", "a", moment, time.Minute))
	},
	"RenewLease": func(ctx context.Context, s *mongo.Store) error {
		return second(s.RenewLease(ctx, store.Lease{}, moment, time.Minute))
	},
	"ReleaseLease":  func(ctx context.Context, s *mongo.Store) error { return s.ReleaseLease(ctx, store.Lease{}) },
	"CountFailures": func(ctx context.Context, s *mongo.Store) error { return second(s.CountFailures(ctx, "code 2", moment)) },
	"Count":         func(ctx context.Context, s *mongo.Store) error { return second(s.Count(ctx, nil)) },
	"DueNotices":    func(ctx context.Context, s *mongo.Store) error { return second(s.DueNotices(ctx, moment, 1)) },
	"RecordSweep":   func(ctx context.Context, s *mongo.Store) error { return s.RecordSweep(ctx, moment) },
	"LastSweep":     func(ctx context.Context, s *mongo.Store) error { return second(s.LastSweep(ctx)) },
	"Alarms":        func(ctx context.Context, s *mongo.Store) error { return second(s.Alarms(ctx)) },
	"PutAlarm, the first": func(ctx context.Context, s *mongo.Store) error {
		return second(s.PutAlarm(ctx, store.Alarm{Kind: store.AlarmApp}))
	},
	"PutAlarm": func(ctx context.Context, s *mongo.Store) error {
		return second(s.PutAlarm(ctx, store.Alarm{Kind: store.AlarmApp, Version: 1}))
	},
	"SweepEvents": func(ctx context.Context, s *mongo.Store) error { return second(s.SweepEvents(ctx, moment)) },
	"CreateLink":  func(ctx context.Context, s *mongo.Store) error { return s.CreateLink(ctx, store.Link{}) },
	"Link":        func(ctx context.Context, s *mongo.Store) error { return second(s.Link(ctx, store.Hash{})) },
	"UseLink":     func(ctx context.Context, s *mongo.Store) error { return second(s.UseLink(ctx, store.Hash{}, moment)) },
	"CountLinks": func(ctx context.Context, s *mongo.Store) error {
		return second(s.CountLinks(ctx, "1", store.LinkConfirm, moment))
	},
	"PutEntries": func(ctx context.Context, s *mongo.Store) error { return s.PutEntries(ctx, "day", "1", store.Entry{}) },
	"EntriesAfter": func(ctx context.Context, s *mongo.Store) error {
		return second(s.EntriesAfter(ctx, "day", "1", store.Place{}, 1))
	},
	"EntriesBefore": func(ctx context.Context, s *mongo.Store) error {
		return second(s.EntriesBefore(ctx, "day", "1", store.Place{}, 1))
	},
	"SweepEntries":       func(ctx context.Context, s *mongo.Store) error { return second(s.SweepEntries(ctx, "day", moment)) },
	"DeleteExpiredLinks": func(ctx context.Context, s *mongo.Store) error { return second(s.DeleteExpiredLinks(ctx, moment)) },
	"PutRecord":          func(ctx context.Context, s *mongo.Store) error { return second(s.PutRecord(ctx, store.Record{})) },
	"Record":             func(ctx context.Context, s *mongo.Store) error { return second(s.Record(ctx, "note", "1")) },
	"Session": func(ctx context.Context, s *mongo.Store) error {
		_, _, err := s.Session(ctx, store.Hash{})
		return err
	},
	"TouchSession": func(ctx context.Context, s *mongo.Store) error {
		return s.TouchSession(ctx, store.Hash{}, moment, moment)
	},
	"DeleteSession":      func(ctx context.Context, s *mongo.Store) error { return s.DeleteSession(ctx, store.Hash{}) },
	"DeleteSessions":     func(ctx context.Context, s *mongo.Store) error { return s.DeleteSessions(ctx, "1") },
	"KeyringFingerprint": func(ctx context.Context, s *mongo.Store) error { return second(s.KeyringFingerprint(ctx)) },
	"ReplaceKeyringFingerprint, the first": func(ctx context.Context, s *mongo.Store) error {
		return s.ReplaceKeyringFingerprint(ctx, "", "a")
	},
	"ReplaceKeyringFingerprint": func(ctx context.Context, s *mongo.Store) error {
		return s.ReplaceKeyringFingerprint(ctx, "a", "b")
	},
	"HoldsSealed": func(ctx context.Context, s *mongo.Store) error { return second(s.HoldsSealed(ctx)) },
}

var moment = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func second[T any](_ T, err error) error { return err }

// A server that is away costs a caller the timeout and no more, whether it refuses or is silent,
// and a store that was open all the while serves again when it is back.
func TestServerAway(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		name := map[bool]string{false: "refusing", true: "silent"}[silent]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uri := mongotest.URI(t)
			w := newWire(t, uri)
			s, err := mongo.Open(t.Context(), w.through(uri, "timeoutMS=1000"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			reach(t, s)

			w.cut(t, silent)
			var all sync.WaitGroup
			for name, call := range calls {
				all.Go(func() {
					begun := time.Now()
					err := call(context.Background(), s)
					if !errors.Is(err, store.ErrAway) || !strings.HasPrefix(err.Error(), "mongo: ") {
						t.Errorf("%s: error %v, want one of the server being away", name, err)
					}
					for _, other := range []error{store.ErrNotFound, store.ErrExists, store.ErrConflict, store.ErrLeaseLost, store.ErrTaken, store.ErrExpired} {
						if errors.Is(err, other) {
							t.Errorf("%s: the error %v says that the server answered", name, err)
						}
					}
					if took := time.Since(begun); took > 10*time.Second {
						t.Errorf("%s: returned after %v, the timeout is a second", name, took)
					}
				})
			}
			all.Wait()

			w.mend(t)
			reach(t, s)
		})
	}
}

// reach waits until the store has found its way to the server. On a busy machine a single answer
// may take longer than the timeout of a test.
func reach(t *testing.T, s *mongo.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for s.Ping(ctx) != nil {
		if ctx.Err() != nil {
			t.Fatal("the store does not find the server")
		}
	}
}

// A caller that gives up while the server is silent is let go at once, and told why.
func TestContextThatEndsMeanwhile(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	w := newWire(t, uri)
	s := open(t, w.through(uri, "timeoutMS=30000"))
	w.cut(t, true)
	var all sync.WaitGroup
	for name, call := range calls {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			if err := call(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: error %v, want %v", name, err, context.DeadlineExceeded)
			}
		})
		all.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer time.AfterFunc(300*time.Millisecond, cancel).Stop()
			if err := call(ctx, s); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, want %v", name, err, context.Canceled)
			}
		})
	}
	all.Wait()
}

// wire is a way to the server that can be cut: a proxy on an address that stays.
type wire struct {
	server, address string

	silent atomic.Bool
	mu     sync.Mutex
	l      net.Listener
	conns  []net.Conn
}

func newWire(t *testing.T, uri string) *wire {
	t.Helper()
	w := &wire{server: options.Client().ApplyURI(uri).Hosts[0], address: "127.0.0.1:0"}
	w.mend(t)
	t.Cleanup(func() { w.cut(t, false) })
	return w
}

// through returns the address of the database by way of the wire.
func (w *wire) through(uri, option string) string {
	hosts := strings.Join(options.Client().ApplyURI(uri).Hosts, ",")
	uri = strings.Replace(uri, hosts, w.address, 1)
	if !strings.Contains(uri, "?") {
		uri += "?"
	}
	return uri + "&directConnection=true&" + option
}

// cut makes the wire silent: it takes everything and answers nothing. Or it ends what runs over the
// wire and refuses more.
func (w *wire) cut(t *testing.T, silent bool) {
	t.Helper()
	w.silent.Store(silent)
	if silent {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.l.Close()
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

// mend lets the wire serve, again on the same address.
func (w *wire) mend(t *testing.T) {
	t.Helper()
	if w.l != nil {
		w.cut(t, false)
	}
	l, err := net.Listen("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.l, w.address = l, l.Addr().String()
	go w.serve(l)
}

func (w *wire) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.server)
		if err != nil {
			client.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, client, server)
		w.mu.Unlock()
		go pass(server, client)
		go pass(w.unlessSilent(client), server)
	}
}

func pass(to io.WriteCloser, from io.Reader) {
	_, _ = io.Copy(to, from)
	to.Close()
}

// unlessSilent drops what is written while the wire is silent.
func (w *wire) unlessSilent(c net.Conn) io.WriteCloser {
	return &muted{c, w}
}

type muted struct {
	io.WriteCloser
	w *wire
}

func (m *muted) Write(b []byte) (int, error) {
	if m.w.silent.Load() {
		return len(b), nil
	}
	return m.WriteCloser.Write(b)
}
