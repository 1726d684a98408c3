package web

import (
	"net/http"
	"strconv"
	"time"
)

// reader is when and where a page is read.
type reader struct {
	now  time.Time
	zone *time.Location
}

func (h *Handler) reader(r *http.Request) reader { return reader{now: h.Now(), zone: h.zone(r)} }

// dateTime is a point in time as pages show it. An hour of UTC, which nobody chose, says that it is one.
type dateTime struct {
	// ISO is for machines, Day and Minute are for people. All are empty for what never comes.
	ISO, Day, Minute string
}

// dateTime writes a time, with its year where it is not this one.
func (d reader) dateTime(t time.Time) dateTime {
	if t.In(d.zone).Year() == d.now.In(d.zone).Year() {
		return d.as(t, "2 January")
	}
	return d.dated(t)
}

// dated writes a time with its year, for what is kept and read later.
func (d reader) dated(t time.Time) dateTime { return d.as(t, "2 January 2006") }

func (d reader) as(t time.Time, day string) dateTime {
	if t.IsZero() {
		return dateTime{}
	}
	minute := day + ", 15:04"
	if d.zone == time.UTC {
		minute += " UTC"
	}
	there := t.In(d.zone)
	return dateTime{ISO: t.UTC().Format(time.RFC3339), Day: there.Format(day), Minute: there.Format(minute)}
}

// left says how long d is, in the largest unit that is not zero, never more than it is.
func left(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return count(int64(d/(24*time.Hour)), "day")
	case d >= time.Hour:
		return count(int64(d/time.Hour), "hour")
	case d >= 2*time.Minute:
		return count(int64(d/time.Minute), "minute")
	default:
		return "Less than two minutes"
	}
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.FormatInt(n, 10) + " " + unit + "s"
}
