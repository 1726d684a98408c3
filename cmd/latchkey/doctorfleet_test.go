package main

import (
	"strings"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite/sqlitetest"
)

// TestDoctorOfRunways holds at which runways doctor warns, each row one boundary, and that it counts days as the list does.
func TestDoctorOfRunways(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		runway time.Duration
		listed string
		status status
		says   string
	}{
		{40*day + time.Millisecond, "41 days", statusOK, "1 active; every one is safe until 2027-01-05 12:00 UTC at least"},
		{40 * day, "40 days", statusWarn, "1 active; of 1 the token ends within 40 days"},
		{14*day + time.Millisecond, "15 days", statusWarn, "1 active; of 1 the token ends within 40 days"},
		{14 * day, "14 days", statusWarn, "1 active; of 1 the token ends within 14 days"},
		{day + time.Millisecond, "2 days", statusWarn, "1 active; of 1 the token ends within 14 days"},
		{day, "1 day", statusFail, "1 active; of 1 the token ends within a day or has ended"},
		{0, "0 days", statusFail, "1 active; of 1 the token ends within a day or has ended"},
	} {
		st := sqlitetest.Open(t)
		c := store.Connection{ID: "1", Status: store.StatusActive, TokenExpiresAt: now.Add(tt.runway)}
		_, err := st.PutConnection(t.Context(), c, store.Event{ConnectionID: "1"})
		must(t, err)
		d := doctor{store: st, now: func() time.Time { return now }}
		got := d.checkConnections(t.Context())
		if got.Status != tt.status || !strings.HasPrefix(got.Message, tt.says) {
			t.Errorf("%v: %+v, want %s, %q", tt.runway, got, tt.status, tt.says)
		}
		if listed := left(c, now); listed != tt.listed {
			t.Errorf("%v: the list says %q, want %q", tt.runway, listed, tt.listed)
		}
	}
}
