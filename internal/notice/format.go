package notice

import (
	"fmt"
	"time"
)

// date is a day for a person. All times are UTC: nobody knows where she is.
func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

// moment is a time of day for a person.
func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// left is how far away an end is, in days; empty when it has come.
func left(days int) string {
	switch days {
	case 0:
		return ""
	case 1:
		return "within a day"
	default:
		return fmt.Sprintf("in %d days", days)
	}
}

// span is how long something lasted, in its largest unit.
func span(d time.Duration) string {
	switch {
	case d >= 2*day:
		return count(d/day, "day")
	case d >= time.Hour:
		return count(d/time.Hour, "hour")
	case d >= time.Minute:
		return count(d/time.Minute, "minute")
	default:
		return "less than a minute"
	}
}

func count(n time.Duration, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
