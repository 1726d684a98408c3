package owner

import (
	"errors"
	"net/http"

	"latchkey/internal/mail"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

// mailLinkView is the page behind a link in a mail that confirms an address or stops the mail to it.
type mailLinkView struct {
	page.Layout
	// Stop is for a link that stops the mail.
	Stop bool
	// Done says that it was done, now or before, and not only asked.
	Done              bool
	Username, Address string
	Connection        connectionView
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

// mailLink does what a link in a mail is for, and says so. A nil do only asks, where there is still
// something to ask.
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
	at := h.Reader(r)
	title, done := at.Text("mail_confirm.title"), do != nil
	if p == store.LinkStop {
		title = at.Text("mail_stop.title")
	}
	if !done {
		going, err := h.mailGoes(r, l)
		switch {
		case err != nil:
			h.linkFailed(w, r, p, err)
			return
		case p == store.LinkStop:
			done = !going
		case going:
			h.linkFailed(w, r, p, store.ErrTaken)
			return
		}
	}
	page.Render(h.Kit, w, r, http.StatusOK, mailLinkPage, mailLinkView{
		Layout: h.Layout(title), Stop: p == store.LinkStop, Done: done,
		Username: c.Username, Address: mail.ForReading(l.Address), Connection: h.connectionView(at, c),
	})
}

// mailGoes says whether mail goes to the address of a link. To confirm one that was replaced or taken back
// since is [store.ErrNotFound], as it is when the button is pressed.
func (h *Handler) mailGoes(r *http.Request, l store.Link) (bool, error) {
	contact, err := h.Notices.Contact(r.Context(), l.ConnectionID)
	if err == nil && contact.Address != l.Address {
		err = store.ErrNotFound
	}
	if l.Purpose == store.LinkStop && errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && !contact.ConfirmedAt.IsZero(), err
}
