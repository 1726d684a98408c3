package mail

import (
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"time"
	"unicode"

	netmail "net/mail"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail to one person.
type Message struct {
	// To is a bare address, see [ParseAddress].
	To string
	// Subject is one line.
	Subject string
	// Text is the body, with \n at the end of a line. A paragraph is one line, however long: the
	// reader's program breaks it where her screen ends.
	Text string
	// Stop is the web address that ends such mails when it is sent a POST (RFC 8058), with no more
	// asked; empty when there is none. Mail programs show a button for it.
	Stop string
}

// compose writes down a mail to an address that was parsed. What stands in a header is checked first,
// so that no value can begin a header of its own.
func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	if m.Subject == "" || strings.ContainsFunc(m.Subject, unicode.IsControl) {
		return nil, errors.New("the subject is empty or more than a line")
	}
	if m.Stop != "" && !isWebAddress(m.Stop) {
		return nil, errors.New("the address that stops the mails is no web address")
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&s.from)
	msg.ToMailAddress(&netmail.Address{Address: m.To})
	msg.Subject(m.Subject)
	msg.SetDateWithValue(time.Now().UTC())
	msg.SetMessageIDWithValue(rand.Text() + "@" + s.domain())
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Stop != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Stop+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	return msg, nil
}

// isWebAddress says whether a text can stand between < and > in a header, and leads to a server.
func isWebAddress(text string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' || r == ',' }
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") && !strings.ContainsFunc(text, odd)
}
