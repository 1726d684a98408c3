package owner

import (
	"net/http"

	"latchkey/internal/page"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// confirmView asks the owner whether she means it.
type confirmView struct {
	page.Layout
	Username string
	// Mails says that she may have given a mail address.
	Mails bool
}

func (h *Handler) confirmDisconnect(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if c.Status == store.StatusDisconnected {
		page.Redirect(w, http.StatusSeeOther, "/account")
		return
	}
	page.Render(h.Kit, w, r, http.StatusOK, disconnectPage, confirmView{
		Layout: h.OwnerLayout(h.Language(r).Text("disconnect.title"), ""), Username: c.Username, Mails: h.sendsMail(),
	})
}

// disconnect destroys the owner's token. The rest of what is kept stays, and so does her session.
func (h *Handler) disconnect(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if _, err := h.Vault.Disconnect(r.Context(), vault.CallerOwner, c.ID); err != nil {
		h.Fail(w, r, "disconnect "+c.ID, err)
		return
	}
	page.Redirect(w, http.StatusSeeOther, "/account")
}
