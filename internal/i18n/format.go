package i18n

import (
	"time"

	"golang.org/x/text/number"
)

const day = 24 * time.Hour

// Number writes a whole number with its groups of three digits.
func (l *Language) Number(n int64) string { return l.printer.Sprint(number.Decimal(n)) }

// Day writes the day of t where t is, with its year or without.
func (l *Language) Day(t time.Time, year bool) string {
	month := l.text("date.months").list[t.Month()-1].words[0]
	if year {
		return l.Text("date.day_and_year", "day", t.Format("2"), "month", month, "year", t.Format("2006"))
	}
	return l.Text("date.day", "day", t.Format("2"), "month", month)
}

// Minute writes the day and the time of day of t where t is. An hour of UTC, which nobody chose, says that it is one.
func (l *Language) Minute(t time.Time, year bool) string {
	key := "date.minute"
	if t.Location() == time.UTC {
		key = "date.minute_utc"
	}
	return l.Text(key, "day", l.Day(t, year), "time", t.Format("15:04"))
}

// Days writes a number of days.
func (l *Language) Days(n int) string { return l.Text("span.days", "n", n) }

// Span says how long d is, in the largest unit of which it has at least one, never more than it is.
func (l *Language) Span(d time.Duration) string {
	switch {
	case d >= day:
		return l.Days(int(d / day))
	case d >= time.Hour:
		return l.Text("span.hours", "n", int(d/time.Hour))
	case d >= 2*time.Minute:
		return l.Text("span.minutes", "n", int(d/time.Minute))
	default:
		return l.Text("span.moment")
	}
}
