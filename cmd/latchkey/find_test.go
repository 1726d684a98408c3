package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
	"latchkey/internal/store/sqlite/sqlitetest"
)

// TestFindConnection holds by which names an operator can call a connection, on both databases.
func TestFindConnection(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) store.Store{
		"sqlite": func(t *testing.T) store.Store { t.Helper(); return sqlitetest.Open(t) },
		"mongo": func(t *testing.T) store.Store {
			t.Helper()
			st, err := mongo.Open(t.Context(), mongotest.URI(t))
			must(t, err)
			t.Cleanup(func() { must(t, st.Close()) })
			must(t, st.Prepare(t.Context()))
			return st
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := open(t)
			for id, username := range map[string]string{"1": "studio_north", "2": "tiny.bakery", "3": "17", "4": "moved", "5": "Moved", "17": "other", "6": ""} {
				_, err := st.PutConnection(t.Context(), store.Connection{ID: id, Username: username, Status: store.StatusActive}, store.Event{})
				must(t, err)
			}
			for _, tt := range []struct{ named, id, says string }{
				{"1", "1", ""},
				{"studio_north", "1", ""},
				{"Studio_NORTH", "1", ""},
				{"@studio_north", "1", ""},
				{"17", "17", ""}, // an id goes before a username
				{"@17", "3", ""},
				{"studio_nort", "", `no connection "studio_nort"; did you mean @studio_north?; latchkey connections shows`},
				{"tinybakery", "", "did you mean @tiny.bakery?"},
				{"studio", "", `no connection "studio"; latchkey connections shows`},
				{"moved", "", `2 connections have the username "moved"; name one of them by its id: 4, 5`},
				{"@", "", `no connection "@"`},
				{"99", "", `no connection "99"`},
			} {
				c, err := findConnection(t.Context(), st, tt.named)
				if c.ID != tt.id || (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%s: %q, %v, want %q, %q", tt.named, c.ID, err, tt.id, tt.says)
				}
			}
		})
	}
}

// TestFindConnectionOnAnyPage finds a username behind the first page.
func TestFindConnectionOnAnyPage(t *testing.T) {
	t.Parallel()
	st := sqlitetest.Open(t)
	for i := range pageSize + 1 {
		_, err := st.PutConnection(t.Context(), store.Connection{ID: fmt.Sprintf("%06d", i), Username: fmt.Sprint("owner", i), Status: store.StatusActive}, store.Event{})
		must(t, err)
	}
	if c, err := findConnection(t.Context(), st, fmt.Sprint("owner", pageSize)); err != nil || c.ID != fmt.Sprintf("%06d", pageSize) {
		t.Errorf("%q, %v", c.ID, err)
	}
}

// TestEveryCommandTakesAUsername calls each command that takes a connection by its username.
func TestEveryCommandTakesAUsername(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ahead := h.moving()
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	ahead(2 * 24 * time.Hour)
	h.environ["SUDO_USER"] = "anna"
	for _, tt := range []struct{ args, says string }{
		{"connections show @studio_north", "studio_north"},
		{"connections refresh Studio_North", "refreshed"},
		{"connections link studio_north", s.base + "/reconnect/"},
		{"token studio_north", "IGAA"},
		{"connections show studio_north", "command line (anna)"},
		{"connections disconnect studio_north --yes", "disconnected @studio_north ("},
		{"connections erase studio_north --yes", "erased @studio_north ("},
	} {
		if got := h.ok(strings.Fields(tt.args)...); !strings.Contains(got, tt.says) {
			t.Errorf("%s says\n%s\nwant %q", tt.args, got, tt.says)
		}
	}
}

// TestConfirm holds that what ends a connection asks, and that only yes goes on.
func TestConfirm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
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

// TestListForPeople holds what the list says of connections that are not well, and of none.
func TestListForPeople(t *testing.T) {
	t.Parallel()
	st := sqlitetest.Open(t)
	var out strings.Builder
	must(t, listConnections(t.Context(), &out, st, time.Now()))
	if got := out.String(); !strings.HasPrefix(got, "no connections yet") || strings.Contains(got, "USERNAME") {
		t.Errorf("an empty store is listed as\n%s", got)
	}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	trouble := store.Trouble{Since: now.Add(-time.Hour), Class: "retry", Cause: "outage", Tries: 1}
	for _, c := range []store.Connection{
		{ID: "1", Username: "well", Status: store.StatusActive, TokenExpiresAt: now.Add(53 * 24 * time.Hour)},
		{ID: "2", Username: "late", Status: store.StatusActive, TokenExpiresAt: now.Add(time.Hour), Trouble: trouble},
		{ID: "25", Username: "later", Status: store.StatusActive, TokenExpiresAt: now.Add(time.Hour), Trouble: store.Trouble{Since: now, Class: "hold", Cause: "blocked", Tries: 2}},
		{ID: "3", Username: "needed", Status: store.StatusReconnect, StatusReason: "a changed password", TokenExpiresAt: now.Add(53 * 24 * time.Hour)},
		{ID: "4", Username: "gone", Status: store.StatusDisconnected},
	} {
		_, err := st.PutConnection(t.Context(), c, store.Event{})
		must(t, err)
	}
	out.Reset()
	must(t, listConnections(t.Context(), &out, st, now))
	rows := strings.Split(out.String(), "\n")
	for i, want := range []string{
		"ID USERNAME KIND STATUS SAFE UNTIL LEFT NEXT CHECK REASON",
		"1 well active 2027-01-18 12:00 UTC 53 days -",
		"2 late active 2026-11-26 13:00 UTC 1 day - not refreshed since 2026-11-26 11:00 UTC: retry outage, 1 try",
		"25 later active 2026-11-26 13:00 UTC 1 day - not refreshed since 2026-11-26 12:00 UTC: hold blocked, 2 tries",
		"3 needed reconnect - - - a changed password",
		"4 gone disconnected - - -",
	} {
		if got := strings.Join(strings.Fields(rows[i]), " "); got != want {
			t.Errorf("row %d is %q, want %q", i, got, want)
		}
	}
}

// TestHelp holds that help on a command is what its own --help says, and names every command.
func TestHelp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
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
	if !strings.Contains(all, "latchkey help COMMAND") {
		t.Errorf("help says nothing of itself:\n%s", all)
	}
	if short, long := h.ok("--version"), h.ok("version"); short != long || !strings.HasPrefix(long, "latchkey ") {
		t.Errorf("--version says %q, version %q", short, long)
	}
}
