package web

import (
	"errors"
	"fmt"
	"net/http"

	"latchkey/internal/session"
	"latchkey/internal/store"
)

// signedIn returns the connection of the owner whose browser sent the request. When nobody is
// signed in, it is store.ErrNotFound.
func (h *Handler) signedIn(r *http.Request) (store.Connection, error) {
	secret := h.cookie(r, sessionCookie)
	if secret == "" {
		return store.Connection{}, fmt.Errorf("no session cookie: %w", store.ErrNotFound)
	}
	s, err := h.Sessions.Find(r.Context(), secret)
	if err != nil {
		return store.Connection{}, err
	}
	return h.Store.Connection(r.Context(), s.ConnectionID)
}

// requireOwner serves a page for an owner who is signed in, about her connection. Everybody else goes home, where the
// button is, and comes back after a login.
func (h *Handler) requireOwner(serve func(http.ResponseWriter, *http.Request, store.Connection)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := h.signedIn(r)
		switch {
		case err == nil:
			serve(w, r, c)
		case errors.Is(err, store.ErrNotFound):
			h.clearGoneSession(w, r, err)
			h.rememberReturn(w, r)
			redirect(w, http.StatusSeeOther, "/")
		default:
			h.fail(w, r, "find who is signed in", err)
		}
	}
}

// clearGoneSession clears the cookie of a session that is gone. One that is only over by our clock keeps it: where the
// clock was wrong, its owner is signed in again once it is put right.
func (h *Handler) clearGoneSession(w http.ResponseWriter, r *http.Request, gone error) {
	if h.cookie(r, sessionCookie) != "" && !errors.Is(gone, session.ErrOver) {
		h.clearSession(w)
	}
}
