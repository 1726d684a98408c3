package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
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
		if n := strings.Count(a.body, ` selected=""`); n != 2 || !strings.Contains(a.body, `<option value="`+zone+`" selected="">`) && !strings.Contains(a.body, `<option selected="">`+zone+`</option>`) {
			t.Errorf("%d options are selected, want %s and a language", n, zone)
		}
		if !strings.Contains(a.body, `<time datetime="`+at.Format(time.RFC3339)+`">`) {
			t.Error("the moment for machines is another one")
		}
	}
	goesTo(t, b.choose("UTC"), "/account#zone")
	hides(t, b.get("/account"), "zone-offer", "/static/zone.", "until you choose")
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
