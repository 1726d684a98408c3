package mongo_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
	"golang.org/x/sync/errgroup"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// TestSessionsOfOneConnectionAtOnce lets many browsers of one owner go on and end at the same moment: none of them loses
// another's change.
func TestSessionsOfOneConnectionAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, mongotest.URI(t))
	const browsers = 8
	var begins []store.Session
	for i := range browsers {
		begins = append(begins, store.Session{Secret: store.HashOf(fmt.Sprint(i)), CreatedAt: moment, SeenAt: moment, ExpiresAt: moment})
	}
	if _, err := s.PutConnection(t.Context(), connection("1", moment), store.Event{ConnectionID: "1"}, begins...); err != nil {
		t.Fatal(err)
	}
	var all errgroup.Group
	for i, b := range begins {
		all.Go(func() error {
			if i%2 == 0 {
				return s.DeleteSession(t.Context(), b.Secret)
			}
			return s.TouchSession(t.Context(), b.Secret, moment.Add(time.Hour), moment.Add(2*time.Hour))
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	for i, b := range begins {
		found, _, err := s.Session(t.Context(), b.Secret)
		if ended := i%2 == 0; ended != (err != nil) || !ended && !found.SeenAt.Equal(moment.Add(time.Hour)) {
			t.Errorf("browser %d: seen at %v, %v", i, found.SeenAt, err)
		}
	}
}

// TestASessionEndsWhileItIsTouched has a browser sign out between the look of a touch and its write: the session is gone,
// and the touch says so.
func TestASessionEndsWhileItIsTouched(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	other := open(t, uri)
	secret := store.HashOf("phone")
	var end sync.Once
	s, err := mongo.OpenWatched(uri, &event.CommandMonitor{Started: func(ctx context.Context, e *event.CommandStartedEvent) {
		if e.CommandName != "update" {
			return
		}
		end.Do(func() {
			if err := other.DeleteSession(ctx, secret); err != nil {
				t.Error(err)
			}
		})
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	begins := store.Session{Secret: secret, CreatedAt: moment, SeenAt: moment, ExpiresAt: moment}
	if _, err := s.PutConnection(t.Context(), connection("1", moment), store.Event{ConnectionID: "1"}, begins); err != nil {
		t.Fatal(err)
	}
	if err := s.TouchSession(t.Context(), secret, moment, moment); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a touch of a session that ended: %v", err)
	}
	if _, _, err := s.Session(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the session is there: %v", err)
	}
}
