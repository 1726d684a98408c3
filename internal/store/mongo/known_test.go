package mongo_test

import (
	"testing"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
)

// TestAWrongGuessOfALogin holds that a login works whatever this process believes of its account: another one may have
// logged it in first, or erased it since.
func TestAWrongGuessOfALogin(t *testing.T) {
	t.Parallel()
	uri := mongotest.URI(t)
	here, elsewhere := open(t, uri), open(t, uri)
	put := func(s *mongo.Store, want int64) {
		t.Helper()
		c, err := s.PutConnection(t.Context(), connection("1", moment), store.Event{ConnectionID: "1"})
		if err != nil || c.Version != want {
			t.Errorf("version %d, %v; want %d", c.Version, err, want)
		}
	}
	put(here, 1)
	put(elsewhere, 2) // which has not seen it
	if err := elsewhere.DeleteConnection(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	put(here, 1) // which does not know that it is gone
	put(elsewhere, 2)
	put(here, 3)
}

// TestKnownIsBounded holds that what is remembered of connections stays small.
func TestKnownIsBounded(t *testing.T) {
	t.Parallel()
	if most := mongo.MostKnown(30_000); most > 10_000 {
		t.Errorf("%d connections are remembered", most)
	}
}
