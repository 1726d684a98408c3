package store_test

import (
	"testing"
	"time"

	"latchkey/internal/store"
)

func TestNextRefresh(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	issued := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		life   time.Duration
		jitter float64
		want   time.Duration
	}{
		{"an ordinary token", 60 * day, 0.5, 7 * day},
		{"the earliest of a fleet", 60 * day, 0, 7*day - 12*time.Hour},
		{"the latest of a fleet", 60 * day, 1, 7*day + 12*time.Hour},
		{"half the life of a short one", 4 * day, 0.5, 2 * day},
		{"never before 24 hours", 30 * time.Hour, 0.5, day},
		{"never before 24 hours, even past the end", time.Hour, 0.5, day},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := store.NextRefresh(issued, issued.Add(tt.life), tt.jitter).Sub(issued); got != tt.want {
				t.Errorf("due at the age of %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNextNotice(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		left time.Duration
		want time.Duration // before the expiry; 0 is never
	}{
		{"a fresh token", 60 * day, 14 * day},
		{"just before the first mark", 14*day + time.Millisecond, 14 * day},
		{"at the first mark", 14 * day, 7 * day},
		{"between two marks", 10 * day, 7 * day},
		{"just before the second", 7*day + time.Millisecond, 7 * day},
		{"at the second", 7 * day, day},
		{"just before the last", day + time.Millisecond, day},
		{"at the last", day, 0},
		{"past the end", -day, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var want time.Time
			if tt.want > 0 {
				want = now.Add(tt.left - tt.want)
			}
			if got := store.NextNotice(now.Add(tt.left), now); !got.Equal(want) {
				t.Errorf("at %v, want %v", got, want)
			}
		})
	}
	if got := store.NextNotice(time.Time{}, now); !got.IsZero() {
		t.Errorf("without an expiry at %v", got)
	}
}

// TestRunsOut is the rule by which pages and mails say that a connection runs out: each row one
// boundary.
func TestRunsOut(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	troubled, well := store.RefreshFailure{Since: now}, store.RefreshFailure{}
	for _, tt := range []struct {
		name             string
		left, next       time.Duration
		trouble          store.RefreshFailure
		overdue, runsOut bool
		days             int
	}{
		{"healthy", 53 * day, 1, well, false, false, 53},
		{"due", 53 * day, 0, well, true, false, 53},
		{"due just before the first mark", 14*day + 1, 0, well, true, false, 15},
		{"due at the first mark", 14 * day, 0, well, true, true, 14},
		{"due in a moment at the first mark", 14 * day, 1, well, false, false, 14},
		{"troubled just before the first mark", 14*day + 1, day, troubled, false, false, 15},
		{"troubled at the first mark", 14 * day, day, troubled, false, true, 14},
		{"a short life", day, day / 2, well, false, false, 1},
		{"looked at just before its end", day, day - 1, well, false, false, 1},
		{"looked at only at its end", day, day, well, true, true, 1},
		{"a little more than a day", day + 1, 1, well, false, false, 2},
		{"a moment before its end", 1, 0, well, true, true, 1},
		{"at its end", 0, day, well, true, true, 0},
		{"long past its end", -3 * day, day, troubled, true, true, 0},
	} {
		c := store.Connection{Status: store.StatusActive, TokenExpiresAt: now.Add(tt.left), NextRefreshAt: now.Add(tt.next), Failure: tt.trouble}
		if got := c.Overdue(now); got != tt.overdue {
			t.Errorf("%s: overdue is %t", tt.name, got)
		}
		if got := c.RunsOut(now); got != tt.runsOut {
			t.Errorf("%s: runs out is %t", tt.name, got)
		}
		if got := c.DaysLeft(now); got != tt.days {
			t.Errorf("%s: %d days are left, want %d", tt.name, got, tt.days)
		}
		c.NextRefreshAt = time.Time{}
		if !c.Overdue(now) {
			t.Errorf("%s, and never looked at: it is not overdue", tt.name)
		}
		for _, status := range []store.Status{store.StatusReconnect, store.StatusDisconnected} {
			if c.Status = status; c.RunsOut(now) {
				t.Errorf("%s, and %s: it runs out", tt.name, status)
			}
		}
	}
	if c := (store.Connection{Status: store.StatusActive, Failure: troubled}); c.Overdue(now) || c.RunsOut(now) || c.DaysLeft(now) != 0 {
		t.Error("a connection without an end runs out")
	}
}
