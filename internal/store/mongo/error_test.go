package mongo_test

import (
	"errors"
	"fmt"
	"testing"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
)

// TestWordOfAServer holds what each answer of a server means, and that none of the others has a word.
func TestWordOfAServer(t *testing.T) {
	t.Parallel()
	code := func(n int32) error { return driver.CommandError{Code: n, Message: "said"} }
	for _, tt := range []struct {
		err  error
		want error
	}{
		{code(64), store.ErrAway},
		{code(91), store.ErrAway},
		{code(100), store.ErrAway},
		{code(189), store.ErrAway},
		{code(10107), store.ErrAway},
		{code(11600), store.ErrAway},
		{code(11602), store.ErrAway},
		{code(13435), store.ErrAway},
		{code(13436), store.ErrAway},
		{driver.WriteException{WriteConcernError: &driver.WriteConcernError{Code: 64}}, store.ErrAway},
		{code(13), store.ErrReadOnly},
		{code(371), store.ErrReadOnly},
		{code(14031), store.ErrFull},
		{driver.WriteException{WriteErrors: driver.WriteErrors{{Code: 14031}}}, store.ErrFull},
		{driver.CommandError{Code: 8000, Message: "you are over your space quota, using 512 MB of 512 MB"}, store.ErrFull},
		{driver.CommandError{Code: 1, Message: `could not extend file "base/5/1": No space left on device`}, store.ErrFull},
		{code(0), store.ErrAway}, // a pool that was cleared
		{code(1), nil},
		{code(14), nil},
		{code(2), nil},
	} {
		err := mongo.Wrap(t.Context(), fmt.Errorf("driver: %w", tt.err), "put", "17")
		for _, word := range []error{store.ErrAway, store.ErrReadOnly, store.ErrFull, store.ErrBusy, store.ErrDamaged} {
			if errors.Is(err, word) != errors.Is(tt.want, word) {
				t.Errorf("%v: %v, want %v", tt.err, err, tt.want)
			}
		}
	}
}
