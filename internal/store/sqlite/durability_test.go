package sqlite_test

import (
	"path/filepath"
	"testing"

	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/storetest"
)

// TestDurability holds which connection waits for the disk, and that the other one writes only what
// may be lost with the power: no connection, no event, no lease, and no end of a session.
func TestDurability(t *testing.T) {
	t.Parallel()
	const normal, full = 1, 2
	seen := map[string]bool{}
	for _, c := range storetest.Cases() {
		s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
		c.Check(t, s)
		writer, brief, err := s.Synchronous(t.Context())
		if err != nil || writer != full || brief != normal {
			t.Fatalf("the writer is at %d and the brief one at %d, %v; want %d and %d", writer, brief, err, full, normal)
		}
		for _, query := range s.BriefQueries() {
			seen[query] = true
			if !sqlite.MayBeLost[query] {
				t.Errorf("this does not wait for the disk:\n%s", query)
			}
		}
	}
	for query := range sqlite.MayBeLost {
		if !seen[query] {
			t.Errorf("this waits for the disk, or is not run:\n%s", query)
		}
	}
}
