package sqlite_test

import (
	"path/filepath"
	"sync/atomic"
	"testing"

	"latchkey/internal/web/webtest"
)

// TestCostOfALogin counts the transactions from /login to the finished home page: one for the mark that it came back, and
// one for the connection, its event and the session.
func TestCostOfALogin(t *testing.T) {
	t.Parallel()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	var commits atomic.Int64
	if err := s.OnCommit(t.Context(), func() { commits.Add(1) }); err != nil {
		t.Fatal(err)
	}
	site := webtest.Start(t, s)
	for range 2 { // an account that is new, and one that was here before
		commits.Store(0)
		site.LogIn("studio_north")
		if got := commits.Load(); got != 2 {
			t.Errorf("a login makes %d transactions, want 2", got)
		}
	}
}
