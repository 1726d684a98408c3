package web

import (
	"net/http"

	"latchkey/internal/mail"
	"latchkey/internal/store"
)

// mailLinkView is the page behind a link in a mail that confirms an address or stops the mail to it.
type mailLinkView struct {
	frame
	// Stop is for a link that stops the mail.
	Stop bool
	// Done says that it was done, and not only asked.
	Done              bool
	Username, Address string
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *http.Request) {
	h.mailLink(w, r, store.LinkConfirm, nil)
}

func (h *Handler) confirm(w http.ResponseWriter, r *http.Request) {
	h.mailLink(w, r, store.LinkConfirm, func(secret string) error {
		_, err := h.Notices.Confirm(r.Context(), secret)
		return err
	})
}

func (h *Handler) askStop(w http.ResponseWriter, r *http.Request) {
	h.mailLink(w, r, store.LinkStop, nil)
}

// stop is pressed by a person, or by a mail program for her, which sends neither a cookie nor an
// Origin and follows no redirect (RFC 8058).
func (h *Handler) stop(w http.ResponseWriter, r *http.Request) {
	h.mailLink(w, r, store.LinkStop, func(secret string) error {
		return h.Notices.Stop(r.Context(), secret)
	})
}

// mailLink does what a link in a mail is for, and says so. A nil do only asks.
func (h *Handler) mailLink(w http.ResponseWriter, r *http.Request, p store.Purpose, do func(secret string) error) {
	if h.Notices != nil && do != nil {
		if err := do(r.PathValue("secret")); err != nil {
			h.linkFailed(w, r, p, err)
			return
		}
	}
	// What was just done used the link up; and mail can be stopped by one as often as it is followed.
	l, c, ok := h.linked(w, r, p, do != nil || p == store.LinkStop)
	if !ok {
		return
	}
	title := "Confirm your address"
	if p == store.LinkStop {
		title = "Stop the mail"
	}
	h.render(w, r, http.StatusOK, parsed().maillink, mailLinkView{
		frame: h.frame(title), Stop: p == store.LinkStop, Done: do != nil,
		Username: c.Username, Address: mail.ForReading(l.Address),
	})
}
