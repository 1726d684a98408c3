package web

import (
	"errors"
	"net/http"

	"latchkey/internal/store"
)

// oneTime is for pages whose address holds the secret of a one-time link: no page that they lead to
// and no log on the way gets it as a referrer, and no search engine keeps it.
func oneTime(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		shortReferrer(w)
		w.Header().Set("X-Robots-Tag", "noindex")
		serve(w, r)
	}
}

// shortReferrer makes a browser name a page by its origin alone when it asks for the next. Even to
// this server: a proxy before it may log what it gets.
func shortReferrer(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "origin") }

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
	for reason, t := range linkErrors[p] {
		if errors.Is(err, reason) {
			h.renderError(w, r, t, "")
			return
		}
	}
	h.fail(w, r, "look up a link for "+string(p), err)
}
