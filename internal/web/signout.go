package web

import (
	"net/http"

	"latchkey/internal/store"
)

// signOut ends the session of this browser.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) {
	if secret := h.cookie(r, sessionCookie); secret != "" {
		if err := h.Sessions.End(r.Context(), secret); err != nil {
			h.fail(w, r, "end a session", err)
			return
		}
		h.clearSession(w)
	}
	redirect(w, http.StatusSeeOther, "/")
}

// signOutEverywhere ends all sessions of the owner, this browser's too.
func (h *Handler) signOutEverywhere(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if err := h.Sessions.EndAll(r.Context(), c.ID); err != nil {
		h.fail(w, r, "end all sessions of "+c.ID, err)
		return
	}
	h.clearSession(w)
	h.receipt(w, r, receiptView{
		layout:     h.layout("Signed out everywhere"),
		Username:   c.Username,
		Everywhere: true,
		Connection: h.connectionView(h.reader(r), c),
	})
}
