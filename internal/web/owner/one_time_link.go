package owner

import (
	"errors"
	"net/http"

	"latchkey/internal/store"
)

// linked finds what a one-time link for this purpose is about, and uses nothing up. A link that was
// used does only if evenUsed. Else it has answered, and is false.
func (h *Handler) linked(w http.ResponseWriter, r *http.Request, p store.Purpose, evenUsed bool) (store.Link, store.Connection, bool) {
	l, c, err := h.link(r, p, evenUsed)
	if err != nil {
		h.linkFailed(w, r, p, err)
	}
	return l, c, err == nil
}

func (h *Handler) link(r *http.Request, p store.Purpose, evenUsed bool) (l store.Link, c store.Connection, err error) {
	if h.Notices == nil {
		return l, c, store.ErrNotFound
	}
	l, err = h.Notices.Look(r.Context(), r.PathValue("secret"), p)
	if err == nil || evenUsed && errors.Is(err, store.ErrTaken) {
		c, err = h.Store.Connection(r.Context(), l.ConnectionID)
	}
	return l, c, err
}

// linkFailed answers for a one-time link that does not do, or that could not be looked up.
func (h *Handler) linkFailed(w http.ResponseWriter, r *http.Request, p store.Purpose, err error) {
	for reason, e := range linkErrors[p] {
		if errors.Is(err, reason) {
			h.Error(w, r, e)
			return
		}
	}
	h.Fail(w, r, "look up a link for "+string(p), err)
}
