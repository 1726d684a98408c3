package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v3"

	"latchkey/internal/notice"
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
	trouble := store.RefreshFailure{Since: now.Add(-time.Hour), Class: "retry", Cause: "outage", Tries: 1}
	for _, c := range []store.Connection{
		{ID: "1", Username: "well", Status: store.StatusActive, TokenExpiresAt: now.Add(53 * 24 * time.Hour)},
		{ID: "2", Username: "late", Status: store.StatusActive, TokenExpiresAt: now.Add(time.Hour), Failure: trouble},
		{ID: "25", Username: "later", Status: store.StatusActive, TokenExpiresAt: now.Add(time.Hour), Failure: store.RefreshFailure{Since: now, Class: "hold", Cause: "blocked", Tries: 2}},
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
	contact, err := notice.PutContact(t.Context(), st, notice.Contact{ConnectionID: "1", Address: "ada@example.org", AskedAt: now})
	must(t, err)
	says("asked on 2026-11-26 12:00 UTC, not confirmed")
	contact.ConfirmedAt = now.Add(time.Hour)
	contact, err = notice.PutContact(t.Context(), st, contact)
	must(t, err)
	says("confirmed on 2026-11-26 13:00 UTC")
	_, err = notice.PutContact(t.Context(), st, notice.Contact{ConnectionID: "1", Version: contact.Version}) // she took it back
	must(t, err)
	says("no address given")
}

// TestShowForPeople holds every line that is shown of a connection, and its history under them.
func TestShowForPeople(t *testing.T) {
	t.Parallel()
	st := sqlitetest.Open(t)
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	followers := int64(1234)
	_, err := st.PutConnection(t.Context(), store.Connection{
		ID: "1", AppScopedID: "2", Username: "ada", Name: "Ada\x1b[31m", AccountType: "creator", Followers: &followers,
		ScopesAsked: []string{"a", "b"}, Status: store.StatusActive, ConnectedAt: now, TokenIssuedAt: now,
		TokenExpiresAt: now.Add(60 * 24 * time.Hour), NextRefreshAt: now.Add(7 * 24 * time.Hour),
	}, store.Event{ConnectionID: "1", At: now, Kind: store.EventConnected, Caller: "login", Message: "Well."})
	must(t, err)
	_, err = notice.PutContact(t.Context(), st, notice.Contact{ConnectionID: "1", Address: "ada@example.org", AskedAt: now})
	must(t, err)
	var out strings.Builder
	must(t, showConnection(t.Context(), &out, opened{store: st, now: func() time.Time { return now }}, "@ADA", false))
	var rows []string
	for line := range strings.Lines(out.String()) {
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"id 1", "app-scoped id 2", "username ada", "name Ada[31m", "kind creator", "followers 1234", "follows unknown", "posts unknown",
		"asked for a, b", "granted unknown", "status active", "reason -", "connected 2026-11-26 12:00 UTC", "token issued 2026-11-26 12:00 UTC",
		"safe until 2027-01-25 12:00 UTC", "left 60 days", "refreshed -", "next check 2026-12-03 12:00 UTC",
		"mail asked on 2026-11-26 12:00 UTC, not confirmed", "version 1",
		"", "WHEN WHAT WHO NOTE", "2026-11-26 12:00 UTC connected login Well.",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// TestDisconnectAgain holds what is said of a connection that ended before, with and without a history that tells of it.
func TestDisconnectAgain(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for kind, want := range map[store.EventKind]string{
		store.EventDisconnected: "@ada (1) was disconnected already, on 2026-11-26 12:00 UTC, by owner; it has no token\n",
		store.EventConnected:    "@ada (1) was disconnected already; it has no token\n",
	} {
		st := sqlitetest.Open(t)
		c := store.Connection{ID: "1", Username: "ada", Status: store.StatusDisconnected}
		_, err := st.PutConnection(t.Context(), c, store.Event{ConnectionID: "1", At: at, Kind: kind, Caller: "owner"})
		must(t, err)
		var out strings.Builder
		must(t, alreadyDisconnected(t.Context(), &cli.Command{}, &out, opened{store: st}, c))
		if out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	}
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
