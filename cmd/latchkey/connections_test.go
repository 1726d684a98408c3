package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
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
	const refused, ranOut = ", and Instagram does not take this token: the password changed", "the connection has the status active, and this token ran out on 2026-11-26 12:00 UTC"
	for _, tt := range []struct {
		status       store.Status
		needed, ends time.Time
		want         string
	}{
		{store.StatusActive, time.Time{}, now.Add(time.Millisecond), ""},
		{store.StatusActive, now, time.Time{}, ""}, // it needed her before a login
		{store.StatusActive, now, now, ranOut},
		{store.StatusReconnect, now.Add(-time.Hour), now.Add(time.Hour), "the connection has the status reconnect since 2026-11-26 11:00 UTC" + refused},
		{store.StatusReconnect, time.Time{}, now, "the connection has the status reconnect" + refused},
	} {
		c := store.Connection{Status: tt.status, StatusReason: "the password changed.", TokenExpiresAt: tt.ends}
		if got := deadToken(c, tt.needed, now); got != tt.want {
			t.Errorf("%s, ends %v: %q, want %q", tt.status, tt.ends, got, tt.want)
		}
	}
}

// TestTokenOfALostConnection holds that a token which Instagram refuses is printed as any other, and that standard error
// says since when and what to do.
func TestTokenOfALostConnection(t *testing.T) {
	t.Parallel()
	h := used(t)
	id := h.id()
	status, well, said := h.command("token", id)
	if status != 0 || said != "" {
		t.Errorf("a good token: status %d, %q", status, said)
	}
	since := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	h.inStore(func(st *sqlite.Store) error {
		c, err := st.Connection(t.Context(), id)
		must(t, err)
		c.Status, c.StatusReason = store.StatusReconnect, "Instagram no longer accepts the permission."
		_, err = st.UpdateConnection(t.Context(), c, store.Event{ConnectionID: id, At: since, Kind: store.EventReconnectNeeded})
		return err
	})
	status, token, said := h.command("token", id)
	const want = "latchkey: the connection has the status reconnect since 2026-11-20 09:30 UTC, and Instagram does not take this token: " +
		"Instagram no longer accepts the permission. Its owner has to log in again; latchkey connections link %s makes a link for her\n"
	if status != 0 || token != well || said != fmt.Sprintf(want, id) {
		t.Errorf("status %d, the same token: %t, said %q", status, token == well, said)
	}
}
