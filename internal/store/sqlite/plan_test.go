package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/storetest"
)

// TestPlans holds that no query goes through a whole table or sorts what it found, and which index
// finds what. The queries are those that the contract makes a store run, which are all.
func TestPlans(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range storetest.Cases() {
		s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
		c.Check(t, s)
		for _, query := range s.Queries() {
			if seen[query] {
				continue
			}
			seen[query] = true
			plan, err := s.Plan(t.Context(), query)
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			checkPlan(t, query, plan)
		}
	}
	for query := range sqlite.IndexesOf {
		if !seen[query] {
			t.Errorf("the cases do not run %s", query)
		}
	}
}

func checkPlan(t *testing.T, query string, plan []string) {
	t.Helper()
	all := strings.Join(plan, "\n")
	for _, index := range sqlite.IndexesOf[query] {
		if !strings.Contains(all, index) {
			t.Errorf("%s\ndoes not use %s:\n%s", query, index, all)
		}
	}
	for _, step := range plan {
		goesThroughAll := strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW"
		if sqlite.MayScan[query] == "" && goesThroughAll || strings.Contains(step, "TEMP B-TREE") {
			t.Errorf("%s\ndoes more than look up:\n%s", query, all)
		}
	}
}
