package main

import (
	"strings"
	"testing"
)

// TestUserName holds what of a user's name goes into a history.
func TestUserName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"anna": "anna", "anna.b-c_1@example.org": "anna.b-c_1@example.org", `CORP\anna`: `CORP\anna`, "größe": "größe",
		"a) refreshed\n\x1b[2J(\u202e": "arefreshed2J", "": "", "()": "",
		strings.Repeat("a", longestUser+1): strings.Repeat("a", longestUser),
	} {
		if got := userName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
