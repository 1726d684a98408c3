package i18n_test

import (
	"testing"
	"time"

	"latchkey/internal/i18n"
)

const day = 24 * time.Hour

// german is the other language.
func german(t testing.TB) *i18n.Language {
	t.Helper()
	l, ok := i18n.Find("de")
	if !ok {
		t.Fatal("nobody speaks German here")
	}
	return l
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		60 * day: {"60 days", "60 Tage"}, 2*day - 1: {"1 day", "1 Tag"}, day: {"1 day", "1 Tag"}, day - 1: {"23 hours", "23 Stunden"},
		time.Hour: {"1 hour", "1 Stunde"}, time.Hour - 1: {"59 minutes", "59 Minuten"}, 2 * time.Minute: {"2 minutes", "2 Minuten"},
		2*time.Minute - 1: {"less than two minutes", "weniger als zwei Minuten"}, 0: {"less than two minutes", "weniger als zwei Minuten"},
		2000 * day: {"2,000 days", "2.000 Tage"},
	} {
		if got := [2]string{i18n.English().Span(d), german(t).Span(d)}; got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64][2]string{
		0: {"0", "0"}, 7: {"7", "7"}, 999: {"999", "999"}, 1000: {"1,000", "1.000"}, 12345: {"12,345", "12.345"},
		999999: {"999,999", "999.999"}, 1000000: {"1,000,000", "1.000.000"}, -1: {"-1", "-1"}, -1234: {"-1,234", "-1.234"},
	} {
		if got := [2]string{i18n.English().Number(n), german(t).Number(n)}; got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

// TestDates holds the form of a date, that each month has its name, and that UTC says that it is that.
func TestDates(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("Europe/Berlin", 3600)
	at := time.Date(2026, 3, 5, 9, 7, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{i18n.English().Day(at, false), "5 March"},
		{i18n.English().Day(at, true), "5 March 2026"},
		{i18n.English().Minute(at, false), "5 March, 09:07 UTC"},
		{i18n.English().Minute(at.In(berlin), true), "5 March 2026, 10:07"},
		{german(t).Day(at, false), "5. März"},
		{german(t).Day(at, true), "5. März 2026"},
		{german(t).Minute(at, true), "5. März 2026, 09:07 Uhr UTC"},
		{german(t).Minute(at.In(berlin), false), "5. März, 10:07 Uhr"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
	for _, l := range i18n.Languages() {
		seen := make(map[string]bool)
		for month := time.January; month <= time.December; month++ {
			seen[l.Day(time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), false)] = true
		}
		if len(seen) != 12 {
			t.Errorf("%s has %d months: %v", l.Code(), len(seen), seen)
		}
	}
	if got := i18n.English().Day(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), false); got != "1 December" {
		t.Errorf("the last month is in %q", got)
	}
}
