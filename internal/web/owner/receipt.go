package owner

import (
	"net/http"

	"latchkey/internal/page"
)

// receiptView says what was done for somebody who is no longer signed in.
type receiptView struct {
	page.Layout
	Username string
	// Everywhere is for a sign-out everywhere; else everything was erased.
	Everywhere bool
	// Connection is where it stands after a sign-out everywhere.
	Connection connectionView
	ErasedAt   page.DateTime
	// Mails says that a mail address may have been among it.
	Mails   bool
	Contact page.OperatorContact
}

func (h *Handler) receipt(w http.ResponseWriter, r *http.Request, v receiptView) {
	v.Contact = page.ContactOf(h.Contact)
	page.Render(h.Kit, w, r, http.StatusOK, receiptPage, v)
}
