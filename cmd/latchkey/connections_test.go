package main

import (
	"strings"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite/sqlitetest"
)

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

// TestMailOfAConnection holds what is said of how an owner is reached, and that her address is not.
func TestMailOfAConnection(t *testing.T) {
	t.Parallel()
	st := sqlitetest.Open(t)
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	_, err := st.PutConnection(t.Context(), store.Connection{ID: "1", Status: store.StatusActive}, store.Event{ConnectionID: "1"})
	must(t, err)
	says := func(want string) {
		t.Helper()
		if got, err := mailOf(t.Context(), st, "1"); err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	says("no address given")
	must(t, st.PutContact(t.Context(), store.Contact{ConnectionID: "1", Address: "ada@example.org", AskedAt: now}))
	says("asked on 2026-11-26 12:00 UTC, not confirmed")
	must(t, st.PutContact(t.Context(), store.Contact{ConnectionID: "1", Address: "ada@example.org", AskedAt: now, ConfirmedAt: now.Add(time.Hour)}))
	says("confirmed on 2026-11-26 13:00 UTC")
}

// TestDeadToken holds of which tokens it is said that they will hardly work.
func TestDeadToken(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		status store.Status
		ends   time.Time
		want   string
	}{
		{store.StatusActive, now.Add(time.Millisecond), ""},
		{store.StatusActive, time.Time{}, ""},
		{store.StatusActive, now, "this token ran out on 2026-11-26 12:00 UTC"},
		{store.StatusReconnect, now.Add(time.Hour), "Instagram does not take this token any more: the password changed"},
		{store.StatusReconnect, now, "Instagram does not take this token any more: the password changed"},
	} {
		c := store.Connection{Status: tt.status, StatusReason: "the password changed.", TokenExpiresAt: tt.ends}
		if got := deadToken(c, now); got != tt.want {
			t.Errorf("%s, ends %v: %q, want %q", tt.status, tt.ends, got, tt.want)
		}
	}
}
