package web

import "net/http"

type privacyView struct {
	frame
	Contact contact
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) {
	_, err := h.signedIn(r)
	h.render(w, r, http.StatusOK, parsed().privacy, privacyView{
		frame: frame{Title: "Privacy", SignedIn: err == nil}, Contact: contactOf(h.Contact),
	})
}
