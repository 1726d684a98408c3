package web_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"latchkey/internal/mail"
)

// mailing lets the house send mail, to a server that takes all of it but what is for nobody@.
func mailing(h *house) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go takeMail(conn)
		}
	}()
	if h.Notices.Mail, err = mail.New("smtp://"+l.Addr().String(), "latchkey@example.com"); err != nil {
		h.t.Fatal(err)
	}
}

// takeMail is one conversation with a mail server.
func takeMail(conn net.Conn) {
	defer conn.Close()
	fmt.Fprint(conn, "220 mail.example\r\n")
	inText := false
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		switch {
		case inText && lines.Text() != ".":
			continue
		case strings.Contains(lines.Text(), "nobody@"):
			fmt.Fprint(conn, "550 5.1.1 no such user\r\n")
			continue
		case verb == "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
		default:
			fmt.Fprint(conn, "250 mail.example\r\n")
		}
		inText = verb == "DATA"
	}
}

// give sends the form with a mail address.
func (b *browser) give(address string) answer {
	b.t.Helper()
	return b.submit("/account/mail", url.Values{"address": {address}})
}

func TestMailAddress(t *testing.T) {
	t.Parallel()
	h := setup(t, origin, mailing)
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
	shows(t, b.get("/account"), http.StatusOK, "Waiting for you to confirm.", "a mail went to anna@example.com", "Send the link again", "Forget the address")
	c, err := h.st.Contact(t.Context(), h.connection().ID)
	if err != nil || c.Address != "anna@example.com" || !c.ConfirmedAt.IsZero() {
		t.Fatalf("kept is %+v, %v", c, err)
	}

	c.ConfirmedAt = h.Now()
	if err := h.st.PutContact(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	a = b.get("/account")
	shows(t, a, http.StatusOK, "Mail goes to anna@example.com, which you confirmed on "+h.Now().Format("2 January"), "Forget this address")
	hides(t, a, `id="address"`)

	goesTo(t, b.post("/account/mail/forget"), "/account#mail")
	goesTo(t, b.post("/account/mail/forget"), "/account#mail")
	hides(t, b.get("/account"), "anna@example.com")
}

// TestMailAddressThatDoesNotDo holds that what she typed is still there, with what is wrong beside it.
func TestMailAddressThatDoesNotDo(t *testing.T) {
	t.Parallel()
	h := setup(t, origin, mailing)
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
	if _, err := h.st.Contact(t.Context(), h.connection().ID); err == nil {
		t.Error("something was kept")
	}
}

func TestMailServerSaysNo(t *testing.T) {
	t.Parallel()
	h := setup(t, origin, mailing)
	b := h.browser()
	b.signIn("studio_north")
	a := b.give("nobody@example.com")
	shows(t, a, http.StatusUnprocessableEntity, "The mail server does not take this address.")
	if !strings.Contains(a.body, `value="nobody@example.com"`) {
		t.Error("what she typed is gone")
	}
}

func TestMailServerAway(t *testing.T) {
	t.Parallel()
	h := setup(t, origin, mailing, func(h *house) {
		var err error
		if h.Notices.Mail, err = mail.New("smtp://127.0.0.1:1", "latchkey@example.com"); err != nil {
			h.t.Fatal(err)
		}
	})
	b := h.browser()
	b.signIn("studio_north")
	a := b.give("anna@example.com")
	shows(t, a, http.StatusServiceUnavailable, "No mail could be sent just now.")
	if !strings.Contains(a.body, `value="anna@example.com"`) {
		t.Error("what she typed is gone")
	}
	if log := h.log.String(); !strings.Contains(log, "a page failed") || strings.Contains(log, "anna@") {
		t.Errorf("the log says nothing, or too much:\n%s", log)
	}
}

func TestTooManyMails(t *testing.T) {
	t.Parallel()
	b := setup(t, origin, mailing).browser()
	b.signIn("studio_north")
	for range 5 {
		goesTo(t, b.give("anna@example.com"), "/account#mail")
	}
	shows(t, b.give("anna@example.com"), http.StatusTooManyRequests, "No mail was sent", "Try again tomorrow.")
}

// TestNoMailHere is a server without a mail server: it does not ask for an address.
func TestNoMailHere(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*house){
		"no mail server": func(*house) {}, "no notices": func(h *house) { h.Notices = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, origin, change)
			b := h.browser()
			b.signIn("studio_north")
			for _, page := range []string{"/account", "/privacy", "/account/disconnect", "/account/erase"} {
				hides(t, b.get(page), "mail address", "Mail when")
			}
			shows(t, b.give("anna@example.com"), http.StatusNotFound)
			shows(t, b.post("/account/mail/forget"), http.StatusNotFound)
			if _, err := h.st.Contact(t.Context(), h.connection().ID); err == nil {
				t.Error("an address was kept")
			}
		})
	}
}

// TestOnlyTheOwnerGivesHerAddress sends the forms without being signed in, and from another site.
func TestOnlyTheOwnerGivesHerAddress(t *testing.T) {
	t.Parallel()
	h := setup(t, origin, mailing)
	owner := h.browser()
	owner.signIn("studio_north")
	goesTo(t, h.browser().give("anna@example.com"), "/")
	goesTo(t, h.browser().post("/account/mail/forget"), "/")
	shows(t, owner.do(http.MethodPost, "/account/mail", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden)
	if _, err := h.st.Contact(t.Context(), h.connection().ID); err == nil {
		t.Error("an address was kept")
	}
}
