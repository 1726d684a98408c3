package vault_test

import (
	"strings"
	"testing"

	"latchkey/instagram"
	"latchkey/internal/vault"
)

// TestReason holds that an owner is told why she is needed, in another sentence for each cause, and that the
// sentence leads back to the cause.
func TestReason(t *testing.T) {
	t.Parallel()
	for cause, word := range map[instagram.Cause]string{
		instagram.CauseTokenExpired: "ran out", instagram.CausePasswordChanged: "password", instagram.CauseCheckpoint: "open Instagram",
		instagram.CauseRoleLost: "role", instagram.CauseAppRemoved: "removed", "token_invalid": "no longer accepts",
	} {
		reason := vault.Reason(cause)
		if !strings.Contains(reason, word) {
			t.Errorf("%s: %q", cause, reason)
		}
		want := cause
		if cause == "token_invalid" {
			want = ""
		}
		if got := vault.CauseOf(reason); got != want {
			t.Errorf("%q leads to %q, want %q", reason, got, want)
		}
	}
	if got := vault.CauseOf(""); got != "" {
		t.Errorf("no reason leads to %q", got)
	}
}
