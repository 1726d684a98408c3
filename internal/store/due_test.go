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
