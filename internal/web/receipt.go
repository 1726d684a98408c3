package web

import "net/http"

// receiptView says what was done for somebody who is no longer signed in.
type receiptView struct {
	layout
	Username string
	// Everywhere is for a sign-out everywhere; else everything was erased.
	Everywhere bool
	// Connection is where it stands after a sign-out everywhere.
	Connection connectionView
	ErasedAt   dateTime
	// Mails says that a mail address may have been among it.
	Mails   bool
	Contact operatorContact
}

func (h *Handler) receipt(w http.ResponseWriter, r *http.Request, v receiptView) {
	v.Contact = operatorContactOf(h.Contact)
	h.render(w, r, http.StatusOK, parsed().receipt, v)
}
