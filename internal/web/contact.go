package web

import (
	"net/mail"
	"net/url"
)

// contact is how to reach the operator.
type contact struct {
	// Text is empty when the operator said nothing.
	Text string
	// Href is empty when Text is neither a mail address nor an https address.
	Href string
}

func contactOf(text string) contact {
	if a, err := mail.ParseAddress(text); err == nil && a.Address == text {
		return contact{Text: text, Href: "mailto:" + text}
	}
	if u, err := url.Parse(text); err == nil && u.Scheme == "https" && u.Host != "" {
		return contact{Text: text, Href: text}
	}
	return contact{Text: text}
}
