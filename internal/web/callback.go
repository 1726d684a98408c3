package web

import (
	"errors"
	"net/http"

	"latchkey/instagram"
	"latchkey/internal/login"
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
	c, err := h.Login.Finish(r.Context(), cb, h.cookie(r, bindingCookie))
	if err != nil {
		h.unfinished(w, r, cb.State, err)
		return
	}
	secret, err := h.Sessions.Start(r.Context(), c.ID, h.cookie(r, sessionCookie))
	if err != nil {
		h.fail(w, r, "start a session", err)
		return
	}
	h.setSession(w, secret)
	redirect(w, http.StatusSeeOther, "/")
}

// again shows the page that answered a callback, under its own address.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, word string) {
	t, ok := h.pageOf(r, word)
	if !ok {
		t = pageNotFound
	}
	h.renderError(w, r, t, "")
}

// unfinished answers for a login that did not end in a connection. A callback that came before is
// answered as it was when it was refused, and else goes home when its browser is signed in, or will be
// in a moment.
func (h *Handler) unfinished(w http.ResponseWriter, r *http.Request, state instagram.Secret, err error) {
	if refusal, ok := errors.AsType[*login.Refusal](err); ok {
		if t, ok := h.remembered(r, state); ok {
			h.renderError(w, r, t, "")
			return
		}
		if h.goesHome(r, refusal.Kind) {
			redirect(w, http.StatusSeeOther, "/")
			return
		}
	}
	h.refuse(w, r, "finish a login", state, err)
}

func (h *Handler) goesHome(r *http.Request, k login.Kind) bool {
	if k != login.StateUsed {
		return k == login.InProgress
	}
	return h.knows(r)
}
