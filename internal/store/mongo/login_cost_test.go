package mongo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/internal/web/webtest"
)

// TestCostOfALogin counts the commands from /login to the finished home page: at most four for an account that is
// new, three for one that was here before.
func TestCostOfALogin(t *testing.T) {
	t.Parallel()
	var commands watch
	site := webtest.Start(t, commands.open(t))
	for _, want := range [][]string{
		{"insert records", "find erasures", "insert connections", "find connections"},
		{"insert records", "findAndModify connections", "find connections"},
	} {
		commands.forget()
		site.LogIn("studio_north")
		if diff := cmp.Diff(want, commands.seen()); diff != "" {
			t.Errorf("commands of a login (-want +got):\n%s", diff)
		}
	}
}
