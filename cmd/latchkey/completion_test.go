package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// bashCompletion is what the script for bash stands on.
const bashCompletion = "/usr/share/bash-completion/bash_completion"

// TestCompletionInBash teaches bash the commands of the real program, as docs/operating.md says, and
// lets it complete some lines.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if _, missing := os.Stat(bashCompletion); err != nil || missing != nil {
		t.Skip("elsewhere: bash or its package bash-completion is not here")
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "latchkey"), ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const complete = `
source ` + bashCompletion + `
PATH="$1:$PATH"
source <(latchkey completion bash)
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
"$(complete -p latchkey | sed 's/.*-F \([^ ]*\).*/\1/')"
echo "${COMPREPLY[@]}"
`
	for line, want := range map[string]string{
		"latchkey conn": "connections", "latchkey connections er": "erase",
		"latchkey serve --pub": "--public-url", "latchkey connections show --js": "--json",
	} {
		out, err := exec.CommandContext(t.Context(), bash, append([]string{"-c", complete, "bash", dir}, strings.Fields(line)...)...).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%q is completed by %q (%v), want %q", line, got, err, want)
		}
	}
}

// TestCompletionScripts holds that there is a script for each shell that docs/operating.md names.
func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	for _, shell := range []string{"bash", "zsh", "fish", "pwsh"} {
		if script := h.ok("completion", shell); !strings.Contains(script, "latchkey") && !strings.Contains(script, "--generate-shell-completion") {
			t.Errorf("the script for %s completes nothing", shell)
		}
	}
}
