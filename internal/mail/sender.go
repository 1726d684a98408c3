package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// sendWithin bounds all that one mail takes, from the first packet to the server's last word.
const sendWithin = 15 * time.Second

// Sender hands mails to one server, each over a connection of its own. It is safe for concurrent
// use.
type Sender struct {
	server server
	from   netmail.Address

	// dial opens a connection, and roots are the authorities whose certificates count; nil is the
	// system's.
	dial  func(ctx context.Context, network, address string) (net.Conn, error)
	roots *x509.CertPool
}

// New returns a sender for a server, such as smtps://USER:PASSWORD@mail.example.org, and for a
// sender of mails, such as "Latchkey <latchkey@example.org>". To another machine the connection is
// encrypted, whatever that machine says: smtps:// from the beginning, smtp:// by STARTTLS. It does
// not ask the server. Errors hold neither the address of the server nor a part of it.
func New(smtpURL, from string) (*Sender, error) {
	at, err := parseServer(smtpURL)
	if err != nil {
		return nil, fmt.Errorf("mail: the address of the server %w", err)
	}
	sender, err := ParseSender(from)
	if err != nil {
		return nil, fmt.Errorf("mail: sender: %w", err)
	}
	return &Sender{server: at, from: sender, dial: new(net.Dialer).DialContext}, nil
}

// Send hands a mail to the server, within 15 seconds. nil means that the server took it over, and
// not that it was delivered. An error may be [ErrAway] or [ErrRefused]; any other one, but for a
// message that is none, means that the same mail may go later. No error holds the address, the text
// or the links of the mail.
func (s *Sender) Send(ctx context.Context, m Message) error {
	var msg *gomail.Msg
	to, err := ParseAddress(m.To)
	if err == nil {
		m.To = to
		msg, err = s.compose(m)
	}
	if err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	deliver := func(c *smtp.Client) *failure {
		if err := s.authenticate(c); err != nil {
			return failed(stepAuthenticate, err)
		}
		return s.handOver(c, to, msg)
	}
	if err := s.converse(ctx, deliver); err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	return nil
}

// Greet asks the server for no more than a greeting and encryption, within 15 seconds: no password is
// shown to it, and no mail. Errors are as those of Send.
func (s *Sender) Greet(ctx context.Context) error {
	if err := s.converse(ctx, func(*smtp.Client) *failure { return nil }); err != nil {
		return fmt.Errorf("greet the mail server: %w", err)
	}
	return nil
}

// converse has one conversation with the server, which ends with ctx.
func (s *Sender) converse(ctx context.Context, with func(*smtp.Client) *failure) *failure {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	err := s.greet(ctx, with)
	if err != nil && ctx.Err() != nil { // what failed then is only that the connection was closed
		err = failed(err.step, ctx.Err())
	}
	return err
}

// greet opens a conversation up to where a password may be shown, and takes its leave after.
func (s *Sender) greet(ctx context.Context, with func(*smtp.Client) *failure) *failure {
	conn, err := s.connect(ctx)
	if err != nil {
		return failed(stepConnect, err)
	}
	hangUp := func() { _ = conn.Close() }
	defer hangUp()
	defer context.AfterFunc(ctx, hangUp)()
	c, err := smtp.NewClient(conn, s.server.host)
	if err != nil {
		return failed(stepGreet, err)
	}
	if err := c.Hello(s.domain()); err != nil {
		return failed(stepGreet, err)
	}
	if err := s.encrypt(c); err != nil {
		return failed(stepEncrypt, err)
	}
	if err := with(c); err != nil {
		return err
	}
	_ = c.Quit() // what was handed over is the server's already, whatever it answers
	return nil
}

// connect opens the connection, encrypted where that comes first.
func (s *Sender) connect(ctx context.Context) (net.Conn, error) {
	conn, err := s.dial(ctx, "tcp", s.server.address())
	if err != nil || !s.server.tls {
		return conn, err
	}
	encrypted := tls.Client(conn, s.tlsConfig())
	if err := encrypted.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return encrypted, nil
}

// encrypt turns a plain connection to another machine into an encrypted one. A server that cannot
// is refused: what looks like it may be somebody on the way who took the offer out.
func (s *Sender) encrypt(c *smtp.Client) error {
	if s.server.tls || s.server.loopback() {
		return nil
	}
	if offered, _ := c.Extension("STARTTLS"); !offered {
		return errNoSTARTTLS
	}
	return c.StartTLS(s.tlsConfig())
}

func (s *Sender) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.server.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}
}

// authenticate shows the password, if there is one. By now nobody else can hear it.
func (s *Sender) authenticate(c *smtp.Client) error {
	if s.server.user == "" {
		return nil
	}
	_, offered := c.Extension("AUTH")
	mechanisms := strings.Fields(strings.ToUpper(offered))
	for _, m := range mechanisms {
		switch m {
		case "PLAIN":
			return c.Auth(smtp.PlainAuth("", s.server.user, s.server.password, s.server.host, true))
		case "LOGIN":
			return c.Auth(smtp.LoginAuth(s.server.user, s.server.password, s.server.host, true))
		}
	}
	return errNoLogin
}

// handOver gives the mail to the server.
func (s *Sender) handOver(c *smtp.Client, to string, msg *gomail.Msg) *failure {
	if err := c.Mail("<" + s.from.Address + ">"); err != nil {
		return failed(stepFrom, err)
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return failed(stepTo, err)
	}
	w, err := c.Data()
	if err != nil {
		return failed(stepText, err)
	}
	if _, err := msg.WriteTo(w); err != nil {
		return failed(stepText, err)
	}
	if err := w.Close(); err != nil {
		return failed(stepText, err)
	}
	return nil
}

// domain is the domain that the mails come from.
func (s *Sender) domain() string {
	return s.from.Address[strings.LastIndexByte(s.from.Address, '@')+1:]
}
