package refresh_test

import (
	"testing"
	"time"

	"latchkey/instagram"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
)

// TestPause is the table of waits: what kind of failure, how many before it, how much life is left.
func TestPause(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const minute, hour = time.Minute, time.Hour
	for name, tt := range map[string]struct {
		class     instagram.Class
		status    store.Status
		tries     int64 // this one included
		left      time.Duration
		instagram time.Duration // what Instagram asks for
		want      time.Duration
	}{
		"the first":                        {class: instagram.ClassRetry, tries: 1, left: 53 * day, want: 5 * minute},
		"the second":                       {class: instagram.ClassRetry, tries: 2, left: 53 * day, want: 10 * minute},
		"the sixth":                        {class: instagram.ClassRetry, tries: 6, left: 53 * day, want: 160 * minute},
		"the tenth":                        {class: instagram.ClassRetry, tries: 10, left: 53 * day, want: 24 * hour},
		"after weeks":                      {class: instagram.ClassRetry, tries: 1 << 40, left: 20 * day, want: 24 * hour},
		"near the end":                     {class: instagram.ClassRetry, tries: 50, left: 8 * hour, want: 2 * hour},
		"minutes before the end":           {class: instagram.ClassRetry, tries: 50, left: 9 * minute, want: 5 * minute},
		"past the end":                     {class: instagram.ClassRetry, tries: 50, left: -day, want: 24 * hour},
		"Instagram names a time":           {class: instagram.ClassRetry, tries: 1, left: 53 * day, instagram: 30 * minute, want: 30 * minute},
		"Instagram names a shorter one":    {class: instagram.ClassRetry, tries: 6, left: 53 * day, instagram: minute, want: 160 * minute},
		"Instagram names an absurd one":    {class: instagram.ClassRetry, tries: 1, left: 53 * day, instagram: 99 * day, want: 24 * hour},
		"hold":                             {class: instagram.ClassHold, tries: 9, left: 53 * day, want: 6 * hour},
		"hold, and it names a time":        {class: instagram.ClassHold, tries: 9, left: 53 * day, instagram: 9 * hour, want: 9 * hour},
		"operator":                         {class: instagram.ClassOperator, tries: 99, left: 53 * day, want: hour},
		"permanent":                        {class: instagram.ClassPermanent, tries: 1, left: 53 * day, want: 24 * hour},
		"a doubt":                          {class: instagram.ClassReconnect, tries: 1, left: 53 * day, want: 5 * minute},
		"the owner is awaited":             {class: instagram.ClassReconnect, status: store.StatusReconnect, tries: 5, left: 30 * day, want: 24 * hour},
		"the owner is awaited, past it":    {class: instagram.ClassReconnect, status: store.StatusReconnect, tries: 5, left: -hour, want: 7 * day},
		"awaited, and Instagram is broken": {class: instagram.ClassRetry, status: store.StatusReconnect, tries: 5, left: 30 * day, want: 24 * hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := store.Connection{Status: store.StatusActive, TokenExpiresAt: now.Add(tt.left)}
			if tt.status != "" {
				c.Status = tt.status
			}
			c.Failure.Tries = tt.tries - 1
			for jitter, longer := range map[float64]time.Duration{0: 0, 1: tt.want / 5} {
				got := refresh.Postponed(c, tt.class, tt.instagram, now, jitter)
				want := min(tt.want+longer, 8*day) // nothing is put off for longer
				if wait := got.NextRefreshAt.Sub(now); wait != want {
					t.Errorf("jitter %v: waits %v, want %v", jitter, wait, want)
				}
				if got.Failure.Tries != tt.tries || !got.Failure.Since.Equal(now) || got.Status != c.Status {
					t.Errorf("became %+v", got)
				}
			}
		})
	}
}

// TestPauseForMinutes holds that an account which Instagram asks to wait "a few minutes" waits for half an
// hour, and for longer when it names a longer time, but not for the hours of other holds.
func TestPauseForMinutes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	c := store.Connection{Status: store.StatusActive, TokenExpiresAt: now.Add(53 * day)}
	for asked, want := range map[time.Duration]time.Duration{
		0: 30 * time.Minute, 29 * time.Minute: 30 * time.Minute, 31 * time.Minute: 31 * time.Minute,
	} {
		if wait := refresh.PostponedForWait(c, asked, now, 0).NextRefreshAt.Sub(now); wait != want {
			t.Errorf("asked for %v: waits %v, want %v", asked, wait, want)
		}
	}
}

// TestPauseAfterWhatMayHaveWorked is the table of waits after a refresh whose answer may be lost: by its number, and
// by how long before it the last try was.
func TestPauseAfterWhatMayHaveWorked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		tries int64 // this one included
		since time.Duration
		want  time.Duration
	}{
		{1, 7 * day, 20 * time.Second},
		{2, 20 * time.Second, 20 * time.Second},
		{5, 20 * time.Second, 20 * time.Second},
		{6, 20 * time.Second, 5 * time.Minute},
		{6, 2 * time.Minute, 5 * time.Minute},
		{6, 2*time.Minute + 1, 20 * time.Second},
		{6, -2 * time.Minute, 5 * time.Minute},
		{6, -2*time.Minute - 1, 20 * time.Second}, // by a clock that was ahead then
		{7, 5 * time.Minute, 20 * time.Second},
		{8, 20 * time.Second, 10 * time.Minute},
		{8, 3 * time.Hour, 20 * time.Second},
		{9, 10 * time.Minute, 20 * time.Second},
		{10, 20 * time.Second, 20 * time.Minute},
		{22, 20 * time.Second, 1280 * time.Minute},
		{24, 20 * time.Second, 24 * time.Hour},
		{25, day, 20 * time.Second},
	} {
		for _, status := range []store.Status{store.StatusActive, store.StatusReconnect} {
			if status == store.StatusReconnect && tt.want != 20*time.Second {
				tt.want = 24 * time.Hour
			}
			c := store.Connection{Status: status, TokenExpiresAt: now.Add(53 * day), TriedAt: now.Add(-tt.since), Failure: store.RefreshFailure{Tries: tt.tries - 1}}
			for jitter, longer := range map[float64]time.Duration{0: 0, 1: tt.want / 5} {
				got := refresh.PostponedUnsure(c, time.Second, now, jitter)
				if wait := got.NextRefreshAt.Sub(now); wait != tt.want+longer {
					t.Errorf("%s, try %d after %v, jitter %v: waits %v, want %v", status, tt.tries, tt.since, jitter, wait, tt.want+longer)
				}
			}
		}
	}
}

// TestWeeks holds that back-off goes on for weeks: a token that fails from its first refresh on is
// tried more than forty times before its end.
func TestWeeks(t *testing.T) {
	t.Parallel()
	issued := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	c := store.Connection{Status: store.StatusActive, TokenExpiresAt: issued.Add(60 * day), NextRefreshAt: issued.Add(7 * day)}
	for c.NextRefreshAt.Before(c.TokenExpiresAt) {
		next := refresh.Postponed(c, instagram.ClassRetry, 0, c.NextRefreshAt, 0.5)
		if wait := next.NextRefreshAt.Sub(c.NextRefreshAt); wait < 5*time.Minute || wait > 29*time.Hour {
			t.Fatalf("try %d waits %v", next.Failure.Tries, wait)
		}
		c = next
	}
	if c.Failure.Tries < 40 {
		t.Errorf("%d tries in 53 days", c.Failure.Tries)
	}
}
