package mongo_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
)

// Of calls at once by one holder at one moment, too, each knows which leases are its own.
func TestOneHolderClaimsTwiceAtOnce(t *testing.T) {
	t.Parallel()
	const callers, stored = 8, 24
	s := open(t, mongotest.URI(t))
	for i := range stored {
		c := connection(strconv.Itoa(i), moment)
		c.NextRefreshAt = moment
		if _, err := s.PutConnection(t.Context(), c, store.Event{ConnectionID: c.ID}); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	got := map[string]int{}
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			leases, err := s.ClaimDue(t.Context(), "a", moment, time.Minute, stored)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, l := range leases {
				got[l.ConnectionID]++
			}
		})
	}
	all.Wait()
	if len(got) != stored {
		t.Errorf("%d of %d were claimed", len(got), stored)
	}
	for id, n := range got {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
}
