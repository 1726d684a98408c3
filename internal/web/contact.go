package web

import (
	"errors"
	"net/http"
	"strings"

	"latchkey/internal/mail"
	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// maxForm bounds a form in bytes: it has one address in it.
const maxForm = 4 << 10

// contactView is what the owner's page says about her mail address.
type contactView struct {
	// Address is where mail goes, or will when she confirmed it; empty while she gave none.
	Address   string
	Confirmed bool
	// Since is when she confirmed it, or gave it.
	Since dateTime
	// Typed is an address that did not do, Fault why.
	Typed, Fault string
	Connection   connectionView
}

// formError is what the owner gave and what did not do, and the status of the answer: an address and
// why it does not, or why a time zone does not.
type formError struct {
	address, why string
	zone         string
	status       int
}

// sendsMail says whether owners can have mail here.
func (h *Handler) sendsMail() bool { return h.Notices != nil && h.Notices.Mails() }

// contactView reads where the owner of a connection wants mail; nil when this server sends none.
func (h *Handler) contactView(r *http.Request, c store.Connection) (*contactView, error) {
	if !h.sendsMail() {
		return nil, nil //nolint:nilnil // no mail is no failure
	}
	at := h.reader(r)
	v := &contactView{Connection: h.connectionView(at, c)}
	contact, err := h.Notices.Contact(r.Context(), c.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return v, nil
	case err != nil:
		return nil, err
	}
	v.Address, v.Confirmed, v.Since = mail.ForReading(contact.Address), !contact.ConfirmedAt.IsZero(), at.dateTime(contact.ConfirmedAt)
	if !v.Confirmed {
		v.Typed, v.Since = v.Address, at.dateTime(contact.AskedAt)
	}
	return v, nil
}

// giveAddress takes the owner's mail address. One that does not do is shown to her again, with what
// is wrong beside it.
func (h *Handler) giveAddress(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if !h.sendsMail() {
		h.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	typed := strings.TrimSpace(r.PostFormValue("address")) // a form that cannot be read has none
	err := h.Notices.Ask(r.Context(), c.ID, typed)
	if err == nil {
		redirect(w, http.StatusSeeOther, "/account#mail")
		return
	}
	if h.goneMeanwhile(w, err) {
		return
	}
	fault := addressError(err)
	if fault == (formError{}) {
		failure := h.failure(r, "ask for the mail address of "+c.ID, err)
		if failure.status != internalError.status {
			h.renderFailure(w, r, failure)
			return
		}
		fault = mailAway // it is in the log, whatever it is
	}
	fault.address = typed
	h.showAccount(w, r, c, fault)
}

// mailAway is for a mail that may go later.
var mailAway = formError{status: http.StatusServiceUnavailable, why: "No mail could be sent just now. Try again in some minutes."}

// addressError says what is wrong with an address, in words for the one who typed it; zero when it is
// not the address.
func addressError(err error) formError {
	switch {
	case errors.Is(err, mail.ErrLocal):
		return formError{
			status: http.StatusUnprocessableEntity,
			why:    "This address has accents or letters of another script before the @. Few mail servers can send there, and this one cannot. Give another address of yours.",
		}
	case errors.Is(err, mail.ErrAddress):
		return formError{status: http.StatusUnprocessableEntity, why: "This is no mail address. Write it like this: name@example.com"}
	case errors.Is(err, mail.ErrRefused):
		return formError{status: http.StatusUnprocessableEntity, why: "The mail server does not take this address. Look for a slip in it."}
	case errors.Is(err, notice.ErrTooMany):
		return formError{status: http.StatusTooManyRequests, why: "No mail was sent: five a day are the limit. Try again tomorrow."}
	default:
		return formError{}
	}
}

// forgetAddress takes the owner's mail address away.
func (h *Handler) forgetAddress(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if !h.sendsMail() {
		h.notFound(w, r)
		return
	}
	if err := h.Notices.Forget(r.Context(), c.ID); err != nil {
		h.fail(w, r, "forget the mail address of "+c.ID, err)
		return
	}
	redirect(w, http.StatusSeeOther, "/account#mail")
}

// contactLinkView is the page behind a link in a mail that confirms an address or stops the mail to it.
type contactLinkView struct {
	layout
	// Stop is for a link that stops the mail.
	Stop bool
	// Done says that it was done, now or before, and not only asked.
	Done              bool
	Username, Address string
	Connection        connectionView
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *http.Request) {
	h.contactLink(w, r, store.LinkConfirm, nil)
}

func (h *Handler) confirm(w http.ResponseWriter, r *http.Request) {
	h.contactLink(w, r, store.LinkConfirm, func(secret string) error {
		_, err := h.Notices.Confirm(r.Context(), secret)
		return err
	})
}

func (h *Handler) askStop(w http.ResponseWriter, r *http.Request) {
	h.contactLink(w, r, store.LinkStop, nil)
}

// stop is pressed by a person, or by a mail program for her, which sends neither a cookie nor an
// Origin and follows no redirect (RFC 8058).
func (h *Handler) stop(w http.ResponseWriter, r *http.Request) {
	h.contactLink(w, r, store.LinkStop, func(secret string) error {
		return h.Notices.Stop(r.Context(), secret)
	})
}

// contactLink does what a link in a mail is for, and says so. A nil do only asks, where there is still
// something to ask.
func (h *Handler) contactLink(w http.ResponseWriter, r *http.Request, p store.Purpose, do func(secret string) error) {
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
	title, done := "Confirm your address", do != nil
	if p == store.LinkStop {
		title = "Stop the mail"
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
	h.render(w, r, http.StatusOK, parsed().maillink, contactLinkView{
		layout: h.layout(title), Stop: p == store.LinkStop, Done: done,
		Username: c.Username, Address: mail.ForReading(l.Address), Connection: h.connectionView(h.reader(r), c),
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
