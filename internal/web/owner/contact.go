package owner

import (
	"errors"
	"net/http"
	"strings"

	"latchkey/internal/mail"
	"latchkey/internal/notice"
	"latchkey/internal/page"
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
	Since page.DateTime
	// Typed is an address that did not do, Fault why.
	Typed, Fault string
	Connection   connectionView
}

// sendsMail says whether owners can have mail here.
func (h *Handler) sendsMail() bool { return h.Notices != nil && h.Notices.Mails() }

// contactView reads where the owner of a connection wants mail; nil when this server sends none.
func (h *Handler) contactView(r *http.Request, c store.Connection) (*contactView, error) {
	if !h.sendsMail() {
		return nil, nil //nolint:nilnil // no mail is no failure
	}
	at := h.Reader(r)
	v := &contactView{Connection: h.connectionView(at, c)}
	contact, err := h.Notices.Contact(r.Context(), c.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return v, nil
	case err != nil:
		return nil, err
	}
	v.Address, v.Confirmed, v.Since = mail.ForReading(contact.Address), !contact.ConfirmedAt.IsZero(), at.DateTime(contact.ConfirmedAt)
	if !v.Confirmed {
		v.Typed, v.Since = v.Address, at.DateTime(contact.AskedAt)
	}
	return v, nil
}

// giveAddress takes the owner's mail address. One that does not do is shown to her again, with what
// is wrong beside it.
func (h *Handler) giveAddress(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if !h.sendsMail() {
		h.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	typed := strings.TrimSpace(r.PostFormValue("address")) // a form that cannot be read has none
	err := h.Notices.Ask(r.Context(), c.ID, typed, h.Language(r))
	if err == nil {
		page.Redirect(w, http.StatusSeeOther, "/account#mail")
		return
	}
	if h.GoneMeanwhile(w, err) {
		return
	}
	fault := addressError(err)
	if fault == (formError{}) {
		failure := h.FailureOf(r, "ask for the mail address of "+c.ID, err)
		if failure.Status != page.Internal.Status {
			h.Failure(w, r, failure)
			return
		}
		fault = mailAway // it is in the log, whatever it is
	}
	fault.address = typed
	h.showAccount(w, r, c, fault)
}

// mailAway is for a mail that may go later.
var mailAway = formError{status: http.StatusServiceUnavailable, why: "contact.fault.away"}

// addressError says what is wrong with an address; zero when it is not the address.
func addressError(err error) formError {
	switch {
	case errors.Is(err, mail.ErrLocal):
		return formError{status: http.StatusUnprocessableEntity, why: "contact.fault.local"}
	case errors.Is(err, mail.ErrAddress):
		return formError{status: http.StatusUnprocessableEntity, why: "contact.fault.address"}
	case errors.Is(err, mail.ErrRefused):
		return formError{status: http.StatusUnprocessableEntity, why: "contact.fault.refused"}
	case errors.Is(err, notice.ErrTooMany):
		return formError{status: http.StatusTooManyRequests, why: "contact.fault.too_many"}
	default:
		return formError{}
	}
}

// forgetAddress takes the owner's mail address away.
func (h *Handler) forgetAddress(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if !h.sendsMail() {
		h.NotFound(w, r)
		return
	}
	if err := h.Notices.Forget(r.Context(), c.ID); err != nil {
		h.Fail(w, r, "forget the mail address of "+c.ID, err)
		return
	}
	page.Redirect(w, http.StatusSeeOther, "/account#mail")
}
