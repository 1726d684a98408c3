package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

// demoRig is a demo at work, and the address of its simulator.
type demoRig struct {
	*running
	sim string
}

// startDemoOn runs the demo on a folder, as one who keeps the data does.
func startDemoOn(h *rig, data string) *demoRig {
	h.t.Helper()
	app, sim := freeAddr(h.t), freeAddr(h.t)
	_, at, _ := strings.Cut(app, ":")
	d := &demoRig{&running{h: h, base: "http://localhost:" + at}, "http://" + sim}
	d.program = h.start("demo", "--addr", app, "--sim-addr", sim, "--data", data)
	if !d.stderr.says("listening", d.ended) || !d.stdout.says("Ctrl-C", d.ended) {
		h.t.Fatalf("the demo ended:\n%s", d.stderr)
	}
	return d
}

// order posts JSON to the simulator.
func (d *demoRig) order(path, body string) {
	d.h.t.Helper()
	res, err := http.Post(d.sim+path, "application/json", strings.NewReader(body))
	if res, answer := d.read(res, err); res.StatusCode != http.StatusOK {
		d.h.t.Fatalf("%s answers %s: %s", path, res.Status, answer)
	}
}

// weekPasses moves the demo's time.
func (d *demoRig) weekPasses() { d.order("/_sim/clock", `{"advance_seconds": 604800}`) }

// mails are those in the mail box, the newest first.
func (d *demoRig) mails() []igsim.Mail {
	d.h.t.Helper()
	_, body := d.get(http.DefaultClient, d.sim+"/_sim/mails")
	var all struct{ Mails []igsim.Mail }
	must(d.h.t, json.Unmarshal([]byte(body), &all))
	return all.Mails
}

// mail is the newest mail to somebody with these words in its subject.
func (d *demoRig) mail(to, subject string) igsim.Mail {
	d.h.t.Helper()
	var seen []string
	for _, m := range d.mails() {
		if m.To[0] == to && strings.Contains(m.Subject, subject) {
			return m
		}
		seen = append(seen, m.To[0]+": "+m.Subject)
	}
	d.h.t.Fatalf("no mail to %s about %q; there are %q", to, subject, seen)
	return igsim.Mail{}
}

// link is the link in a mail that leads to a path of the demo.
func (d *demoRig) link(m igsim.Mail, path string) string {
	d.h.t.Helper()
	_, rest, found := strings.Cut(m.Text, d.base+path)
	if !found {
		d.h.t.Fatalf("the mail leads nowhere below %s:\n%s", path, m.Text)
	}
	return d.base + path + strings.Fields(rest)[0]
}

// logIn has somebody connect her account.
func (d *demoRig) logIn(owner *http.Client, persona string) {
	d.h.t.Helper()
	res, _ := d.get(owner, d.base+"/login")
	if _, page := d.get(owner, consent(d.h.t, res.Header.Get("Location"), persona)); !strings.Contains(page, "Connected, safe until") {
		d.h.t.Fatalf("after the login the page is\n%s", page)
	}
}

// TestDemoHasMail has an owner leave her address in the demo and confirm it by the mail that comes. When she is needed
// she has mail, and when Instagram refuses the app the operator has. After another start on the same data she is told again.
func TestDemoHasMail(t *testing.T) {
	t.Parallel()
	const anna, operator = "anna@example.com", "operator@example.com"
	h := newRig(t)
	h.environ = map[string]string{}
	data := filepath.Join(h.dir, "demo")
	d := startDemoOn(h, data)
	if !strings.Contains(d.stdout.String(), d.sim+"/_sim/mailbox\n") {
		t.Errorf("the demo does not say where the mail box is:\n%s", d.stdout)
	}
	owner := d.browser()
	d.logIn(owner, "studio_north")
	res, err := owner.PostForm(d.base+"/account/mail", url.Values{"address": {anna}})
	if _, page := d.read(res, err); !strings.Contains(page, "Waiting for you to confirm.") {
		t.Fatalf("after she left her address the page is\n%s", page)
	}
	asked := d.mail(anna, "onfirm")
	if asked.From != "Latchkey demo <latchkey@example.com>" || asked.HTML {
		t.Errorf("the mail is from %s, HTML %t", asked.From, asked.HTML)
	}
	confirm := d.link(asked, "/mail/confirm/")
	if _, page := d.get(http.DefaultClient, d.sim+"/_sim/mailbox"); !strings.Contains(page, `<a href="`+confirm+`">`) {
		t.Errorf("the mail box has no link to press:\n%s", page)
	}
	res, err = d.browser().PostForm(confirm, nil)
	if _, page := d.read(res, err); !strings.Contains(page, "Your address is confirmed.") {
		t.Fatalf("behind the link of the mail is\n%s", page)
	}

	d.order("/_sim/personas/studio_north/password", "")
	d.weekPasses()
	d.weekPasses()
	needed := d.mail(anna, "please log in once more")
	if since := time.Until(needed.At); since < 6*24*time.Hour || since > 15*24*time.Hour {
		t.Errorf("she was told %v from now, want it within two weeks of the demo's time", since)
	}
	d.link(needed, "/reconnect/")

	d.logIn(owner, "studio_north")
	d.order("/_sim/switches", `{"app_deactivated": true}`)
	d.weekPasses()
	d.weekPasses()
	d.mail(operator, "Alarm")

	before := len(d.mails())
	d.stop()
	d = startDemoOn(h, data)
	if n := len(d.mails()); n != before {
		t.Errorf("another demo begins with %d mails, want the %d of before", n, before)
	}
	d.order("/_sim/switches", `{"app_deactivated": false}`)
	d.logIn(d.browser(), "studio_north")
	d.order("/_sim/personas/studio_north/password", "")
	d.weekPasses()
	d.weekPasses()
	d.mail(anna, "please log in once more")
	if log := d.stderr.String(); strings.Contains(log, confirm[strings.LastIndexByte(confirm, '/')+1:]) {
		t.Error("the log has the link")
	}
	if out := h.ok("doctor", "--config", settingsIn(data)); !strings.Contains(out, "ok       mail") {
		t.Errorf("doctor says\n%s", out)
	}
}
