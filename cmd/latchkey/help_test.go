package main

import (
	"strings"
	"testing"
)

// TestHelp holds that help on a command is what its own --help says, and names every command.
func TestHelp(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	for _, path := range [][]string{{"serve"}, {"connections"}, {"connections", "erase"}, {"doctor"}, {"help"}, {"completion", "bash"}} {
		help := h.ok(append([]string{"help"}, path...)...)
		if own := h.ok(append(path, "--help")...); help != own || !strings.Contains(help, "latchkey "+strings.Join(path, " ")) {
			t.Errorf("help on %s is\n%s\nand its own\n%s", path, help, own)
		}
	}
	all := h.ok("help")
	for _, name := range []string{"demo", "serve", "simulate", "doctor", "connections", "token", "keys", "version", "completion"} {
		if !strings.Contains(all, "\n   "+name) {
			t.Errorf("help says nothing of %s:\n%s", name, all)
		}
	}
	if doctor := h.ok("help", "doctor"); strings.Count(doctor, "\n") > 20 || !strings.Contains(doctor, "latchkey serve --help") {
		t.Errorf("what doctor does is buried:\n%s", doctor)
	}
	if status, _, stderr := h.command("doctor", "--addr", "nonsense"); status != 1 || strings.Contains(stderr, "flag") {
		t.Errorf("doctor takes no setting as a flag: %d, %s", status, stderr)
	}
	if !strings.Contains(all, "latchkey help COMMAND") {
		t.Errorf("help says nothing of itself:\n%s", all)
	}
	if short, long := h.ok("--version"), h.ok("version"); short != long || !strings.HasPrefix(long, "latchkey ") {
		t.Errorf("--version says %q, version %q", short, long)
	}
}
