package web

import (
	"net/http"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// confirmView asks the owner whether she means it.
type confirmView struct {
	layout
	Username string
	// Mails says that she may have given a mail address.
	Mails bool
}

func (h *Handler) confirmDisconnect(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if c.Status == store.StatusDisconnected {
		redirect(w, http.StatusSeeOther, "/account")
		return
	}
	h.render(w, r, http.StatusOK, parsed().disconnect, confirmView{
		layout: h.ownerLayout("Disconnect", ""), Username: c.Username, Mails: h.sendsMail(),
	})
}

// disconnect destroys the owner's token. The rest of what is kept stays, and so does her session.
func (h *Handler) disconnect(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if _, err := h.Vault.Disconnect(r.Context(), vault.CallerOwner, c.ID); err != nil {
		h.fail(w, r, "disconnect "+c.ID, err)
		return
	}
	redirect(w, http.StatusSeeOther, "/account")
}
