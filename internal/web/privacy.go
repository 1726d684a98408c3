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
	h.render(w, r, http.StatusOK, parsed().privacy, privacyView{
		frame: frame{Title: "Privacy", SignedIn: err == nil}, Mails: h.mails(), Contact: contactOf(h.Contact),
	})
}
