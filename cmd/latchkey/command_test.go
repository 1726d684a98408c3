package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/igsim"
)

func TestExitStatus(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.serve().stop() // makes the store
	for _, tt := range []struct {
		name, args string
		status     int
		stderr     string
	}{
		{"no command is help", "", 0, ""},
		{"version", "version", 0, ""},
		{"version as a flag", "--version", 0, ""},
		{"help", "help", 0, ""},
		{"help on help", "help help", 0, ""},
		{"help on a command of a group", "help connections erase", 0, ""},
		{"help in a group", "connections help show", 0, ""},
		{"help on nothing", "help conections", 2, "did you mean connections?"},
		{"help on nothing in a group", "help connections sho", 2, "did you mean show?"},
		{"help on more than there is", "help connections show more", 2, `show has no command "more"`},
		{"an unknown shell", "completion csh", 2, "no command"},
		{"an empty list", "connections", 0, ""},
		{"a slip in a command", "conections", 2, `no command "conections"; did you mean connections?`},
		{"a slip in a subcommand", "connections lost", 2, "did you mean list?"},
		{"an unknown subcommand", "connections forget 1", 2, `no command "forget"; see`},
		{"an unknown flag", "serve --port 1", 2, "has no flag --port"},
		{"a slip in a flag", "serve --public-ulr=hunter2", 2, "--public-ulr; did you mean --public-url?"},
		{"a slip in a flag of the group", "connections show 1 --jsn", 2, "did you mean --json?"},
		{"an argument too many", "version now", 2, "no argument"},
		{"an id too few", "connections show", 2, "one argument"},
		{"two ids", "connections erase 1 2", 2, "one argument"},
		{"a flag without its value", "serve --addr", 2, "addr"},
		{"an unknown id to show", "connections show 1", 1, `no connection "1"`},
		{"an unknown id to disconnect", "connections disconnect 1 --yes", 1, `no connection "1"`},
		{"an unknown id to erase", "connections erase --yes 1", 1, `no connection "1"`},
		{"a disconnect that nobody confirms", "connections disconnect 1", 2, "add --yes"},
		{"an erase that nobody confirms", "connections erase 1", 2, "nothing was changed"},
		{"an unknown id's token", "token 1", 1, `no connection "1"`},
		{"a keyring that is there", "keys init", 1, "already"},
		{"a bad setting", "serve --login-rate fast", 1, "LATCHKEY_LOGIN_RATE"},
		{"a setting beside the flag", "connections --store ftp:x", 1, "LATCHKEY_STORE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, _, stderr := h.command(strings.Fields(tt.args)...)
			if status != tt.status || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("status %d, want %d; stderr: %s", status, tt.status, stderr)
			}
			if want := min(status, 1); strings.Count(stderr, "\n") != want {
				t.Errorf("stderr has other than %d lines:\n%s", want, stderr)
			}
		})
	}
}

// TestCommandsWithoutAStore holds what commands say in a folder in which no server ever ran.
func TestCommandsWithoutAStore(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args   string
		status int
		stderr string
	}{
		{"connections", 1, "LATCHKEY_STORE: there is no store"},
		{"connections show 1", 1, "LATCHKEY_STORE: there is no store"},
		{"token 1", 1, "LATCHKEY_STORE: there is no store"},
		{"connections forget 1", 2, `no command "forget"`},
	} {
		h := newRig(t)
		status, stdout, stderr := h.command(strings.Fields(tt.args)...)
		if status != tt.status || !strings.Contains(stderr, tt.stderr) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%s: status %d, want %d; stderr: %s", tt.args, status, tt.status, stderr)
		}
	}
}

// TestBadSettingsStopTheStart holds that a wrong setting is one line that names it as its variable.
func TestBadSettingsStopTheStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, value, names string }{
		{"LATCHKEY_PUBLIC_ULR", "https://latchkey.example", "LATCHKEY_PUBLIC_URL"},
		{"LATCHKEY_PUBLIC_URL", "latchkey.example", "LATCHKEY_PUBLIC_URL"},
		{"LATCHKEY_INSTAGRAM_APP_ID", "undefined", "LATCHKEY_INSTAGRAM_APP_ID"},
		{"LATCHKEY_INSTAGRAM_APP_SECRET", "", "LATCHKEY_INSTAGRAM_APP_SECRET"},
		{"LATCHKEY_INSTAGRAM_GRAPH_URL", "http://graph.example", "LATCHKEY_INSTAGRAM_GRAPH_URL"},
		{"LATCHKEY_LOG_FORMAT", "xml", "LATCHKEY_LOG_FORMAT"},
		{"LATCHKEY_TRUSTED_PROXIES", "10.0.0.0/33", "LATCHKEY_TRUSTED_PROXIES"},
		{"LATCHKEY_STORE", "mongodb://user:hunter2hunter2@127.0.0.1:1/", "LATCHKEY_STORE"},
		{"LATCHKEY_STORE", "sqlite:/nowhere/at/all/latchkey.db", "LATCHKEY_STORE"},
		{"LATCHKEY_ADDR", "somewhere", "LATCHKEY_ADDR"},
	} {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			h.environ[tt.name] = tt.value
			status, _, stderr := h.command("serve")
			if status != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, tt.names) {
				t.Errorf("status %d, stderr:\n%s", status, stderr)
			}
			if strings.Contains(stderr, "hunter2") || strings.Contains(stderr, igsim.AppSecret) {
				t.Errorf("stderr has a secret:\n%s", stderr)
			}
		})
	}
}

// TestStoreThatCannotBeMade is a file whose trouble shows only when it is written.
func TestStoreThatCannotBeMade(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	must(t, os.Symlink(filepath.Join(h.dir, "nowhere", "latchkey.db"), filepath.Join(h.dir, "latchkey.db")))
	status, _, stderr := h.command("serve")
	if status != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "LATCHKEY_STORE: prepare store: ") {
		t.Errorf("status %d, stderr:\n%s", status, stderr)
	}
}

func TestKubernetesAndTestVariablesAreNoSettings(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	maps.Copy(h.environ, map[string]string{
		"LATCHKEY_SERVICE_HOST": "10.0.0.1", "LATCHKEY_PORT": "tcp://10.0.0.1:80",
		"LATCHKEY_PORT_80_TCP_ADDR": "10.0.0.1", "LATCHKEY_TEST_ANYTHING": "1",
	})
	h.serve()
}

// TestSettingsFromFiles holds the _FILE form and the TOML file.
func TestSettingsFromFiles(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	secret, settings := filepath.Join(h.dir, "secret"), filepath.Join(h.dir, "latchkey.toml")
	must(t, os.WriteFile(secret, []byte(igsim.AppSecret+"\n"), 0o600))
	must(t, os.WriteFile(settings, []byte("operator_contact = \"help@latchkey.example\"\nservice_name = \"Café Nord\"\nkeep_events = \"400d\"\n"), 0o600))
	h.environ["LATCHKEY_SERVICE_PURPOSE"] = "You get a report every Monday."
	delete(h.environ, "LATCHKEY_INSTAGRAM_APP_SECRET")
	h.environ["LATCHKEY_INSTAGRAM_APP_SECRET_FILE"] = secret
	h.environ["LATCHKEY_CONFIG"] = settings
	s := h.serve()
	b := s.browser()
	s.login(b, igsim.Decision{Persona: "studio_north"})
	h.id() // the login went well, so the secret was right
	_, page := s.get(b, s.base+"/privacy")
	for _, want := range []string{"help@latchkey.example", "Café Nord", "You get a report every Monday.", "for 400 days at most"} {
		if !strings.Contains(page, want) {
			t.Errorf("the privacy page does not show %q", want)
		}
	}
}

// TestTestClock moves the clock of a server and of the commands beside it with one file.
func TestTestClock(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	offset := filepath.Join(h.dir, "clock")
	must(t, os.WriteFile(offset, []byte("0"), 0o600))
	h.environ["LATCHKEY_TEST_CLOCK"] = offset
	s := h.serve()
	b := s.browser()
	s.login(b, igsim.Decision{Persona: "studio_north"})
	must(t, os.WriteFile(offset, []byte("5270400"), 0o600)) // 61 days
	if _, page := s.get(b, s.base+"/"); !strings.Contains(page, "ended") || !strings.Contains(page, `href="/login"`) {
		t.Errorf("61 days later the page does not say that the connection ended:\n%s", page)
	}
	h.environ["LATCHKEY_INSTAGRAM_GRAPH_URL"] = "https://graph.instagram.com"
	if status, _, stderr := h.command("serve"); status != 1 || !strings.Contains(stderr, "LATCHKEY_TEST_CLOCK") {
		t.Errorf("a moved clock beside the real Instagram: status %d, %s", status, stderr)
	}
}

func TestJSONNames(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	var list []map[string]any
	must(t, json.Unmarshal([]byte(h.ok("connections", "list", "--json")), &list))
	names := []string{
		"id", "app_scoped_id", "username", "name", "account_type", "picture_url", "followers", "follows", "media",
		"scopes_asked", "scopes", "status", "status_reason", "connected_at", "token_issued_at", "token_expires_at",
		"refreshed_at", "next_refresh_at", "version",
	}
	for _, name := range names {
		if _, ok := list[0][name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	if len(list[0]) != len(names) {
		t.Errorf("%d names, want %d: %v", len(list[0]), len(names), list[0])
	}
	if list[0]["refreshed_at"] != nil || !strings.HasSuffix(list[0]["connected_at"].(string), "Z") {
		t.Errorf("refreshed_at is %v, connected_at %v", list[0]["refreshed_at"], list[0]["connected_at"])
	}
}
