// Package mailtest is a mail server for tests: it speaks as much SMTP as a sender of mails needs,
// keeps what it is given, and misbehaves on demand. It delivers nothing. Only tests import it.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The moments besides the commands of SMTP at which a server can be told to answer otherwise.
const (
	// Greeting is what a server says first.
	Greeting = "greeting"
	// End is the end of a mail's text.
	End = "."
)

// Server is a mail server on this machine.
type Server struct {
	// User and Password are what a sender must log in with; empty lets in everybody.
	User, Password string
	// TLS is what STARTTLS offers; nil offers none.
	TLS *tls.Config

	listener net.Listener
	handling sync.WaitGroup

	mu      sync.Mutex
	answers map[string]string
	mails   []Mail
	heard   []string
	open    map[net.Conn]bool
	closed  bool
}

// Start returns a server that runs until the test ends. A test in a synctest bubble starts it
// outside. Its exported fields may be set before the first mail.
func Start(t testing.TB) *Server {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{listener: l, answers: map[string]string{}, open: map[net.Conn]bool{}}
	s.handling.Go(s.accept)
	t.Cleanup(s.stop)
	return s
}

// URL is the address of the server as a sender is given it.
func (s *Server) URL() string { return "smtp://" + s.Addr() }

// Addr is host and port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Answer lets the server answer a command, [Greeting] or [End] with a line such as "451 later" from
// now on; "RCPT" and an address is that command for that address alone. An empty line is the usual answer
// again.
func (s *Server) Answer(at, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[at] = line
}

// moment is the command for an address, when it has an answer of its own, else the command.
func (s *Server) moment(verb, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := verb + " " + address; s.answers[at] != "" {
		return at
	}
	return verb
}

// Mails returns what was handed in, the oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Heard returns the commands that came, with their arguments, in all conversations.
func (s *Server) Heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.closed {
			_ = conn.Close()
		}
		s.open[conn] = true
		s.mu.Unlock()
		s.handling.Go(func() { s.serve(conn) })
	}
}

func (s *Server) stop() {
	s.mu.Lock()
	s.closed = true
	s.listener.Close()
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.handling.Wait()
}

// serve holds one conversation.
func (s *Server) serve(conn net.Conn) {
	c := &conversation{server: s, conn: conn, r: bufio.NewReader(conn)}
	defer func() {
		_ = c.conn.Close()
		s.mu.Lock()
		delete(s.open, conn)
		s.mu.Unlock()
	}()
	if !c.say(Greeting, "220 mail.test ready") {
		return
	}
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.heard = append(s.heard, line)
		s.mu.Unlock()
		if !c.command(line) {
			return
		}
	}
}

// conversation is one connection of a sender.
type conversation struct {
	server    *Server
	conn      net.Conn
	r         *bufio.Reader
	encrypted bool
	from, to  string
}

// say answers as usual, or as the test wants it. It returns whether the usual thing was said.
func (c *conversation) say(at, usual string) bool {
	c.server.mu.Lock()
	wanted := c.server.answers[at]
	c.server.mu.Unlock()
	if wanted == "" {
		wanted = usual
	}
	_, err := fmt.Fprintf(c.conn, "%s\r\n", wanted)
	return err == nil && wanted == usual
}

// command answers one line and says whether to go on.
func (c *conversation) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	switch verb {
	case "EHLO":
		c.say(verb, c.greeting())
	case "STARTTLS":
		if c.say(verb, "220 go on") {
			c.conn = tls.Server(c.conn, c.server.TLS)
			c.r, c.encrypted = bufio.NewReader(c.conn), true
		}
	case "AUTH":
		c.logIn(rest)
	case "MAIL":
		c.from = between(rest)
		c.say(verb, "250 2.1.0 sender taken")
	case "RCPT":
		c.to = between(rest)
		c.say(c.server.moment(verb, c.to), "250 2.1.5 recipient taken")
	case "DATA":
		if c.say(verb, "354 go on") {
			return c.take()
		}
	case "QUIT":
		c.say(verb, "221 2.0.0 good bye")
		return false
	default:
		c.say(verb, "250 2.0.0 as you like")
	}
	return true
}

func (c *conversation) greeting() string {
	lines := []string{"250-mail.test", "250-8BITMIME", "250-ENHANCEDSTATUSCODES"}
	if c.server.TLS != nil && !c.encrypted {
		lines = append(lines, "250-STARTTLS")
	}
	if c.server.User != "" {
		lines = append(lines, "250-AUTH PLAIN LOGIN")
	}
	return strings.Join(append(lines, "250 HELP"), "\r\n")
}

// logIn takes a user and a password by PLAIN or LOGIN.
func (c *conversation) logIn(rest string) {
	mechanism, first, _ := strings.Cut(rest, " ")
	var user, password string
	switch mechanism {
	case "PLAIN":
		parts := strings.Split(decode(first), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		user, password = c.ask("Username:"), c.ask("Password:")
	}
	if user != c.server.User || password != c.server.Password {
		fmt.Fprintf(c.conn, "535 5.7.8 not you, %s with %s\r\n", user, password)
		return
	}
	c.say("AUTH", "235 2.7.0 welcome")
}

func (c *conversation) ask(what string) string {
	fmt.Fprintf(c.conn, "334 %s\r\n", base64.StdEncoding.EncodeToString([]byte(what)))
	line, _ := c.r.ReadString('\n')
	return decode(strings.TrimSpace(line))
}

// take reads the text of a mail up to its end.
func (c *conversation) take() bool {
	var text strings.Builder
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	m := Mail{From: c.from, To: c.to, Raw: text.String()}
	c.server.mu.Lock()
	usual := c.server.answers[End] == ""
	if usual {
		c.server.mails = append(c.server.mails, m)
	}
	c.server.mu.Unlock()
	c.say(End, "250 2.0.0 taken over")
	return true
}

func decode(text string) string {
	b, _ := base64.StdEncoding.DecodeString(text)
	return string(b)
}

// between returns what stands between < and >.
func between(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}
