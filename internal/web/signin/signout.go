package signin

import (
	"net/http"

	"latchkey/internal/page"
)

// signOut ends the session of this browser.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) {
	if secret := h.SessionSecret(r); secret != "" {
		if err := h.Sessions.End(r.Context(), secret); err != nil {
			h.Fail(w, r, "end a session", err)
			return
		}
		h.ClearSession(w)
	}
	page.Redirect(w, http.StatusSeeOther, "/")
}
