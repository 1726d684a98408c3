package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

var (
	// ErrAddress says that a text is not a mail address that mail can be sent to.
	ErrAddress = errors.New("no mail address")
	// ErrLocal says that an address has letters before its @ that are not ASCII. Mail to it needs
	// servers with SMTPUTF8 (RFC 6531) all the way, which few are. It is an ErrAddress, too.
	ErrLocal = fmt.Errorf("%w: letters before the @ that few mail servers take", ErrAddress)
)

const (
	// maxAddress, maxLocal and maxLabel are lengths that mail servers and DNS take (RFC 5321, 4.5.3.1;
	// RFC 1035, 2.3.4).
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// ParseAddress reads one bare mail address such as owner@example.org, and returns it with its
// domain in lower case and in its ASCII form: info@münchen.example becomes
// info@xn--mnchen-3ya.example. White space around it is dropped. It takes less than RFC 5322 allows:
// no name, no comment, no quoted part, no address of a machine, and only a domain with several parts,
// or localhost. What it takes can stand in a header and in a command to a mail server as it is. The
// error is [ErrAddress], or more precisely [ErrLocal].
func ParseAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return "", ErrAddress
	}
	local, domain := text[:at], asciiDomain(text[at+1:])
	switch {
	case !isDomain(domain), at+1+len(domain) > maxAddress:
		return "", ErrAddress
	case isLocal(local):
		return local + "@" + domain, nil
	case isLocal(strings.Map(asciiLetter, local)):
		return "", ErrLocal
	default:
		return "", ErrAddress
	}
}

// ParseSender reads an address with or without a name before it, such as
// "Latchkey <latchkey@example.org>". The address is one that [ParseAddress] returned. The error is
// [ErrAddress].
func ParseSender(text string) (netmail.Address, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return netmail.Address{}, ErrAddress
	}
	parsed, err := netmail.ParseAddress(text)
	if err != nil {
		return netmail.Address{}, ErrAddress
	}
	address, err := ParseAddress(parsed.Address)
	if err != nil {
		return netmail.Address{}, err
	}
	return netmail.Address{Name: parsed.Name, Address: address}, nil
}

// ForReading is an address of [ParseAddress] as its owner writes it, with the letters that its domain
// stands for.
func ForReading(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	readable, err := idna.Display.ToUnicode(domain)
	if err != nil {
		return address
	}
	return local + "@" + readable
}

// asciiDomain is a domain in its ASCII form and in lower case; empty when it has none.
func asciiDomain(s string) string {
	if !strings.ContainsFunc(s, notASCII) {
		return strings.ToLower(s)
	}
	ascii, err := idna.Lookup.ToASCII(s)
	if err != nil || !utf8.ValidString(s) {
		return ""
	}
	return ascii
}

// asciiLetter stands an ASCII letter in for each letter of another alphabet.
func asciiLetter(r rune) rune {
	if notASCII(r) && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) {
		return 'a'
	}
	return r
}

func notASCII(r rune) bool { return r > unicode.MaxASCII }

// isLocal says whether s is a dot-atom of RFC 5322, which needs no quotes.
func isLocal(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || strings.ContainsFunc(part, notInAtom) {
			return false
		}
	}
	return len(s) <= maxLocal
}

func notInAtom(r rune) bool {
	return !isLetterOrDigit(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func isDomain(s string) bool {
	if s == "localhost" {
		return true
	}
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool { return !isLetterOrDigit(r) && r != '-' }) {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(labels) > 1 && strings.ContainsFunc(last, func(r rune) bool { return r > '9' })
}

func isLetterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
