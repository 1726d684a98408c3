package mail_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/mail"
	"latchkey/internal/mail/mailtest"
)

const (
	user     = "latchkey"
	password = "p@ss/CANARY?"
	// escaped is the password as it stands in an address.
	escaped = "p%40ss%2FCANARY%3F"
	// remote is a mail server that is not this machine.
	remote = "mail.example.com"
)

var message = mail.Message{
	To:      "owner@example.org",
	Subject: "@studio_north: please log in once more",
	Text:    "Hello,\n\n.a line — with “marks”\n" + strings.Repeat("a long line ", 40) + "\nhttps://latchkey.example/reconnect/LINKCANARY\n",
	Stop:    "https://latchkey.example/mail/stop/STOPCANARY",
}

func sender(t *testing.T, url string) *mail.Sender {
	t.Helper()
	s, err := mail.New(url, "Latchkey <latchkey@example.net>")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// certified gives a server a certificate for example.com and all below it, and returns the authority that
// signed it.
func certified(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS()
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	return &tls.Config{Certificates: web.TLS.Certificates}, roots
}

// to dials one address, whatever is asked for.
func to(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}

// quiet holds that an error tells nothing that is nobody's business.
func quiet(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"CANARY", password, escaped, message.To, user + " with", "\n", "\r"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error has %q in it: %v", secret, err)
		}
	}
}

func TestAMailAsItArrives(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	if err := sender(t, server.URL()).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	got := server.Mails()
	if len(got) != 1 || got[0].From != "latchkey@example.net" || got[0].To != message.To {
		t.Fatalf("the server has %+v", got)
	}
	if text := got[0].Text(t); text != message.Text {
		t.Errorf("the text is\n%q, want\n%q", text, message.Text)
	}
	header := got[0].Header(t)
	for name, want := range map[string]string{
		"From":                  `"Latchkey" <latchkey@example.net>`,
		"To":                    "<owner@example.org>",
		"Subject":               message.Subject,
		"Auto-Submitted":        "auto-generated",
		"List-Unsubscribe":      "<" + message.Stop + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Content-Type":          "text/plain; charset=UTF-8",
		"Mime-Version":          "1.0",
		"User-Agent":            "",
		"X-Mailer":              "",
	} {
		if header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, header.Get(name), want)
		}
	}
	if at, err := header.Date(); err != nil || at.Location() != time.UTC && at.Format("-0700") != "+0000" {
		t.Errorf("the date is %q, %v", header.Get("Date"), err)
	}
	if id := header.Get("Message-Id"); len(id) < 30 || !strings.HasSuffix(id, "@example.net>") {
		t.Errorf("the message id is %q", id)
	}
	for line := range strings.SplitSeq(got[0].Raw, "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
}

func TestWithoutAnEnd(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	plain := message
	plain.Stop = ""
	if err := sender(t, server.URL()).Send(t.Context(), plain); err != nil {
		t.Fatal(err)
	}
	if header := server.Mails()[0].Header(t); header.Get("List-Unsubscribe") != "" || header.Get("List-Unsubscribe-Post") != "" {
		t.Errorf("a mail that cannot be stopped says how: %v", header)
	}
}

func TestAMessageThatIsNone(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	s := sender(t, server.URL())
	for name, spoil := range map[string]func(*mail.Message){
		"no address":                  func(m *mail.Message) { m.To = "CANARY" },
		"two addresses":               func(m *mail.Message) { m.To += ", CANARY@example.org" },
		"a header in the address":     func(m *mail.Message) { m.To += "\r\nBcc: CANARY@example.org" },
		"a header in the subject":     func(m *mail.Message) { m.Subject += "\r\nBcc: CANARY@example.org" },
		"a bare line end in it":       func(m *mail.Message) { m.Subject += "\nBcc: CANARY@example.org" },
		"a NUL in the subject":        func(m *mail.Message) { m.Subject += "\x00" },
		"no subject":                  func(m *mail.Message) { m.Subject = "" },
		"a header in the stop link":   func(m *mail.Message) { m.Stop += "\r\nBcc: CANARY@example.org" },
		"a second stop link":          func(m *mail.Message) { m.Stop += ">,<https://CANARY.example" },
		"a stop link that is no link": func(m *mail.Message) { m.Stop = "javascript:CANARY" },
	} {
		spoiled := message
		spoil(&spoiled)
		err := s.Send(t.Context(), spoiled)
		if err == nil {
			t.Errorf("%s: sent", name)
			continue
		}
		quiet(t, err)
	}
	if heard := server.Heard(); len(heard) > 0 {
		t.Errorf("the server heard %q", heard)
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	certificate, roots := certified(t)
	for _, tt := range []struct {
		name  string
		url   string
		serve *tls.Config
		roots *x509.CertPool
		fail  string
	}{
		{"STARTTLS", "smtp://" + remote, certificate, roots, ""},
		{"no STARTTLS on offer", "smtp://" + remote, nil, roots, "offers no STARTTLS"},
		{"a certificate that nobody trusts", "smtp://" + remote, certificate, x509.NewCertPool(), "unknown authority"},
		{"a certificate of somebody else", "smtp://mail.example.net", certificate, roots, "not mail.example.net"},
		{"smtps and a server that is not encrypted", "smtps://" + remote, certificate, roots, "first record does not look like a TLS handshake"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t)
			server.TLS, server.User, server.Password = tt.serve, user, password
			scheme, host, _ := strings.Cut(tt.url, "://")
			s := sender(t, scheme+"://"+user+":"+escaped+"@"+host)
			mail.Reach(s, to(server.Addr()), tt.roots)
			err := s.Send(t.Context(), message)
			if tt.fail == "" {
				if err != nil || len(server.Mails()) != 1 {
					t.Errorf("%d mails arrived, %v", len(server.Mails()), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.fail) || !errors.Is(err, mail.ErrAway) {
				t.Fatalf("got %v, want an error with %q", err, tt.fail)
			}
			quiet(t, err)
			for _, line := range server.Heard() {
				if strings.HasPrefix(line, "AUTH") || strings.HasPrefix(line, "MAIL") {
					t.Errorf("in clear text the server heard %q", line)
				}
			}
		})
	}
}

func TestEncryptedFromTheBeginning(t *testing.T) {
	t.Parallel()
	certificate, roots := certified(t)
	plain := mailtest.Start(t)
	plain.User, plain.Password = user, password
	s := sender(t, "smtps://"+user+":"+escaped+"@"+remote)
	mail.Reach(s, behindTLS(t, certificate, plain.Addr()), roots)
	if err := s.Send(t.Context(), message); err != nil || len(plain.Mails()) != 1 {
		t.Errorf("%d mails arrived, %v", len(plain.Mails()), err)
	}
}

// behindTLS reaches a server through an end of TLS in front of it.
func behindTLS(t *testing.T, certificate *tls.Config, address string) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	front, err := tls.Listen("tcp", "127.0.0.1:0", certificate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	go func() {
		outside, err := front.Accept()
		if err != nil {
			return
		}
		defer outside.Close()
		inside, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer inside.Close()
		go func() {
			relay(inside, outside)
			inside.Close()
		}()
		relay(outside, inside)
	}()
	return to(front.Addr().String())
}

func relay(dst, src net.Conn) {
	b := make([]byte, 4096)
	for {
		n, err := src.Read(b)
		if _, writeErr := dst.Write(b[:n]); err != nil || writeErr != nil {
			return
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, password, offer, fail string
	}{
		{"PLAIN", escaped, "", ""},
		{"LOGIN", escaped, "250-mail.test\r\n250 AUTH LOGIN", ""},
		{"a wrong password", "CANARY", "", "answered 535 5.7.8"},
		{"another way only", escaped, "250-mail.test\r\n250 AUTH GSSAPI", "neither PLAIN nor LOGIN"},
		{"none on offer", escaped, "250 mail.test", "neither PLAIN nor LOGIN"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t)
			server.User, server.Password = user, password
			server.Answer("EHLO", tt.offer)
			err := sender(t, "smtp://"+user+":"+tt.password+"@"+server.Addr()).Send(t.Context(), message)
			if tt.fail == "" {
				if err != nil || len(server.Mails()) != 1 {
					t.Errorf("%d mails arrived, %v", len(server.Mails()), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.fail) || !errors.Is(err, mail.ErrAway) {
				t.Fatalf("got %v, want an error with %q", err, tt.fail)
			}
			quiet(t, err)
		})
	}
}

// kind is what an answer means for those who send.
type kind int

const (
	later kind = iota
	away
	refused
)

// TestAnswers lets a server refuse at every step. The words of its answers are a trap: they repeat
// what it was sent.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const words = " blocked for owner@example.org: https://latchkey.example/reconnect/LINKCANARY"
	for _, tt := range []struct {
		at, answer string
		kind       kind
		says       string
	}{
		{mailtest.Greeting, "554 5.3.2", away, "greet the server: answered 554 5.3.2"},
		{mailtest.Greeting, "CANARY? This is no SMTP.", away, "greet the server: the server answers in a way that is not known"},
		{"MAIL", "451 4.3.0", away, "name the sender: answered 451 4.3.0"},
		{"MAIL", "530", away, "name the sender: answered 530"},
		{"RCPT", "450 4.2.1", later, "name the recipient: answered 450 4.2.1"},
		{"RCPT", "421 4.3.2", away, "name the recipient: answered 421 4.3.2"},
		{"RCPT", "550 5.1.1", refused, "name the recipient: answered 550 5.1.1"},
		{"RCPT", "550", refused, "name the recipient: answered 550"},
		{"RCPT", "554 5.7.1", later, "name the recipient: answered 554 5.7.1"},
		{"DATA", "452 4.3.1", later, "hand over the text: answered 452 4.3.1"},
		{mailtest.End, "451 4.7.1", later, "hand over the text: answered 451 4.7.1"},
		{mailtest.End, "554 5.6.0", refused, "hand over the text: answered 554 5.6.0"},
	} {
		t.Run(tt.at+" "+tt.answer, func(t *testing.T) {
			t.Parallel()
			server := mailtest.Start(t)
			server.Answer(tt.at, tt.answer+words)
			err := sender(t, server.URL()).Send(t.Context(), message)
			if err == nil || !strings.Contains(err.Error(), tt.says) || len(server.Mails()) > 0 {
				t.Fatalf("got %v, want %q", err, tt.says)
			}
			if errors.Is(err, mail.ErrAway) != (tt.kind == away) || errors.Is(err, mail.ErrRefused) != (tt.kind == refused) {
				t.Errorf("%v is of another kind", err)
			}
			quiet(t, err)
		})
	}
}

// TestGoodByeIsNotWaitedFor holds that a mail which the server took is sent, whatever the server says
// after it: an error would send it again.
func TestGoodByeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.Answer("QUIT", "421 4.3.0 not so fast")
	if err := sender(t, server.URL()).Send(t.Context(), message); err != nil {
		t.Error(err)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	err = sender(t, "smtp://"+user+":"+escaped+"@"+l.Addr().String()).Send(t.Context(), message)
	if !errors.Is(err, mail.ErrAway) || !strings.Contains(err.Error(), "connection refused") {
		t.Fatalf("got %v", err)
	}
	quiet(t, err)
}

// TestSlowServer is a server that takes the connection and never says a word.
func TestSlowServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		stop   time.Duration // 0 is never
		lasts  time.Duration
		cause  error
		isAway bool
	}{
		{"nobody stops it", 0, mail.SendWithin, context.DeadlineExceeded, true},
		{"stopped after a second", time.Second, time.Second, context.Canceled, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := sender(t, "smtp://localhost")
			var theirs net.Conn
			mail.Reach(s, func(context.Context, string, string) (net.Conn, error) {
				var ours net.Conn
				ours, theirs = net.Pipe()
				return ours, nil
			}, nil)
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if tt.stop > 0 {
				time.AfterFunc(tt.stop, stop)
			}
			begun := time.Now()
			err := s.Send(ctx, message)
			theirs.Close()
			if !errors.Is(err, tt.cause) || time.Since(begun) != tt.lasts || errors.Is(err, mail.ErrAway) != tt.isAway {
				t.Errorf("%s: got %v after %v", tt.name, err, time.Since(begun))
			}
		})
	}
}
