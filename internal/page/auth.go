package page

import (
	"errors"
	"fmt"
	"net/http"

	"latchkey/internal/session"
	"latchkey/internal/store"
)

// SignedIn returns the connection of the owner whose browser sent the request. When nobody is
// signed in, it is store.ErrNotFound.
func (k *Kit) SignedIn(r *http.Request) (store.Connection, error) {
	secret := k.SessionSecret(r)
	if secret == "" {
		return store.Connection{}, fmt.Errorf("no session cookie: %w", store.ErrNotFound)
	}
	_, c, err := k.Sessions.Find(r.Context(), secret)
	return c, err
}

// RequireOwner serves a page for an owner who is signed in, about her connection. Everybody else goes home, where the
// button is, and comes back after a login.
func (k *Kit) RequireOwner(serve func(http.ResponseWriter, *http.Request, store.Connection)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := k.SignedIn(r)
		switch {
		case err == nil:
			serve(w, r, c)
		case errors.Is(err, store.ErrNotFound):
			k.ClearGoneSession(w, r, err)
			k.rememberReturn(w, r)
			Redirect(w, http.StatusSeeOther, "/")
		default:
			k.Fail(w, r, "find who is signed in", err)
		}
	}
}

// ClearGoneSession clears the cookie of a session that is gone. One that is only over by our clock keeps it: where the
// clock was wrong, its owner is signed in again once it is put right.
func (k *Kit) ClearGoneSession(w http.ResponseWriter, r *http.Request, gone error) {
	if k.SessionSecret(r) != "" && !errors.Is(gone, session.ErrOver) {
		k.ClearSession(w)
	}
}
