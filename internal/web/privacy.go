package web

import (
	"net/http"
	"time"
)

type privacyView struct {
	layout
	// Mails says that owners can have mail from here.
	Mails bool
	// RecordDays is for how many days the lines of a record are kept; 0 is until it is erased.
	RecordDays int
	Contact    operatorContact
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) {
	_, err := h.signedIn(r)
	v := privacyView{layout: h.layout("Privacy"), Mails: h.sendsMail(), RecordDays: int(h.KeepEvents / (24 * time.Hour)), Contact: operatorContactOf(h.Contact)}
	v.SignedIn, v.Here = err == nil, "/privacy"
	h.render(w, r, http.StatusOK, parsed().privacy, v)
}
