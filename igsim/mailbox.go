package igsim

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// MaxMailBytes is the size of the largest mail that the mail box takes, headers included.
const MaxMailBytes = 256 << 10

// mailsAtMost is how many mails are kept. The oldest makes room.
const mailsAtMost = 200

// mailbox keeps what came. The simulator's lock guards it.
type mailbox struct {
	// server is the address of the mail server beside the simulator, smtp://HOST:PORT; empty is none.
	server string
	mails  []Mail // the oldest first
	came   int
}

// TakeMail puts a mail into the mail box: from and to are those of the envelope, raw is all of it,
// headers first. A mail that is broken is taken as far as it can be read; one that is larger than
// [MaxMailBytes] is refused.
func (s *Simulator) TakeMail(from string, to []string, raw []byte) error {
	if len(raw) > MaxMailBytes {
		return fmt.Errorf("take a mail: it has %d bytes, which is more than %d", len(raw), MaxMailBytes)
	}
	m := readMail(from, to, raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &s.mailbox
	b.came++
	m.ID, m.At = b.came, s.Now().UTC()
	if len(b.mails) == mailsAtMost {
		b.mails = slices.Delete(b.mails, 0, 1)
	}
	b.mails = append(b.mails, m)
	return nil
}

// Mails are the mails in the mail box, the newest first: the last 200 that came.
func (s *Simulator) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := append([]Mail{}, s.mailbox.mails...)
	slices.Reverse(all)
	return all
}

// ClearMails empties the mail box.
func (s *Simulator) ClearMails() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mailbox.mails = nil
}

// SetMailServer says where mail for the mail box is taken, as smtp://HOST:PORT, for people who look
// into it. Empty is nowhere, and how a new simulator is. [latchkey/igsim/smtpd] sets it.
func (s *Simulator) SetMailServer(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mailbox.server = url
}

// MailServer is what SetMailServer was told last.
func (s *Simulator) MailServer() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mailbox.server
}

func (s *Simulator) serveMails(w http.ResponseWriter, r *http.Request) {
	answer{status: http.StatusOK, body: map[string][]Mail{"mails": s.Mails()}}.deliver(w, r)
}

func (s *Simulator) deleteMails(w http.ResponseWriter, r *http.Request) {
	s.ClearMails()
	s.serveMails(w, r)
}

func (s *Simulator) postClearMails(struct{}) (any, error) {
	s.ClearMails()
	return map[string][]Mail{"mails": s.Mails()}, nil
}

// mailboxView is what the page of the mail box shows.
type mailboxView struct {
	Bar    bar
	Server string
	Mails  []mailShown
}

type mailShown struct {
	Mail
	// Body is the text in pieces, of which some are links.
	Body []piece
	// Cut says that the page leaves out the end of the text.
	Cut bool
}

const mailboxPath = "/_sim/mailbox"

func (s *Simulator) mailboxPage(w http.ResponseWriter, r *http.Request) {
	v := mailboxView{Bar: bar{Now: s.Now(), Back: mailboxPath}, Server: s.MailServer()}
	for _, m := range s.Mails() {
		text, cut := cutText(m.Text)
		v.Mails = append(v.Mails, mailShown{Mail: m, Body: pieces(text), Cut: cut})
	}
	answer{status: http.StatusOK, page: page{template: "mailbox.html", view: v}}.deliver(w, r)
}

// shownAtMost is how many bytes of one text stand on the page, so that two hundred make a page that a
// browser can show.
const shownAtMost = 16 << 10

func cutText(text string) (shown string, cut bool) {
	if len(text) <= shownAtMost {
		return text, false
	}
	return strings.ToValidUTF8(text[:shownAtMost], ""), true
}

// piece is a part of a text. Link is where it leads, empty where it is no link.
type piece struct{ Text, Link string }

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// pieces finds the web addresses in a text. A sign behind one that ends a sentence is none of it.
func pieces(text string) []piece {
	var all []piece
	end := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		link := strings.TrimRight(text[at[0]:at[1]], `.,;:!?)]}'*`)
		if u, err := url.Parse(link); err != nil || u.Host == "" {
			continue
		}
		if at[0] > end {
			all = append(all, piece{Text: text[end:at[0]]})
		}
		end = at[0] + len(link)
		all = append(all, piece{Text: link, Link: link})
	}
	if end < len(text) {
		all = append(all, piece{Text: text[end:]})
	}
	return all
}
