package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
	"latchkey/internal/store/sqlite/sqlitetest"
)

// TestFindConnection holds by which names an operator can call a connection, on both databases.
func TestFindConnection(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) store.Store{
		"sqlite": func(t *testing.T) store.Store { t.Helper(); return sqlitetest.Open(t) },
		"mongo":  func(t *testing.T) store.Store { t.Helper(); return mongotest.Store(t) },
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
	h := newRig(t)
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
