package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// logged returns the lines of a JSON log with this message.
func logged(t *testing.T, log, message string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for line := range strings.Lines(log) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if msg, _ := fields["msg"].(string); strings.Contains(msg, message) {
			found = append(found, fields)
		}
	}
	return found
}

// TestStartLine holds that one line tells what a server is made of, and another that it ended.
func TestStartLine(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ["LATCHKEY_METRICS_ADDR"] = "127.0.0.1:0"
	h.mail("smtp://user:hunter2hunter2@127.0.0.1:1")
	s := h.serve()
	if !s.stderr.says("the mail server does not answer", s.ended) {
		t.Error("nothing is said of a mail server that is away")
	}
	s.stop()
	log := s.stderr.String()
	lines := logged(t, log, "listening")
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one:\n%s", len(lines), log)
	}
	for field, want := range map[string]string{
		"public_url": s.base, "version": version(), "store": "sqlite:" + h.path("latchkey.db"),
		"mail": "127.0.0.1:1", "metrics": "127.0.0.1:0",
	} {
		if got := lines[0][field]; got != want {
			t.Errorf("%s is %v, want %s", field, got, want)
		}
	}
	if key, _ := lines[0]["keyring"].(string); key == "" {
		t.Error("the keyring has no fingerprint")
	}
	if got := logged(t, log, "the mail server does not answer"); len(got) != 1 || !strings.Contains(got[0]["msg"].(string), "LATCHKEY_SMTP_URL: ") {
		t.Errorf("of the mail server is said %v", got)
	}
	if strings.Contains(log, "hunter2") {
		t.Error("the log has a password")
	}
	if got := logged(t, log, "stopped"); len(got) != 1 || !strings.HasSuffix(strings.TrimSpace(log), `"msg":"stopped"}`) {
		t.Errorf("the end is told by %v", got)
	}
}

// TestStartWarns holds that what is allowed and hardly meant is said once at the start, and nothing of a
// start that is as it should be.
func TestStartWarns(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	s := h.serve()
	s.stop()
	if log := s.stderr.String(); strings.Contains(log, `"WARN"`) {
		t.Errorf("a start that is well warns:\n%s", log)
	}
	must(t, os.WriteFile(h.path("latchkey.toml"), []byte("instagram_app_secret = \"hunter2hunter2\"\n"), 0o644))
	must(t, os.Chmod(h.path("latchkey.toml"), 0o644))
	h.environ["LATCHKEY_CONFIG"] = h.path("latchkey.toml")
	h.environ["LATCHKEY_TRUSTED_PROXIES"] = "0.0.0.0/0"
	s = h.serve()
	s.stop()
	log := s.stderr.String()
	for _, want := range []string{"LATCHKEY_TRUSTED_PROXIES: ", "LATCHKEY_CONFIG: "} {
		if got := logged(t, log, want); len(got) != 1 || got[0]["level"] != "WARN" {
			t.Errorf("%s is warned of by %v", want, got)
		}
	}
	if strings.Contains(log, "hunter2") {
		t.Error("the log has a secret")
	}
}

// TestStartTellsOfAMigration holds that a store that is brought forward is a line, and no other store.
func TestStartTellsOfAMigration(t *testing.T) {
	t.Parallel()
	const release = "../../internal/store/testdata/d649fc3/sqlite"
	h := newRig(t)
	for from, to := range map[string]string{release + ".db": "latchkey.db", release + ".keyring": "latchkey.db.keyring"} {
		content, err := os.ReadFile(from)
		must(t, err)
		must(t, os.WriteFile(h.path(to), content, 0o600))
	}
	for _, older := range []bool{true, false} {
		s := h.serve()
		s.stop()
		got := logged(t, s.stderr.String(), "this version's form")
		switch {
		case older && (len(got) != 1 || got[0]["from"] != 2.0 || got[0]["to"].(float64) <= 2):
			t.Errorf("a store of an earlier version is told of by %v", got)
		case !older && len(got) > 0:
			t.Errorf("a store of this version is told of by %v", got)
		}
	}
	fresh := newRig(t).serve()
	fresh.stop()
	if got := logged(t, fresh.stderr.String(), "this version's form"); len(got) > 0 {
		t.Errorf("a new store is told of by %v", got)
	}
}
