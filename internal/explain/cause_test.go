package explain_test

import (
	"strings"
	"testing"

	"latchkey/instagram"
	"latchkey/internal/explain"
	"latchkey/internal/store"
)

// TestCause holds that the one cause that is ours is not told as a riddle of Instagram's, and that all
// others are told as Instagram's are.
func TestCause(t *testing.T) {
	t.Parallel()
	meaning, cure := explain.Cause(store.CauseSealed)
	if !strings.Contains(meaning, "keyring does not open") || !strings.Contains(cure, "LATCHKEY_KEYRING_FILE") {
		t.Errorf("a token that cannot be opened means %q, and %q is to be done", meaning, cure)
	}
	if got, want := explain.Advice(store.CauseSealed), meaning+": "+cure+"."; got != want {
		t.Errorf("the advice is %q, want %q", got, want)
	}
	for _, cause := range []instagram.Cause{"blocked", "", "nothing_known"} {
		if got := explain.Advice(string(cause)); got != cause.Advice() {
			t.Errorf("%q: %q, want %q", cause, got, cause.Advice())
		}
	}
}
