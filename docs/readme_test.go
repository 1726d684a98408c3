package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOwnProgram follows the README's "In your own Go program" as somebody else would: the text as it
// stands, in a module outside, without a network. Only the path of the clone is filled in.
func TestOwnProgram(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(read(t, filepath.Join(root, "README.md")), "## In your own Go program")
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for _, match := range regexp.MustCompile("(?ms)^```(?:go)?\n(.*?)^```$").FindAllStringSubmatch(section, -1) {
		blocks = append(blocks, match[1])
	}
	clone, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	const placeholder = "/path/to/your/clone"
	if len(blocks) != 3 || !strings.Contains(blocks[0], placeholder) {
		t.Fatalf("the README has %d blocks there, want go.mod and two programs", len(blocks))
	}
	for i, want := range []string{"Try again later: instagram: ", "studio_north is connected for another 60 days\n"} {
		dir := t.TempDir()
		mod := strings.ReplaceAll(blocks[0], placeholder, clone)
		for name, text := range map[string]string{"go.mod": mod, "main.go": blocks[i+1]} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.CommandContext(t.Context(), "go", "run", ".")
		cmd.Dir = dir
		// The proxy keeps the first program from the real Instagram: nothing listens there.
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "HTTPS_PROXY=http://127.0.0.1:1")
		if out, _ := cmd.CombinedOutput(); !strings.HasPrefix(string(out), want) {
			t.Errorf("program %d says %q, want %q", i+1, out, want)
		}
		if now := read(t, filepath.Join(dir, "go.mod")); now != mod {
			t.Errorf("program %d needs more in its go.mod:\n%s", i+1, now)
		}
	}
}
