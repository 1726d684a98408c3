package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestLatchkeyctl runs the script with folders, user and program of the test in place of the installed ones.
func TestLatchkeyctl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("runuser"); err != nil || os.Getuid() != 0 {
		t.Skip("elsewhere: only root can run latchkeyctl")
	}
	dir, err := os.MkdirTemp("", "latchkeyctl-") // which another user can reach
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "latchkey")
	syscall.ForkLock.RLock() // a child that began while a program is written would keep it open, and so busy
	for name, file := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"latchkey":             {"#!/bin/sh\nid -un; pwd; env | grep ^LATCHKEY_ | sort; echo \"$SUDO_USER\"; printf '<%s>' \"$@\"\n", 0o755},
		"instagram-app-secret": {"s3cret with ' and $\n", 0o600},
		"smtp-url":             {"", 0o600},
		"latchkeyctl": {strings.NewReplacer("/etc/latchkey", dir, "/var/lib/latchkey", dir, "-u latchkey", "-u nobody", "/usr/local/bin/latchkey", program).
			Replace(read(t, "../deploy/latchkeyctl")), 0o755},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(file.text), file.mode); err != nil {
			t.Error(err)
		}
	}
	syscall.ForkLock.RUnlock()
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "latchkeyctl"), "doctor", "two words")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "SUDO_USER=anna"}
	out, err := cmd.CombinedOutput()
	want := "nobody\n" + dir + "\nLATCHKEY_CONFIG=" + dir + "/latchkey.toml\nLATCHKEY_INSTAGRAM_APP_SECRET=s3cret with ' and $\nanna\n<doctor><two words>"
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
}

// TestLatchkeyctlReadsWhatTheUnitLoads holds that the script and the unit name the same files.
func TestLatchkeyctlReadsWhatTheUnitLoads(t *testing.T) {
	t.Parallel()
	script, unit := read(t, "../deploy/latchkeyctl"), read(t, "../deploy/latchkey.service")
	for variable, file := range map[string]string{"LATCHKEY_INSTAGRAM_APP_SECRET": "instagram-app-secret", "LATCHKEY_SMTP_URL": "smtp-url", "LATCHKEY_STORE": "store"} {
		if !strings.Contains(script, "\nsecret "+variable+" "+file+"\n") {
			t.Errorf("latchkeyctl reads no %s", file)
		}
		if !strings.Contains(unit, "LoadCredential="+file+":/etc/latchkey/"+file+"\n") || !strings.Contains(unit, "Environment="+variable+"_FILE=%d/"+file+"\n") {
			t.Errorf("the unit loads no %s", file)
		}
	}
}
