package page_test

import (
	"testing"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/page"
)

// TestMoment holds that a day and its year are those of the reader's zone.
func TestMoment(t *testing.T) {
	t.Parallel()
	fiji, err := time.LoadLocation("Pacific/Fiji") // twelve hours ahead
	if err != nil {
		t.Fatal(err)
	}
	noon := func(year, month, day, hour int) time.Time {
		return time.Date(year, time.Month(month), day, hour, 0, 0, 0, time.UTC)
	}
	for _, tt := range []struct {
		at, now     time.Time
		zone        *time.Location
		day, minute string
	}{
		{noon(2026, 12, 31, 11), noon(2026, 6, 1, 0), time.UTC, "31 December", "31 December, 11:00 UTC"},
		{noon(2026, 12, 31, 11), noon(2026, 6, 1, 0), fiji, "31 December", "31 December, 23:00"},
		{noon(2026, 12, 31, 12), noon(2026, 6, 1, 0), fiji, "1 January 2027", "1 January 2027, 00:00"},
		{noon(2026, 12, 31, 12), noon(2026, 12, 31, 13), fiji, "1 January", "1 January, 00:00"},
		{noon(2027, 1, 1, 0), noon(2026, 12, 31, 13), fiji, "1 January", "1 January, 12:00"},
		{noon(2026, 12, 31, 11), noon(2026, 12, 31, 13), fiji, "31 December 2026", "31 December 2026, 23:00"},
		{time.Time{}, noon(2026, 12, 31, 13), fiji, "", ""},
	} {
		if day, minute := dateTime(tt.at, tt.now, tt.zone); day != tt.day || minute != tt.minute {
			t.Errorf("%v read at %v in %v is %q and %q, want %q and %q", tt.at, tt.now, tt.zone, day, minute, tt.day, tt.minute)
		}
	}
}

func dateTime(at, now time.Time, zone *time.Location) (day, minute string) {
	m := page.Reader{Language: i18n.English(), Now: now, Zone: zone}.DateTime(at)
	return m.Day, m.Minute
}
