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

// mailView is what the owner's page says about her mail address.
type mailView struct {
	// Address is where mail goes, or will when she confirmed it; empty while she gave none.
	Address   string
	Confirmed bool
	// Since is when she confirmed it, or gave it.
	Since moment
	// Typed is an address that did not do, Fault why.
	Typed, Fault string
}

// refused is what the owner gave and what did not do, and the status of the answer: an address and
// why it does not, or why a time zone does not.
type refused struct {
	address, why string
	zone         string
	status       int
}

// mails says whether owners can have mail here.
func (h *Handler) mails() bool { return h.Notices != nil && h.Notices.Mails() }

// mailView reads where the owner wants mail; nil when this server sends none.
func (h *Handler) mailView(r *http.Request, connectionID string) (*mailView, error) {
	if !h.mails() {
		return nil, nil //nolint:nilnil // no mail is no failure
	}
	c, err := h.Notices.Contact(r.Context(), connectionID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return &mailView{}, nil
	case err != nil:
		return nil, err
	case c.ConfirmedAt.IsZero():
		address := mail.ForReading(c.Address)
		return &mailView{Address: address, Typed: address, Since: h.reader(r).moment(c.AskedAt)}, nil
	default:
		return &mailView{Address: mail.ForReading(c.Address), Confirmed: true, Since: h.reader(r).moment(c.ConfirmedAt)}, nil
	}
}

// giveAddress takes the owner's mail address. One that does not do is shown to her again, with what
// is wrong beside it.
func (h *Handler) giveAddress(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if !h.mails() {
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
	fault := addressFault(err)
	if fault == (refused{}) {
		failure := h.failure(r, "ask for the mail address of "+c.ID, err)
		if failure.status != ourFault.status {
			h.showFailure(w, r, failure)
			return
		}
		fault = mailAway // it is in the log, whatever it is
	}
	fault.address = typed
	h.showAccount(w, r, c, fault)
}

// mailAway is for a mail that may go later.
var mailAway = refused{status: http.StatusServiceUnavailable, why: "No mail could be sent just now. Try again in some minutes."}

// addressFault says what is wrong with an address, in words for the one who typed it; zero when it is
// not the address.
func addressFault(err error) refused {
	switch {
	case errors.Is(err, mail.ErrLocal):
		return refused{
			status: http.StatusUnprocessableEntity,
			why:    "This address has accents or letters of another script before the @. Few mail servers can send there, and this one cannot. Give another address of yours.",
		}
	case errors.Is(err, mail.ErrAddress):
		return refused{status: http.StatusUnprocessableEntity, why: "This is no mail address. Write it like this: name@example.com"}
	case errors.Is(err, mail.ErrRefused):
		return refused{status: http.StatusUnprocessableEntity, why: "The mail server does not take this address. Look for a slip in it."}
	case errors.Is(err, notice.ErrTooMany):
		return refused{status: http.StatusTooManyRequests, why: "No mail was sent: five a day are the limit. Try again tomorrow."}
	default:
		return refused{}
	}
}

// forgetAddress takes the owner's mail address away.
func (h *Handler) forgetAddress(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if !h.mails() {
		h.notFound(w, r)
		return
	}
	if err := h.Notices.Forget(r.Context(), c.ID); err != nil {
		h.fail(w, r, "forget the mail address of "+c.ID, err)
		return
	}
	redirect(w, http.StatusSeeOther, "/account#mail")
}
