package owner

import (
	"errors"
	"net/http"

	"latchkey/internal/page"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

func (h *Handler) confirmErase(w http.ResponseWriter, r *http.Request, c store.Connection) {
	page.Render(h.Kit, w, r, http.StatusOK, erasePage, confirmView{
		Layout: h.OwnerLayout(h.Language(r).Text("erase.title"), ""), Username: c.Username, Mails: h.sendsMail(),
	})
}

// erase removes everything of the owner's. The receipt is the answer itself: an address of its own
// could be opened by anybody, and would prove nothing.
func (h *Handler) erase(w http.ResponseWriter, r *http.Request, c store.Connection) {
	err := h.Vault.Erase(r.Context(), vault.CallerOwner, c.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		h.Fail(w, r, "erase "+c.ID, err)
		return
	}
	h.ClearSession(w)
	at := h.Reader(r)
	h.receipt(w, r, receiptView{
		Layout:   h.Layout(at.Text("erased.title")),
		Username: c.Username,
		ErasedAt: at.Dated(at.Now),
		Mails:    h.sendsMail(),
	})
}
