package igsim

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Mail is a mail that a server beside the simulator sent.
type Mail struct {
	// ID counts from 1, in the order of arrival.
	ID int `json:"id"`
	// At is when it came, on the simulator's clock.
	At time.Time `json:"at"`
	// From is who says to have written it: its From header, or the sender of the envelope where it has
	// none that can be read.
	From string `json:"from"`
	// To are the recipients of the envelope, whatever the headers say.
	To []string `json:"to"`
	// Subject is one line; empty where there is none.
	Subject string `json:"subject"`
	// Text is its plain text, with \n at the end of a line; where it has none, the source of its HTML;
	// empty where it has neither. What is broken in it ends it.
	Text string `json:"text"`
	// HTML says that Text is the source of HTML.
	HTML bool `json:"html"`
}

// What is kept of a mail. Nothing that is longer or deeper is of use to a reader.
const (
	headerAtMost = 500 // characters of a subject or an address
	partsAtMost  = 100 // of a mail, at all depths
	depthAtMost  = 10  // of parts within parts
)

// readMail reads a mail as it came. One that cannot be read has what can be had of it.
func readMail(from string, to []string, raw []byte) Mail {
	m := Mail{From: oneLine(from)}
	for _, address := range to {
		m.To = append(m.To, oneLine(address))
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil { // no headers that could be told from its text
		m.Text = plain(raw)
		return m
	}
	m.Subject = oneLine(decodeWords(msg.Header.Get("Subject")))
	if sender := msg.Header.Get("From"); sender != "" {
		m.From = oneLine(readableAddress(sender))
	}
	var found texts
	found.take(textproto.MIMEHeader(msg.Header), msg.Body, 0)
	m.Text = found.plain
	if m.HTML = found.plain == "" && found.html != ""; m.HTML {
		m.Text = found.html
	}
	return m
}

// readableAddress is an address with its name decoded, or the header as it stands.
func readableAddress(header string) string {
	a, err := netmail.ParseAddress(header)
	switch {
	case err != nil:
		return decodeWords(header)
	case a.Name == "":
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

// decodeWords decodes RFC 2047. Alphabets other than UTF-8, Latin-1 and ASCII stay encoded.
func decodeWords(header string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return header
	}
	return text
}

// oneLine is a text without line ends and other control characters, cut to a readable length.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if utf8.RuneCountInString(text) > headerAtMost {
		text = string([]rune(text)[:headerAtMost]) + "…"
	}
	return strings.TrimSpace(text)
}

// plain is a text for a reader: UTF-8, with \n at the end of a line, without control characters.
func plain(b []byte) string {
	text := strings.ReplaceAll(strings.ToValidUTF8(string(b), "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// texts collects the first plain text and the first HTML of a mail.
type texts struct {
	plain, html string
	parts       int
}

// take looks at a part and at those within it.
func (f *texts) take(header textproto.MIMEHeader, body io.Reader, depth int) {
	if f.parts++; f.parts > partsAtMost || depth > depthAtMost || f.plain != "" {
		return
	}
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain" // RFC 2045, 5.2: so is one that says nothing, or nothing that can be read
	}
	disposition, _, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		f.takeParts(multipart.NewReader(body, params["boundary"]), depth+1)
	case disposition == "attachment":
	case kind == "text/plain":
		f.plain = decodeText(header, params["charset"], body)
	case kind == "text/html" && f.html == "":
		f.html = decodeText(header, params["charset"], body)
	}
}

func (f *texts) takeParts(r *multipart.Reader, depth int) {
	for f.parts <= partsAtMost {
		part, err := r.NextRawPart()
		if err != nil {
			return
		}
		f.take(part.Header, part, depth)
	}
}

// decodeText undoes the transfer encoding and the charset of a text.
func decodeText(header textproto.MIMEHeader, charset string, body io.Reader) string {
	switch strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, _ := io.ReadAll(body) // what cannot be decoded ends the text; what came before stays
	switch strings.ToLower(charset) {
	case "iso-8859-1", "windows-1252": // they differ in a few signs, which get lost
		b = fromLatin1(b)
	}
	return plain(b)
}

func fromLatin1(b []byte) []byte {
	var out []byte
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}
