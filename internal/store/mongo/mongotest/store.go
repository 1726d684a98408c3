package mongotest

import (
	"testing"

	"latchkey/internal/store/mongo"
)

// Store returns an empty store that was prepared. It is closed when the test ends.
func Store(tb testing.TB) *mongo.Store {
	tb.Helper()
	s, err := mongo.Open(tb.Context(), URI(tb))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	if err := s.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return s
}
