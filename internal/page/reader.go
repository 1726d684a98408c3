package page

import (
	"html/template"
	"net/http"
	"time"

	"latchkey/internal/i18n"
)

// Reader is who reads a page: in which language, when and where.
type Reader struct {
	*i18n.Language
	Now  time.Time
	Zone *time.Location
}

// Reader is who sent the request.
func (k *Kit) Reader(r *http.Request) Reader {
	return Reader{Language: k.Language(r), Now: k.Now(), Zone: k.zone(r)}
}

// HTML is a text of the catalogue with its marks; arguments that are no HTML are escaped.
func (d Reader) HTML(key string, args ...any) template.HTML { return fill(d.Language, key, args...) }

// Count writes a number that Instagram gave; empty when it gave none, for unknown is not zero.
func (d Reader) Count(n *int64) string {
	if n == nil {
		return ""
	}
	return d.Number(*n)
}

// DateTime is a point in time as pages show it. An hour of UTC, which nobody chose, says that it is one.
type DateTime struct {
	// ISO is for machines, Day and Minute are for people. All are empty for what never comes.
	ISO, Day, Minute string
}

// DateTime writes a time, with its year where it is not this one.
func (d Reader) DateTime(t time.Time) DateTime {
	return d.dateTime(t, t.In(d.Zone).Year() != d.Now.In(d.Zone).Year())
}

// Dated writes a time with its year, for what is kept and read later.
func (d Reader) Dated(t time.Time) DateTime { return d.dateTime(t, true) }

func (d Reader) dateTime(t time.Time, year bool) DateTime {
	if t.IsZero() {
		return DateTime{}
	}
	there := t.In(d.Zone)
	return DateTime{ISO: t.UTC().Format(time.RFC3339), Day: d.Day(there, year), Minute: d.Language.Minute(there, year)}
}

// DayOf writes the day of a time into a sentence.
func (d Reader) DayOf(t time.Time) template.HTML {
	at := d.DateTime(t)
	return at.element(at.Day)
}

// Minute is DayOf with the time of day.
func (d Reader) Minute(t time.Time) template.HTML {
	at := d.DateTime(t)
	return at.element(at.Minute)
}

// element is a <time> that shows what is written.
func (t DateTime) element(written string) template.HTML {
	return template.HTML(`<time datetime="` + t.ISO + `">` + template.HTMLEscapeString(written) + "</time>") //nolint:gosec // the one is made of digits, the other escaped
}
