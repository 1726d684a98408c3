package smtpd_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/igsim"
	"latchkey/igsim/smtpd"
)

// serve takes mail on this machine until the test ends, and gives the address.
func serve(t *testing.T) (*igsim.Simulator, string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sim := igsim.New()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- smtpd.Serve(ctx, l, sim) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return sim, l.Addr().String()
}

func body(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

// TestAMailComes sends a mail to two people as any program does, and finds it in the mail box.
func TestAMailComes(t *testing.T) {
	t.Parallel()
	sim, at := serve(t)
	raw := body("From: Latchkey <latchkey@example.com>", "Subject: Hello", "", ".dots", ".", "stay")
	if err := smtp.SendMail(at, nil, "envelope@example.com", []string{"anna@example.com", "operator@example.com"}, raw); err != nil {
		t.Fatal(err)
	}
	got := sim.Mails()
	if len(got) != 1 {
		t.Fatalf("%d mails", len(got))
	}
	want := igsim.Mail{
		ID: 1, At: got[0].At, From: "Latchkey <latchkey@example.com>", To: []string{"anna@example.com", "operator@example.com"},
		Subject: "Hello", Text: ".dots\n.\nstay\n",
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("mail (-want +got):\n%s", diff)
	}
}

// TestMailsThatAreTooMuch refuses what is too large or has too many recipients, with the numbers of SMTP for it, and
// goes on taking mail in the same conversation.
func TestMailsThatAreTooMuch(t *testing.T) {
	t.Parallel()
	sim, at := serve(t)
	c, err := smtp.Dial(at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	send := func(raw []byte) error {
		t.Helper()
		if err := errors.Join(c.Mail("a@example.com"), c.Rcpt("b@example.com")); err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Write(raw)
		return errors.Join(err, w.Close())
	}
	line := strings.Repeat("x", 998) + "\r\n"
	if code := codeOf(send(append(body("Subject: huge", ""), strings.Repeat(line, 300)...))); code != 552 {
		t.Errorf("a huge mail is answered with %d", code)
	}
	if err := send(append(body("Subject: large", ""), strings.Repeat(line, 260)...)); err != nil {
		t.Errorf("a large mail is answered with %v", err)
	}
	if err := c.Mail("a@example.com"); err != nil {
		t.Fatal(err)
	}
	for i := range 52 {
		if code, want := codeOf(c.Rcpt(fmt.Sprintf("b%d@example.com", i))), 0; i < 50 && code != want || i >= 50 && code != 452 {
			t.Errorf("recipient %d is answered with %d", i+1, code)
		}
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	all := sim.Mails()
	if len(all) != 2 || len(all[0].To) != 50 || all[1].Subject != "large" || len(all[1].To) != 1 {
		t.Errorf("%d mails came", len(all))
	}
}

// codeOf is the number of SMTP in an error, 0 in nil.
func codeOf(err error) int {
	answer, _ := errors.AsType[*textproto.Error](err)
	if answer == nil {
		return 0
	}
	return answer.Code
}

// network is one within a synctest bubble.
type network struct {
	conns  chan net.Conn
	closed chan struct{}
	close  func()
}

func newNetwork() *network {
	n := &network{conns: make(chan net.Conn), closed: make(chan struct{})}
	n.close = sync.OnceFunc(func() { close(n.closed) })
	return n
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.conns:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error   { n.close(); return nil }
func (n *network) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 25} }

// dial connects, when it is let in.
func (n *network) dial() net.Conn {
	ours, theirs := net.Pipe()
	n.conns <- theirs
	return ours
}

// TestSlowSendersAreBounded closes the connection of one who says nothing, of one whose mail does not come to its end, and
// of one who is busy for ever; and nothing of theirs is in the mail box.
func TestSlowSendersAreBounded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		says   []string
		then   string // again and again, every twenty seconds
		within time.Duration
	}{
		"silent":              {nil, "", 30 * time.Second},
		"silent after a word": {[]string{"EHLO a"}, "", 30 * time.Second},
		"drop by drop":        {[]string{"EHLO a", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>", "DATA"}, "x", 30 * time.Second},
		"busy":                {[]string{"EHLO a"}, "NOOP", 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim, network := igsim.New(), newNetwork()
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- smtpd.Serve(ctx, network, sim) }()
				ours := network.dial()
				began, gone := time.Now(), make(chan time.Duration)
				go func() {
					io.Copy(io.Discard, bufio.NewReader(ours))
					gone <- time.Since(began)
				}()
				for _, line := range tt.says {
					io.WriteString(ours, line+"\r\n")
				}
				var busy sync.WaitGroup
				busy.Go(func() {
					for err := error(nil); tt.then != "" && err == nil; {
						time.Sleep(20 * time.Second)
						_, err = io.WriteString(ours, tt.then+"\r\n")
					}
				})
				if took := <-gone; took != tt.within {
					t.Errorf("the connection was closed after %v, want %v", took, tt.within)
				}
				if n := len(sim.Mails()); n != 0 {
					t.Errorf("%d mails came", n)
				}
				busy.Wait()
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestSendersAreCounted lets twenty in at once. The next one waits until one of them has left.
func TestSendersAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := newNetwork()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- smtpd.Serve(ctx, network, igsim.New()) }()
		var senders []net.Conn
		for range 20 {
			ours := network.dial()
			senders = append(senders, ours)
			if line, err := bufio.NewReader(ours).ReadString('\n'); err != nil || !strings.HasPrefix(line, "220") {
				t.Fatalf("sender %d is greeted with %q, %v", len(senders), line, err)
			}
		}
		let := make(chan net.Conn, 1)
		go func() { let <- network.dial() }()
		synctest.Wait()
		if len(let) != 0 {
			t.Error("the last one was let in beside twenty others")
		}
		senders[0].Close()
		senders[0] = <-let
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		for _, sender := range senders {
			sender.Close()
		}
	})
}

// TestTheSimulatorKnowsItsMailServer holds that the mail box's page names where mail is taken, as long as it is.
func TestTheSimulatorKnowsItsMailServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim, network := igsim.New(), newNetwork()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- smtpd.Serve(ctx, network, sim) }()
		synctest.Wait()
		if got := sim.MailServer(); got != "smtp://127.0.0.1:25" {
			t.Errorf("while mail is taken it is %q", got)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := sim.MailServer(); got != "" {
			t.Errorf("after that it is %q", got)
		}
	})
}

// TestAListenerThatFails is an error, for the caller must know that no mail is taken any more.
func TestAListenerThatFails(t *testing.T) {
	t.Parallel()
	network := newNetwork()
	network.Close()
	if err := smtpd.Serve(t.Context(), network, igsim.New()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("it says %v", err)
	}
}
