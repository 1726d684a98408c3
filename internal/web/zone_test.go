package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/internal/web"
)

// choose sends the form with a time zone.
func (b *browser) choose(zone string) answer {
	b.t.Helper()
	return b.submit("/account/zone", url.Values{"zone": {zone}})
}

func TestTimesAreInTheOwnersZone(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	at := h.connection().ConnectedAt.UTC()
	a := b.get("/account")
	shows(t, a, http.StatusOK, "Times on your pages are in UTC until you choose your zone.", at.Format("2 January, 15:04 UTC")+" You logged in")
	for _, part := range []string{`<option selected="">UTC</option>`, `<form id="zone-offer"`, `<script src="/static/zone.`} {
		if !strings.Contains(a.body, part) {
			t.Errorf("the page has no %s", part)
		}
	}

	for _, zone := range []string{"Pacific/Kiritimati", "Asia/Calcutta", "America/Argentina/Buenos_Aires"} {
		a = b.choose(zone)
		goesTo(t, a, "/account#zone")
		if c := a.cookie(t, "latchkey_zone"); c.MaxAge != 400*24*60*60 || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie is %v", c)
		}
		there, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		a = b.get("/account")
		shows(t, a, http.StatusOK, "Times on your pages are in "+zone+".", at.In(there).Format("2 January, 15:04")+" You logged in")
		hides(t, a, "UTC</time>", "zone-offer", "/static/zone.")
		if n := strings.Count(a.body, ` selected=""`); n != 1 || !strings.Contains(a.body, `<option value="`+zone+`" selected="">`) && !strings.Contains(a.body, `<option selected="">`+zone+`</option>`) {
			t.Errorf("%d zones are selected, want %s alone", n, zone)
		}
		if !strings.Contains(a.body, `<time datetime="`+at.Format(time.RFC3339)+`">`) {
			t.Error("the moment for machines is another one")
		}
	}
	goesTo(t, b.choose("UTC"), "/account#zone")
	hides(t, b.get("/account"), "zone-offer", "/static/zone.", "until you choose")
}

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
		if day, minute := web.DateTime(tt.at, tt.now, tt.zone); day != tt.day || minute != tt.minute {
			t.Errorf("%v read at %v in %v is %q and %q, want %q and %q", tt.at, tt.now, tt.zone, day, minute, tt.day, tt.minute)
		}
	}
}

// TestZoneThatIsNone holds that what is no zone changes nothing, and is said beside the field.
func TestZoneThatIsNone(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	for _, zone := range []string{"", "Local", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\x00", strings.Repeat("a", 65)} {
		a := b.choose(zone)
		shows(t, a, http.StatusUnprocessableEntity, "There is no such zone here.", "Times on your pages are in UTC")
		wellFormed(t, a.body)
		if !strings.Contains(a.body, "<title>Not done: your connection ·") {
			t.Error("the title does not say that nothing was done")
		}
		if !strings.Contains(a.body, `aria-invalid="true" aria-describedby="zone-fault" autofocus=""`) || !strings.Contains(a.body, `id="zone-fault"`) {
			t.Error("the field does not say what is wrong with it")
		}
		if len(a.cookies) != 0 {
			t.Errorf("%q set %v", zone, a.cookies)
		}
	}
	shows(t, b.do(http.MethodGet, "/account", "Cookie", "latchkey_zone=Europe/Nowhere"), http.StatusOK, "Times on your pages are in UTC")
	goesTo(t, h.browser().choose("Europe/Berlin"), "/")
}

// TestZones holds that each zone that is offered is there, in a binary that finds none on the machine.
func TestZones(t *testing.T) {
	t.Parallel()
	names := web.ZoneNames()
	if len(names) < 400 {
		t.Errorf("only %d zones are offered", len(names))
	}
	for _, name := range names {
		if zone, err := web.ZoneOf(name); err != nil || zone.String() != name {
			t.Errorf("%s is no zone: %v", name, err)
		}
	}
}

func FuzzZone(f *testing.F) {
	for _, name := range []string{"", "UTC", "Local", "Europe/Berlin", "Etc/GMT+5", "../x", "europe/berlin", "a/\\b"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		zone, err := web.ZoneOf(name)
		if err == nil && (zone.String() != name || name == "Local") {
			t.Errorf("%q is the zone %v", name, zone)
		}
	})
}
