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
		{"at the second", 7 * day, day},
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
