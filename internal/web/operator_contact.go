package web

import (
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"time"
)

// operatorContact is how to reach the operator.
type operatorContact struct {
	// Text is empty when the operator said nothing.
	Text string
	// Href is empty when Text is neither a mail address nor an https address.
	Href string
}

func operatorContactOf(text string) operatorContact {
	if a, err := mail.ParseAddress(text); err == nil && a.Address == text {
		return operatorContact{Text: text, Href: "mailto:" + text}
	}
	if u, err := url.Parse(text); err == nil && u.Scheme == "https" && u.Host != "" {
		return operatorContact{Text: text, Href: text}
	}
	return operatorContact{Text: text}
}

// securityLife is how long what a security.txt says is to be believed; the format wants an end.
const securityLife = 180 * 24 * time.Hour

// security serves whom to tell of a weakness (RFC 9116), where there is an address for it.
func (h *Handler) security(w http.ResponseWriter, r *http.Request) {
	whom, err := url.Parse(operatorContactOf(h.Contact).Href)
	if err != nil || whom.Scheme == "" {
		h.notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	ends := h.Now().Add(securityLife).UTC().Format(time.RFC3339)
	_, _ = fmt.Fprintf(w, "Contact: %s\nExpires: %s\nCanonical: %s%s\n", whom, ends, h.PublicURL, r.URL.Path)
}
