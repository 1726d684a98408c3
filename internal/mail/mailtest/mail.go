package mailtest

import (
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
)

// Mail is a mail that a server was given.
type Mail struct {
	// From and To are those of the envelope.
	From, To string
	// Raw is the mail as it came, headers first.
	Raw string
}

// Header returns the headers.
func (m Mail) Header(t testing.TB) netmail.Header {
	t.Helper()
	return m.parse(t).Header
}

// Text returns the body as a person reads it, with \n at the end of a line.
func (m Mail) Text(t testing.TB) string {
	t.Helper()
	b, err := io.ReadAll(quotedprintable.NewReader(m.parse(t).Body))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}

// Link returns the first address in the body that begins with prefix, up to the next white space.
func (m Mail) Link(t testing.TB, prefix string) string {
	t.Helper()
	_, rest, found := strings.Cut(m.Text(t), prefix)
	if !found {
		t.Fatalf("no link %s… in the mail:\n%s", prefix, m.Text(t))
	}
	return prefix + strings.Fields(rest + " ")[0]
}

func (m Mail) parse(t testing.TB) *netmail.Message {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		t.Fatalf("a mail that cannot be read: %v\n%s", err, m.Raw)
	}
	return parsed
}
