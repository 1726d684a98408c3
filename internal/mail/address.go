package mail

import (
	"errors"
	netmail "net/mail"
	"strings"
)

// ErrAddress says that a text is not a mail address that mail can be sent to.
var ErrAddress = errors.New("no mail address")

const (
	// maxAddress, maxLocal and maxLabel are lengths that mail servers and DNS take (RFC 5321, 4.5.3.1;
	// RFC 1035, 2.3.4).
	maxAddress = 254
	maxLocal   = 64
	maxLabel   = 63
)

// ParseAddress reads one bare mail address such as owner@example.org, and returns it with its
// domain in lower case. White space around it is dropped. It takes less than RFC 5322 allows: no
// name, no comment, no quoted part, no address of a machine, and only the ASCII form of a domain
// with several parts, or localhost. What it takes can stand in a header and in a command to a mail
// server as it is. The error is [ErrAddress].
func ParseAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) > maxAddress {
		return "", ErrAddress
	}
	parsed, err := netmail.ParseAddress(text)
	if err != nil || parsed.Address != text {
		return "", ErrAddress
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], strings.ToLower(text[at+1:])
	if !isLocal(local) || !isDomain(domain) {
		return "", ErrAddress
	}
	return local + "@" + domain, nil
}

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
