package web

import "net/http"

type privacyView struct {
	frame
	// Mails says that owners can have mail from here.
	Mails   bool
	Contact contact
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) {
	_, err := h.signedIn(r)
	v := privacyView{frame: h.frame("Privacy"), Mails: h.mails(), Contact: contactOf(h.Contact)}
	v.SignedIn, v.Here = err == nil, "/privacy"
	h.render(w, r, http.StatusOK, parsed().privacy, v)
}
