package owner

import (
	"net/http"

	"latchkey/internal/store"
)

// signOutEverywhere ends all sessions of the owner, this browser's too.
func (h *Handler) signOutEverywhere(w http.ResponseWriter, r *http.Request, c store.Connection) {
	if err := h.Sessions.EndAll(r.Context(), c.ID); err != nil {
		h.Fail(w, r, "end all sessions of "+c.ID, err)
		return
	}
	h.ClearSession(w)
	at := h.Reader(r)
	h.receipt(w, r, receiptView{
		Layout:     h.Layout(at.Text("signed_out.title")),
		Username:   c.Username,
		Everywhere: true,
		Connection: h.connectionView(at, c),
	})
}
