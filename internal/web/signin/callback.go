package signin

import (
	"errors"
	"net/http"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/page"
)

// callback finishes the login with which a browser comes back from Instagram, and signs it in.
func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	if isPrefetch(r) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if word, ok := askedAgain(r.URL.RawQuery); ok {
		h.again(w, r, word)
		return
	}
	cb, err := login.ParseCallback(r.URL.RawQuery)
	if err != nil {
		h.refuse(w, r, "", instagram.Secret{}, &login.Refusal{Kind: login.BadCallback})
		return
	}
	secret, begins := h.Sessions.New()
	if _, err := h.Login.Finish(r.Context(), cb, h.Cookie(r, bindingCookie), begins); err != nil {
		h.unfinished(w, r, cb.State, err)
		return
	}
	// The session from before the login ends, whoever's it was: its secret is worth nothing after it.
	if err := h.Sessions.End(r.Context(), h.SessionSecret(r)); err != nil {
		h.Fail(w, r, "end the session from before a login", err)
		return
	}
	h.SetSession(w, secret)
	page.Redirect(w, http.StatusSeeOther, "/")
}

// again shows the page that answered a callback, under its own address.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, word string) {
	p, ok := h.pageOf(r, word)
	if !ok {
		h.NotFound(w, r)
		return
	}
	h.Error(w, r, p)
}

// unfinished answers for a login that did not end in a connection. A callback that came before is
// answered as it was when it was refused, and else goes home when its browser is signed in, or will be
// in a moment.
func (h *Handler) unfinished(w http.ResponseWriter, r *http.Request, state instagram.Secret, err error) {
	if refusal, ok := errors.AsType[*login.Refusal](err); ok {
		if p, ok := h.remembered(r, state); ok {
			h.Error(w, r, p)
			return
		}
		if h.goesHome(r, refusal.Kind) {
			page.Redirect(w, http.StatusSeeOther, "/")
			return
		}
	}
	h.refuse(w, r, "finish a login", state, err)
}

func (h *Handler) goesHome(r *http.Request, k login.Kind) bool {
	if k != login.StateUsed {
		return k == login.InProgress
	}
	return h.Knows(r)
}
