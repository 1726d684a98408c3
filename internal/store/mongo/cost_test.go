package mongo_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/event"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// A command is a round trip. What a sweep asks for every connection is counted here one by one.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	var commands watch
	s := commands.open(t)
	const term = time.Minute
	ids := []string{"1", "2", "3", "4"}
	for _, id := range ids {
		c := connection(id, moment)
		c.NextRefreshAt = moment
		if _, err := s.PutConnection(t.Context(), c, store.Event{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
	}

	var leases []store.Lease
	var c store.Connection
	for _, step := range []struct {
		name string
		do   func(ctx context.Context) error
		want []string
	}{
		{"claim all that is due", func(ctx context.Context) (err error) {
			leases, err = s.ClaimDue(ctx, "a", moment, term, len(ids))
			return err
		}, []string{"find connections", "update connections"}},
		{"claim where nothing is due", func(ctx context.Context) error {
			return second(s.ClaimDue(ctx, "a", moment, term, len(ids)))
		}, []string{"find connections"}},
		{"read", func(ctx context.Context) (err error) {
			c, err = s.Connection(ctx, "1")
			return err
		}, []string{"find connections"}},
		{"write with two events", func(ctx context.Context) (err error) {
			c, err = s.UpdateConnection(ctx, c, store.Event{ConnectionID: "1"}, store.Event{ConnectionID: "1"})
			return err
		}, []string{"update connections"}},
		{"write without an event", func(ctx context.Context) error {
			return second(s.UpdateConnection(ctx, c))
		}, []string{"update connections"}},
		{"release", func(ctx context.Context) error {
			return s.ReleaseLease(ctx, leases[0])
		}, []string{"update connections"}},
		{"record the sweep", func(ctx context.Context) error {
			return s.RecordSweep(ctx, moment)
		}, []string{"update meta"}},
		{"put an alarm", func(ctx context.Context) error {
			return second(s.PutAlarm(ctx, store.Alarm{Kind: store.AlarmApp}, store.Event{}))
		}, []string{"insert alarms", "insert events"}},
		{"count_failures", func(ctx context.Context) error {
			return second(s.CountFailures(ctx, "code 2", moment))
		}, []string{"aggregate connections", "aggregate connections"}},
	} {
		commands.forget()
		if err := step.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if diff := cmp.Diff(step.want, commands.seen()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	if len(leases) != len(ids) {
		t.Errorf("%d leases, want %d", len(leases), len(ids))
	}
}

// watch lists the commands that a store sends, each with its collection.
type watch struct {
	mu       sync.Mutex
	commands []string
}

// open returns a prepared store that is watched.
func (w *watch) open(t *testing.T) *mongo.Store {
	t.Helper()
	s, err := mongo.OpenWatched(mongotest.URI(t), &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		collection, _ := e.Command.Lookup(e.CommandName).StringValueOK()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.commands = append(w.commands, e.CommandName+" "+collection)
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commands = nil
}

func (w *watch) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.commands
}
