package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/mail"
	"latchkey/internal/mail/mailtest"
	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// mailing lets the rig send mail.
func mailing(h *rig) {
	h.mails = mailtest.Start(h.t)
	var err error
	if h.owner.Notices.Mail, err = mail.New(h.mails.URL(), "latchkey@example.com"); err != nil {
		h.t.Fatal(err)
	}
}

// lastMail is the newest mail that was sent.
func (h *rig) lastMail() mailtest.Mail {
	h.t.Helper()
	all := h.mails.Mails()
	if len(all) == 0 {
		h.t.Fatal("no mail was sent")
	}
	return all[len(all)-1]
}

// keptNoAddress holds that no mail address is kept of the owner of the only connection.
func (h *rig) keptNoAddress() {
	h.t.Helper()
	if _, err := notice.FindContact(h.t.Context(), h.st, h.connection().ID); !errors.Is(err, store.ErrNotFound) {
		h.t.Errorf("an address was kept, or %v", err)
	}
}

// give sends the form with a mail address.
func (b *browser) give(address string) answer {
	b.t.Helper()
	return b.submit("/account/mail", url.Values{"address": {address}})
}

func TestMailAddress(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	a := b.get("/account")
	shows(t, a, http.StatusOK, "Mail when you are needed", "Your mail address", "Send me a link to confirm it")
	hides(t, a, "Forget", "aria-invalid", "autofocus")
	for _, attribute := range []string{`type="email"`, `inputmode="email"`, `autocomplete="email"`, `<label for="address">`} {
		if !strings.Contains(a.body, attribute) {
			t.Errorf("the field has no %s", attribute)
		}
	}

	goesTo(t, b.give(" anna@example.com "), "/account#mail")
	shows(t, b.get("/account"), http.StatusOK, "Waiting for you to confirm.", "a mail went to anna@example.com", "Until then nothing else about this account is sent there.", "Send the link again", "Forget the address")
	c, err := notice.FindContact(t.Context(), h.st, h.connection().ID)
	if err != nil || c.Address != "anna@example.com" || !c.ConfirmedAt.IsZero() {
		t.Fatalf("kept is %+v, %v", c, err)
	}

	shows(t, h.browser().post(h.lastMail().Link(t, origin+"/mail/confirm/")), http.StatusOK, "Your address is confirmed.")
	a = b.get("/account")
	shows(t, a, http.StatusOK, "Mail goes to anna@example.com, which you confirmed on "+h.Now().Format("2 January"), "Forget this address")
	hides(t, a, `id="address"`)

	goesTo(t, b.post("/account/mail/forget"), "/account#mail")
	goesTo(t, b.post("/account/mail/forget"), "/account#mail")
	hides(t, b.get("/account"), "anna@example.com")
}

// TestMailIsOfferedAsItWouldCome holds what an owner without an address reads of mail, by where her connection
// stands.
func TestMailIsOfferedAsItWouldCome(t *testing.T) {
	t.Parallel()
	const byItself = "This server asks Instagram by itself to extend the connection."
	for says, alter := range map[string]func(*rig, *store.Connection){
		byItself + " Should it need you one day, a mail can say so: when":                                               func(*rig, *store.Connection) {},
		"A mail can say when the connection needs you: when":                                                            func(_ *rig, c *store.Connection) { c.Status = store.StatusReconnect },
		"you are needed A mail can say when the connection needs you: when Instagram":                                   func(h *rig, c *store.Connection) { c.TokenExpiresAt = h.Now() },
		"While you are disconnected, nothing is sent. Once you are connected again, a mail can say when the connection": func(_ *rig, c *store.Connection) { c.Status = store.StatusDisconnected },
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin, mailing)
			b := h.browser()
			b.signIn("studio_north")
			h.alter(func(c *store.Connection) { alter(h, c) })
			a := b.get("/account")
			shows(t, a, http.StatusOK, says, "Before them comes a mail with a link that confirms your address. Nothing else is sent, and each of them has")
			if strings.Contains(words(a.body), byItself) != strings.HasPrefix(says, byItself) {
				t.Errorf("the connection is kept, or is not:\n%s", words(a.body))
			}
		})
	}
}

// TestMailAddressThatDoesNotDo holds that what she typed is still there, with what is wrong beside it.
func TestMailAddressThatDoesNotDo(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	for _, typed := range []string{"", "anna", `"><b>anna`, "anna@example.com, bo@example.com", strings.Repeat("a", 300) + "@example.com"} {
		a := b.give(typed)
		shows(t, a, http.StatusUnprocessableEntity, "This is no mail address.")
		wellFormed(t, a.body)
		if got := between(t, a.body, `value="`, `"`); typed != "" && !strings.HasPrefix(got, typed[:1]) && !strings.HasPrefix(got, "&#34;") {
			t.Errorf("she typed %q and finds %q", typed, got)
		}
		if !strings.Contains(a.body, `aria-invalid="true" aria-describedby="fault"`) || !strings.Contains(a.body, `id="fault"`) {
			t.Error("the field does not say what is wrong with it")
		}
	}
	long := b.give(strings.Repeat("a", 10_000))
	shows(t, long, http.StatusUnprocessableEntity, "This is no mail address.")
	h.keptNoAddress()
}

// TestMailAddressOfAnotherAlphabet holds that mail goes to a domain with letters of any alphabet, that she
// reads it as she wrote it, and that letters before the @ are refused for what they are.
func TestMailAddressOfAnotherAlphabet(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	a := b.give("grün@münchen.example")
	shows(t, a, http.StatusUnprocessableEntity, "accents or letters of another script before the @")
	if !strings.Contains(a.body, `value="grün@münchen.example"`) {
		t.Error("what she typed is gone")
	}
	goesTo(t, b.give("info@münchen.example"), "/account#mail")
	if to := h.lastMail().To; to != "info@xn--mnchen-3ya.example" {
		t.Errorf("the mail went to %s", to)
	}
	a = b.get("/account")
	shows(t, a, http.StatusOK, "a mail went to info@münchen.example")
	hides(t, a, "xn--")
	shows(t, h.browser().post(h.lastMail().Link(t, origin+"/mail/confirm/")), http.StatusOK, "info@münchen.example")
	a = b.get("/account")
	shows(t, a, http.StatusOK, "Mail goes to info@münchen.example")
	hides(t, a, "xn--")
}

func TestMailServerSaysNo(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	h.mails.Answer("RCPT", "550 5.1.1 no such user")
	a := b.give("nobody@example.com")
	shows(t, a, http.StatusUnprocessableEntity, "The mail server does not take this address.")
	if !strings.Contains(a.body, `value="nobody@example.com"`) {
		t.Error("what she typed is gone")
	}
}

func TestMailServerAway(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	for at, line := range map[string]string{mailtest.Greeting: "421 gone for lunch", "RCPT": "450 4.2.0 greylisted"} {
		h.mails.Answer(at, line)
		a := b.give("anna@example.com")
		shows(t, a, http.StatusServiceUnavailable, "No mail could be sent just now.")
		if !strings.Contains(a.body, `value="anna@example.com"`) {
			t.Error("what she typed is gone")
		}
		h.mails.Answer(at, "")
	}
	if log := h.log.String(); !strings.Contains(log, "a page failed") || strings.Contains(log, "anna@") {
		t.Errorf("the log says nothing, or too much:\n%s", log)
	}
}

// TestOwnerIsToldAndComesBack is the whole way: an address that is confirmed, a connection that needs
// its owner, the mail, its two links, and what her record says of it.
func TestOwnerIsToldAndComesBack(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	owner, elsewhere := h.browser(), h.browser()
	owner.signIn("studio_north")
	owner.give("anna@example.com")
	elsewhere.post(h.lastMail().Link(t, origin+"/mail/confirm/"))
	h.alter(func(c *store.Connection) { c.Status, c.NoticeAt = store.StatusReconnect, h.Now() })
	if err := h.owner.Notices.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := h.lastMail()
	link := m.Link(t, origin+"/reconnect/")
	shows(t, elsewhere.get(link), http.StatusOK, "Connect @studio_north again.")
	goesTo(t, elsewhere.get(elsewhere.decide(elsewhere.beginAt(link+"/login"), igsim.Decision{Persona: "studio_north"})), "/")
	stop := strings.Trim(m.Header(t).Get("List-Unsubscribe"), "<>")
	shows(t, oneClick(h, strings.TrimPrefix(stop, origin)), http.StatusOK, "No more mail to this address.", "anna@example.com")

	a := owner.get("/account")
	shows(t, a, http.StatusOK, "Connected, safe until", "You stopped the mail to you", "You confirmed your mail address",
		"You were told by mail to a…@example.com: your connection needs a login.", "You asked for a mail to confirm the address a…@example.com.")
	hides(t, a, "Mail goes to")
	if log := h.log.String(); strings.Contains(log, strings.TrimPrefix(link, origin+"/reconnect/")) {
		t.Errorf("the log has the link:\n%s", log)
	}
}

func TestTooManyMails(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin, mailing).browser()
	b.signIn("studio_north")
	for range 5 {
		goesTo(t, b.give("anna@example.com"), "/account#mail")
	}
	shows(t, b.give("anna@example.com"), http.StatusTooManyRequests, "No mail was sent", "Try again tomorrow.")
}

// TestNoMailHere is a server without a mail server: it does not ask for an address.
func TestNoMailHere(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*rig){
		"no mail server": func(*rig) {}, "no notices": func(h *rig) { h.owner.Notices = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin, change)
			b := h.browser()
			b.signIn("studio_north")
			for _, page := range []string{"/account", "/privacy", "/account/disconnect", "/account/erase"} {
				hides(t, b.get(page), "mail address", "Mail when")
			}
			shows(t, b.give("anna@example.com"), http.StatusNotFound)
			shows(t, b.post("/account/mail/forget"), http.StatusNotFound)
			h.keptNoAddress()
		})
	}
}

// TestOnlyTheOwnerGivesHerAddress sends the forms without being signed in, and from another site.
func TestOnlyTheOwnerGivesHerAddress(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	owner := h.browser()
	owner.signIn("studio_north")
	goesTo(t, h.browser().give("anna@example.com"), "/")
	goesTo(t, h.browser().post("/account/mail/forget"), "/")
	shows(t, owner.do(http.MethodPost, "/account/mail", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden)
	h.keptNoAddress()
}

// TestPageAndMailAgree holds that what a mail says of a connection that runs out, her pages say too.
func TestPageAndMailAgree(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	b.give("anna@example.com")
	b.post(h.lastMail().Link(t, origin+"/mail/confirm/"))
	for left, says := range map[time.Duration][2]string{
		14 * day: {"runs out in 14 days", "14 days left."}, 7 * day: {"runs out in 7 days", "7 days left."},
		day: {"runs out within a day", "23 hours left."}, 0: {"has run out", "This connection ended on"},
	} {
		h.alter(func(c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = h.Now().Add(left), h.Now().Add(left/4), h.Now()
			c.Failure = store.RefreshFailure{Since: h.Now().Add(-40 * day), Tries: 9, Class: string(instagram.ClassRetry)}
		})
		if err := h.owner.Notices.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := h.lastMail().Header(t).Get("Subject"); !strings.Contains(got, says[0]) {
			t.Errorf("with %v left the mail says %q, want %q", left, got, says[0])
		}
		shows(t, b.get("/"), http.StatusOK, says[1])
	}
}
