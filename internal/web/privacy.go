package web

import "net/http"

type privacyView struct {
	layout
	// Mails says that owners can have mail from here.
	Mails   bool
	Contact operatorContact
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) {
	_, err := h.signedIn(r)
	v := privacyView{layout: h.layout("Privacy"), Mails: h.sendsMail(), Contact: operatorContactOf(h.Contact)}
	v.SignedIn, v.Here = err == nil, "/privacy"
	h.render(w, r, http.StatusOK, parsed().privacy, v)
}
