package owner_test

import (
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/web/owner"
)

const day = 24 * time.Hour

// TestStatus is the rule by which a page is calm, amber or red: each row one boundary.
func TestStatus(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	// Each duration counts from now; no trouble is one of the far future.
	const none = 1000 * day
	for _, tt := range []struct {
		name               string
		left, next, failed time.Duration
		want, tone         string
	}{
		{"healthy", 50 * day, 7 * day, none, "safe", ""},
		{"a short life, healthy", 2 * day, day, none, "safe", ""},
		{"fails for less than three days", 50 * day, day, -3*day + 1, "safe", ""},
		{"fails for three days", 50 * day, day, -3 * day, "late", "warn"},
		{"overdue for less than three days", 50 * day, -3*day + 1, none, "safe", ""},
		{"overdue for three days", 50 * day, -3 * day, none, "late", "warn"},
		{"the next check just before the end", 50 * day, 50*day - 1, none, "safe", ""},
		{"the next check at the end", 50 * day, 50 * day, none, "late", "warn"},
		{"fails, more than 14 days left", 14*day + 1, day, -time.Hour, "safe", ""},
		{"fails for days, more than 14 days left", 14*day + 1, day, -9 * day, "late", "warn"},
		{"fails, 14 days left", 14 * day, day, -time.Hour, "ending", "warn"},
		{"overdue, 14 days left", 14 * day, 0, none, "ending", "warn"},
		{"due in a moment, 14 days left", 14 * day, 1, none, "safe", ""},
		{"fails, more than five days left", 5*day + 1, day, -time.Hour, "ending", "warn"},
		{"fails, five days left", 5 * day, day, -time.Hour, "ending", "bad"},
		{"fails, a moment left", 1, 0, -time.Hour, "ending", "bad"},
		{"at the end", 0, -day, none, "ended", "bad"},
	} {
		c := store.Connection{Status: store.StatusActive, TokenExpiresAt: now.Add(tt.left), NextRefreshAt: now.Add(tt.next)}
		if tt.failed != none {
			c.Failure.Since = now.Add(tt.failed)
		}
		if got, tone := owner.Status(c, now); got != tt.want || tone != tt.tone {
			t.Errorf("%s: %s in the tone %q, want %s in %q", tt.name, got, tone, tt.want, tt.tone)
		}
	}
	forgotten := store.Connection{Status: store.StatusActive, TokenExpiresAt: now.Add(50 * day), Failure: store.RefreshFailure{Since: now}}
	if got, tone := owner.Status(forgotten, now); got != "late" || tone != "warn" {
		t.Errorf("never to be tried again: %s in the tone %q", got, tone)
	}
	for status, want := range map[store.Status][2]string{
		store.StatusReconnect: {"reconnect", "warn"}, store.StatusDisconnected: {"disconnected", "off"}, store.StatusActive: {"undated", ""},
	} {
		if got, tone := owner.Status(store.Connection{Status: status}, now); got != want[0] || tone != want[1] {
			t.Errorf("%s without an end: %s in the tone %q, want %v", status, got, tone, want)
		}
	}
}

// TestNextCheck is when the page says that a connection is looked at next.
func TestNextCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		next time.Time
		want string
	}{
		{"next week", now.Add(7 * day), "30 November"},
		{"next year, soon", now.Add(60 * day), "22 January 2027"},
		{"the last day of the year", time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC), "31 December"},
		{"the first of the next", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), "1 January 2027"},
		{"later today", now.Add(11 * time.Hour), "today"},
		{"tomorrow", now.Add(12 * time.Hour), "24 November"},
		{"overdue", now.Add(-3 * day), "today"},
		{"never", time.Time{}, ""},
	} {
		if got := owner.NextCheck(tt.next, now); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
