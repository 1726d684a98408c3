package signin

import (
	"errors"
	"net/http"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// welcomeView is the login button.
type welcomeView struct {
	page.Layout
	// Wanted says that somebody wanted a page for which one has to be signed in.
	Wanted bool
}

var welcomePage = page.New[welcomeView](page.NewSet(templates), "welcome")

// front is the login button, or the owner's page when she is signed in. One who was turned away before
// from another page of hers goes on there.
func (h *Handler) front(w http.ResponseWriter, r *http.Request) {
	c, err := h.SignedIn(r)
	wanted := h.ReturnTo(r)
	switch {
	case err == nil && wanted != "":
		h.ClearReturn(w)
		page.Redirect(w, http.StatusSeeOther, wanted)
	case err == nil:
		h.Home(w, r, c)
	case errors.Is(err, store.ErrNotFound):
		h.ClearGoneSession(w, r, err)
		v := welcomeView{Layout: h.Layout(h.Language(r).Text("welcome.title")), Wanted: wanted != ""}
		v.Here = "/"
		page.Render(h.Kit, w, r, http.StatusOK, welcomePage, v)
	default:
		h.Fail(w, r, "find who is signed in", err)
	}
}
