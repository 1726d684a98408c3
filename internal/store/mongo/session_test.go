package mongo_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"latchkey/internal/store"
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
