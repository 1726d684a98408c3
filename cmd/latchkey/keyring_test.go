package main

import (
	"os"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/seal"
	"latchkey/internal/store/mongo/mongotest"
)

// TestNoNewKeyringWhereOneIsNeeded holds that nothing offers a new keyring, or makes one, where the old one
// alone opens what is sealed, and that all say which that is.
func TestNoNewKeyringWhereOneIsNeeded(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]func(h *rig){"SQLite": func(*rig) {}, "MongoDB": func(h *rig) { onMongo(h) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			h.environ["LATCHKEY_KEYRING_FILE"] = h.path("keyring")
			on(h)
			s := h.serve()
			s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
			s.stop()
			id := h.id()
			ring, err := seal.Load(h.path("keyring"))
			must(t, err)
			must(t, os.Rename(h.path("keyring"), h.path("backup")))

			for _, args := range []string{"serve", "token " + id, "connections refresh " + id, "keys init"} {
				status, _, stderr := h.command(strings.Fields(args)...)
				if status != 1 || !strings.Contains(stderr, ring.Fingerprint()) || !strings.Contains(stderr, "from your backup") ||
					strings.Contains(stderr, "latchkey keys init") || strings.Count(stderr, "\n") != 1 {
					t.Errorf("%s: status %d, %s", args, status, stderr)
				}
			}
			_, x := h.doctor()
			if got := x.of(t, "keyring"); got.Status != statusFail || !strings.Contains(got.Message, ring.Fingerprint()) || strings.Contains(got.Message+got.Cure, "keys init") {
				t.Errorf("%+v", got)
			}
			if _, err := os.Stat(h.path("keyring")); err == nil {
				t.Error("one was made")
			}

			must(t, os.Rename(h.path("backup"), h.path("keyring"))) // as they say
			h.ok("token", id)
		})
	}
}

// TestANewKeyringWhereNothingIsSealed holds that a keyring which was lost before anything was sealed is
// made anew, and that the next start takes it.
func TestANewKeyringWhereNothingIsSealed(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]func(h *rig){"SQLite": func(*rig) {}, "MongoDB": func(h *rig) { onMongo(h) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			h.environ["LATCHKEY_KEYRING_FILE"] = h.path("keyring")
			on(h)
			h.serve().stop()
			must(t, os.Remove(h.path("keyring")))
			h.ok("keys", "init")
			s := h.serve()
			s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
			h.ok("token", h.id())
		})
	}
}

// TestKeysInitLooksFirst holds that a store that does not answer, or a folder that is not there, makes no
// keyring that may be of no use.
func TestKeysInitLooksFirst(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ["LATCHKEY_STORE"] = "mongodb://127.0.0.1:1/latchkey?serverSelectionTimeoutMS=50"
	h.environ["LATCHKEY_KEYRING_FILE"] = h.path("keyring")
	status, _, stderr := h.command("keys", "init")
	if status != 1 || !strings.Contains(stderr, "depends on what the store holds") {
		t.Errorf("status %d, %s", status, stderr)
	}
	h.environ["LATCHKEY_STORE"] = mongotest.URI(t)
	h.environ["LATCHKEY_KEYRING_FILE"] = h.path("later/keyring")
	status, _, stderr = h.command("keys", "init")
	if status != 1 || !strings.Contains(stderr, "LATCHKEY_KEYRING_FILE") || !strings.Contains(stderr, "mkdir -p "+h.path("later")) {
		t.Errorf("status %d, %s", status, stderr)
	}
	if files := h.files(); len(files) != 0 {
		t.Errorf("it made %v", files)
	}
	h = newRig(t)
	h.environ["LATCHKEY_STORE"] = "sqlite:" + h.path("later/latchkey.db") // where nothing can be stored yet
	h.environ["LATCHKEY_KEYRING_FILE"] = h.path("keyring")
	h.ok("keys", "init")
}
