package web

import (
	"errors"
	"net/http"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

func (h *Handler) confirmErase(w http.ResponseWriter, r *http.Request, c store.Connection) {
	h.render(w, r, http.StatusOK, parsed().erase, confirmView{
		layout: h.ownerLayout("Erase everything", ""), Username: c.Username, Mails: h.sendsMail(),
	})
}

// erase removes everything of the owner's. The receipt is the answer itself: an address of its own
// could be opened by anybody, and would prove nothing.
func (h *Handler) erase(w http.ResponseWriter, r *http.Request, c store.Connection) {
	err := h.Vault.Erase(r.Context(), vault.CallerOwner, c.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		h.fail(w, r, "erase "+c.ID, err)
		return
	}
	h.clearSession(w)
	h.receipt(w, r, receiptView{
		layout:   h.layout("Erased"),
		Username: c.Username,
		ErasedAt: h.reader(r).dated(h.Now()),
		Mails:    h.sendsMail(),
	})
}
