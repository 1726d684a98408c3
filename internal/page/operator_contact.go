package page

import (
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"time"
)

// OperatorContact is how to reach the operator.
type OperatorContact struct {
	// Text is empty when the operator said nothing.
	Text string
	// Href is empty when Text is neither a mail address nor an https address.
	Href string
}

// ContactOf reads how to reach the operator: a mail address, an https address or plain words.
func ContactOf(text string) OperatorContact {
	if a, err := mail.ParseAddress(text); err == nil && a.Address == text {
		return OperatorContact{Text: text, Href: "mailto:" + text}
	}
	if u, err := url.Parse(text); err == nil && u.Scheme == "https" && u.Host != "" {
		return OperatorContact{Text: text, Href: text}
	}
	return OperatorContact{Text: text}
}

// securityLife is how long what a security.txt says is to be believed; the format wants an end.
const securityLife = 180 * 24 * time.Hour

// security serves whom to tell of a weakness (RFC 9116), where there is an address for it.
func (k *Kit) security(w http.ResponseWriter, r *http.Request) {
	whom, err := url.Parse(ContactOf(k.Contact).Href)
	if err != nil || whom.Scheme == "" {
		k.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	ends := k.Now().Add(securityLife).UTC().Format(time.RFC3339)
	_, _ = fmt.Fprintf(w, "Contact: %s\nExpires: %s\nCanonical: %s%s\n", whom, ends, k.PublicURL, r.URL.Path)
}
