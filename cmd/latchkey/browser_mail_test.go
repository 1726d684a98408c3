package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"latchkey/internal/clock"
	"latchkey/internal/mail/mailtest"
)

// postal is a server that sends mail, and the time that it shares with Instagram.
type postal struct {
	*running
	mails *mailtest.Server
	clock string
	ahead time.Duration
}

func newPostal(t *testing.T) *postal { return newRig(t).servePostal() }

// servePostal starts a server as serve does, which sends mail to owners and to its operator.
func (h *rig) servePostal() *postal {
	p := &postal{mails: mailtest.Start(h.t), clock: filepath.Join(h.t.TempDir(), "clock")}
	h.environ["LATCHKEY_TEST_CLOCK"] = p.clock
	h.environ["LATCHKEY_SMTP_URL"], h.environ["LATCHKEY_MAIL_FROM"] = p.mails.URL(), "Latchkey <latchkey@example.com>"
	h.environ["LATCHKEY_OPERATOR_EMAIL"] = "operator@example.net"
	h.environ["LATCHKEY_OPERATOR_CONTACT"] = "help@latchkey.example"
	h.sim.Follow(clock.FromFile(p.clock))
	p.running = h.serve()
	return p
}

// passes lets time pass, until the server says what it did then.
func (p *postal) passes(d time.Duration, says string) {
	p.h.t.Helper()
	p.ahead += d
	must(p.h.t, os.WriteFile(p.clock, []byte(strconv.FormatInt(int64(p.ahead/time.Second), 10)), 0o600))
	if says != "" && !p.stderr.says(says, p.ended) {
		p.h.t.Fatalf("the server ended:\n%s", p.stderr)
	}
}

// link is the link in the newest mail that leads to a path.
func (p *postal) link(path string) string {
	p.h.t.Helper()
	all := p.mails.Mails()
	if len(all) == 0 {
		p.h.t.Fatal("no mail was sent")
	}
	return all[len(all)-1].Link(p.h.t, p.base+path)
}

// mailAndBack is an owner who gives her address, is told that she is needed, and comes back through
// the mail, on another device than the one that she was signed in with: one that runs no script.
func mailAndBack(t *testing.T, chromium context.Context) {
	p := newPostal(t)
	owner := newVisitor(t, chromium, place{app: p.base, sim: p.h.simURL}, desktop)
	away := newVisitor(t, owner.ctx, owner.place, phone)
	away.withoutScript()
	eyes := newVisitor(t, owner.ctx, owner.place, phone) // looks at what away sees, for axe is a script

	givesAddress(owner)
	confirms(away, eyes, p)
	owner.reads(owner.open(p.base+"/account"), 200, "/account", "Mail goes to anna@example.com, which you confirmed on")
	owner.look("mail-on")

	must(t, p.h.sim.ChangePassword("studio_north"))
	p.passes(8*24*time.Hour, "a token was not refreshed")
	p.passes(10*time.Minute, "told an owner by mail")
	owner.reads(owner.open(p.base), 200, "/", "Instagram asks you to log in again.")
	owner.reads(owner.press("Your connection"), 200, "/account", "You were told by mail to a…@example.com")
	reconnect, stop := p.link("/reconnect/"), p.link("/mail/stop/")
	comesBack(away, eyes, p, reconnect)
	owner.reads(owner.open(p.base), 200, "/", "Connected, safe until")
	stops(away, eyes, p, stop)
	eyes.reads(eyes.open(p.base+"/mail/confirm/unknown"), 404, "/mail/confirm/unknown", "We do not know this link.")
	eyes.look("link-unknown")
	for _, link := range []string{reconnect, stop} {
		if secret := link[strings.LastIndexByte(link, '/')+1:]; strings.Contains(p.stderr.String(), secret) {
			t.Errorf("the log has the link %s", link)
		}
	}
}

// givesAddress mistypes and corrects.
func givesAddress(owner *visitor) {
	owner.logIn("studio_north")
	owner.reads(owner.press("Your connection"), 200, "/account", "Mail when you are needed")
	owner.look("mail-none")
	owner.tabTo("Your mail address")
	owner.do(chromedp.KeyEvent("anna@example"))
	owner.reads(owner.arrive(chromedp.KeyEvent(kb.Enter)), 422, "/account/mail", "This is no mail address.")
	owner.focused("Your mail address") // where she goes on
	owner.look("mail-wrong")
	owner.do(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(".com"))
	owner.tabTo("Send me a link to confirm it")
	owner.reads(owner.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/account", "Waiting for you to confirm.", "anna@example.com")
	owner.look("mail-asked")
}

func confirms(away, eyes *visitor, p *postal) {
	link := p.link("/mail/confirm/")
	path := strings.TrimPrefix(link, p.base)
	eyes.reads(eyes.open(link), 200, path, "Is this your address?", "@studio_north")
	eyes.look("mail-confirm")
	away.open(link)
	away.reads(away.press("Yes, send mail here"), 200, path, "Your address is confirmed.")
	eyes.reads(eyes.press("Yes, send mail here"), 200, path, "Your address is confirmed.")
	eyes.look("mail-confirmed")
	eyes.reads(eyes.open(link), 409, path, "This address was confirmed before.")
	eyes.look("mail-confirm-used")
}

// comesBack goes through a reconnect link: first with the wrong account, then by keyboard with the
// right one.
func comesBack(away, eyes *visitor, p *postal, link string) {
	path := strings.TrimPrefix(link, p.base)
	eyes.reads(eyes.open(link), 200, path, "Connect @studio_north again.", "because the password changed", "What happens")
	eyes.look("reconnect")
	eyes.toConsent("Log in with Instagram")
	eyes.choose("@tiny_bakery")
	eyes.reads(eyes.press("Allow"), 403, "/auth", "This link is for @studio_north.", "Nothing was changed")
	eyes.look("reconnect-other-account")

	away.open(link)
	away.tabTo("Log in with Instagram")
	away.reads(away.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/oauth/authorize")
	away.choose("@studio_north")
	away.reads(away.press("Allow"), 200, "/", "@studio_north", "Connected, safe until")
	eyes.reads(eyes.open(link), 409, path, "This link was used before.")
	eyes.look("reconnect-used")
}

func stops(away, eyes *visitor, p *postal, link string) {
	path := strings.TrimPrefix(link, p.base)
	eyes.reads(eyes.open(link), 200, path, "Stop the mail about @studio_north?")
	eyes.look("mail-stop")
	away.open(link)
	away.reads(away.press("Stop the mail"), 200, path, "No more mail to this address.")
	eyes.reads(eyes.press("Stop the mail"), 200, path, "No more mail to this address.")
	eyes.look("mail-stopped")
}
