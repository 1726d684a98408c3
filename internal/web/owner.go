package web

import (
	"errors"
	"fmt"
	"net/http"

	"latchkey/internal/store"
)

// owner is the person who is signed in.
type owner struct {
	// secret is the value of the session's cookie.
	secret     string
	connection store.Connection
}

// visitor finds out who is signed in. Nobody is store.ErrNotFound.
func (h *Handler) visitor(r *http.Request) (owner, error) {
	secret := h.cookie(r, sessionCookie)
	if secret == "" {
		return owner{}, fmt.Errorf("no session cookie: %w", store.ErrNotFound)
	}
	s, err := h.Sessions.Find(r.Context(), secret)
	if err != nil {
		return owner{}, err
	}
	c, err := h.Store.Connection(r.Context(), s.ConnectionID)
	if err != nil {
		return owner{}, err
	}
	return owner{secret: secret, connection: c}, nil
}

// owned serves a page for the owner alone. Everybody else goes home, where the button is.
func (h *Handler) owned(serve func(http.ResponseWriter, *http.Request, owner)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		o, err := h.visitor(r)
		switch {
		case err == nil:
			serve(w, r, o)
		case errors.Is(err, store.ErrNotFound):
			h.forget(w, r)
			redirect(w, http.StatusSeeOther, "/")
		default:
			h.fail(w, r, "find who is signed in", err)
		}
	}
}

// forget clears the cookie of a session that is over.
func (h *Handler) forget(w http.ResponseWriter, r *http.Request) {
	if h.cookie(r, sessionCookie) != "" {
		h.clearSession(w)
	}
}
