package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/api"
	"latchkey/igsim"
	"latchkey/internal/seal"
)

// TestLogin is the main job, end to end: the button, Instagram, home, and the command line beside
// the running server.
func TestLogin(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	s := h.serve()
	b := s.browser()
	res, page := s.login(b, igsim.Decision{Persona: "studio_north"})
	if res.StatusCode != http.StatusOK || res.Request.URL.Path != "/" {
		t.Fatalf("the login ended at %s with %s", res.Request.URL.Path, res.Status)
	}
	for _, want := range []string{"Studio North", "@studio_north", "Sign out"} {
		if !strings.Contains(page, want) {
			t.Errorf("the home page does not say %q", want)
		}
	}

	id := h.id()
	var shown api.ConnectionWithEvents
	if err := json.Unmarshal([]byte(h.ok("connections", "show", id, "--json")), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.Username != "studio_north" || shown.Status != "active" || shown.Version != 1 || len(shown.Events) != 1 || shown.Events[0].Kind != "connected" {
		t.Errorf("shown as %+v", shown)
	}
	token := strings.TrimSuffix(h.ok("token", id), "\n")
	if !strings.HasPrefix(token, "IGAA") || strings.ContainsAny(token, " \n") {
		t.Error("token printed something else than a token")
	}
	if text := h.ok("connections", "show", id); !strings.Contains(text, "token_opened") || !strings.Contains(text, "command line") {
		t.Errorf("the opening left no event:\n%s", text)
	}

	h.ok("connections", "disconnect", id, "--yes")
	if again := h.ok("connections", "disconnect", id, "--yes"); !strings.Contains(again, "was disconnected already, on 20") || !strings.Contains(again, "by command line") || strings.Contains(again, "destroyed") {
		t.Errorf("disconnected twice: %s", again)
	}
	if status, _, stderr := h.command("token", id); status != 1 || !strings.Contains(stderr, "log in again") {
		t.Errorf("the token of a disconnected one: status %d, %s", status, stderr)
	}
	h.ok("connections", "erase", "--yes", id)
	if status, _, stderr := h.command("connections", "show", id); status != 1 || !strings.Contains(stderr, "there is no connection") {
		t.Errorf("an erased one: status %d, %s", status, stderr)
	}
	if got := h.ok("connections", "list", "--json"); got != "[]\n" {
		t.Errorf("an empty list is %q", got)
	}
	if status := s.stop(); status != 0 {
		t.Errorf("the server ended with status %d", status)
	}
}

// TestKeyringStopsTheStart holds each rule of the keyring, for the server and for the command that
// opens a token: its own sentence, status 1, and nothing written to the store.
func TestKeyringStopsTheStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		damage func(t *testing.T, path string)
		want   string
	}{
		{"deleted", func(t *testing.T, path string) { must(t, os.Remove(path)) }, "not there"},
		{"another valid one", func(t *testing.T, path string) {
			must(t, os.Remove(path))
			if _, err := seal.Create(path); err != nil {
				t.Fatal(err)
			}
		}, "another keyring"},
		{"truncated", func(t *testing.T, path string) { must(t, os.Truncate(path, 40)) }, "truncated"},
		{"readable by others", func(t *testing.T, path string) { must(t, os.Chmod(path, 0o644)) }, "chmod 600"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			s := h.serve()
			s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
			s.stop()
			id := h.id()
			path := filepath.Join(h.dir, "latchkey.db.keyring")
			tt.damage(t, path)
			before := folder(t, h.dir)
			for _, args := range [][]string{{"serve"}, {"token", id}} {
				status, _, stderr := h.command(args...)
				if status != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.want) || !strings.Contains(stderr, "LATCHKEY_KEYRING_FILE") {
					t.Errorf("%s: status %d, stderr:\n%s", args[0], status, stderr)
				}
				if after := folder(t, h.dir); after != before {
					t.Errorf("%s wrote something:\nbefore %s\nafter  %s", args[0], before, after)
				}
			}
		})
	}
}

func TestKeyringIsMadeAgainWhileNothingIsSealed(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.serve().stop()
	path := filepath.Join(h.dir, "latchkey.db.keyring")
	must(t, os.Remove(path))
	s := h.serve()
	if res, _ := s.login(s.browser(), igsim.Decision{Persona: "studio_north"}); res.StatusCode != http.StatusOK {
		t.Errorf("a login after that: %s", res.Status)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the keyring is %v, %v", info, err)
	}
}

// folder is what a folder holds, names and bytes.
func folder(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		b.WriteString(e.Name() + ":" + hash(text) + " ")
	}
	return b.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
