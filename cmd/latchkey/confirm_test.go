package main

import (
	"strings"
	"testing"

	"latchkey/igsim"
)

// TestConfirm holds that what ends a connection asks, and that only yes goes on.
func TestConfirm(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	for _, tt := range []struct {
		args, types string
		status      int
		says        string
	}{
		{"disconnect", "", 2, "add --yes"},
		{"disconnect", "no\n", 1, "nothing was changed"},
		{"disconnect", "y\n", 1, "nothing was changed"},
		{"disconnect", "\n", 1, "nothing was changed"},
		{"erase", "", 2, "add --yes"},
		{"erase", "yesterday\n", 1, "nothing was changed"},
	} {
		h.types = tt.types
		status, _, stderr := h.command("connections", tt.args, "studio_north")
		if status != tt.status || !strings.Contains(stderr, tt.says) {
			t.Errorf("%s, answered with %q: status %d, %s", tt.args, tt.types, status, stderr)
		}
		if tt.types != "" && !strings.Contains(stderr, "@studio_north ("+h.id()+")") {
			t.Errorf("%s does not say whom it is about: %s", tt.args, stderr)
		}
		if got := h.shown(h.id()).Status; got != "active" {
			t.Fatalf("%s, answered with %q: the connection is %s", tt.args, tt.types, got)
		}
	}
	h.types = "yes\n"
	h.ok("connections", "disconnect", "studio_north")
	h.ok("connections", "erase", "studio_north")
	if got := h.ok("connections", "--json"); got != "[]\n" {
		t.Errorf("after the erase there is %s", got)
	}
}
