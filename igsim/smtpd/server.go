// Package smtpd takes mail by SMTP for the mail box of a simulator of [latchkey/igsim]: whatever is sent, whoever it
// is to. It delivers nothing, asks for no password and encrypts nothing, so that it is for senders on the same machine.
//
// It owns the conversation with a sender and its bounds. What is in a mail, and how many are kept, it leaves to igsim.
package smtpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"latchkey/igsim"
)

// The bounds of what senders may take up.
const (
	// recipientsAtMost is how many one mail may have; more are refused, the others stay.
	recipientsAtMost = 50
	// conversationsAtMost is how many go on at once; more wait.
	conversationsAtMost = 20
	// waitAtMost is how long a sender may take for a command, or for a whole mail after DATA.
	waitAtMost = 30 * time.Second
	// conversationAtMost is how long a conversation may take, however busy it is.
	conversationAtMost = 2 * time.Minute
)

// Box is where the mail goes: an [igsim.Simulator], or what stands before one.
type Box interface {
	TakeMail(from string, to []string, raw []byte) error
	SetMailServer(address string)
}

// Serve takes mail for a simulator from whoever connects, and tells the simulator that it does, until ctx ends. The
// listener is closed then, and the error is nil. It logs nothing.
func Serve(ctx context.Context, l net.Listener, sim Box) error {
	sim.SetMailServer("smtp://" + l.Addr().String())
	defer sim.SetMailServer("")
	server := smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		return &session{sim: sim, conn: conn}, nil
	}))
	server.Domain = "simulator.invalid"
	server.MaxMessageBytes, server.MaxRecipients = igsim.MaxMailBytes, recipientsAtMost
	server.ReadTimeout = waitAtMost
	server.ErrorLog = log.New(io.Discard, "", 0)
	stop := context.AfterFunc(ctx, func() {
		_ = server.Close()
		l.Close() // in case that the server does not know it yet
	})
	defer stop()
	if err := server.Serve(netutil.LimitListener(bounded{l}, conversationsAtMost)); err != nil {
		return fmt.Errorf("take mail: %w", err)
	}
	return nil
}

// session is one sender's conversation.
type session struct {
	sim  Box
	conn *smtp.Conn
	from string
	to   []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data takes a mail, of which r reads no more than a simulator takes. After a mail without an end the
// conversation is over: what still comes would be read as commands.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		if !errors.Is(err, smtp.ErrDataTooLarge) {
			_ = s.conn.Close()
		}
		return err
	}
	return s.sim.TakeMail(s.from, s.to, raw)
}

func (s *session) Reset() { s.from, s.to = "", nil }

func (s *session) Logout() error { return nil }

// bounded closes each connection when its conversation has lasted long enough.
type bounded struct{ net.Listener }

func (b bounded) Accept() (net.Conn, error) {
	conn, err := b.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &timed{conn, time.AfterFunc(conversationAtMost, func() { _ = conn.Close() })}, nil
}

type timed struct {
	net.Conn
	end *time.Timer
}

func (t *timed) Close() error {
	t.end.Stop()
	return t.Conn.Close()
}
