package web

import (
	"errors"
	"net/http"

	"latchkey/internal/login"
)

// callback finishes the login with which a browser comes back from Instagram, and signs it in.
func (h *Handler) callback(w http.ResponseWriter, r *http.Request) {
	if onlyLooks(r) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	cb, err := login.ParseCallback(r.URL.RawQuery)
	if err != nil {
		h.refuse(w, r, "", &login.Refusal{Kind: login.BadCallback})
		return
	}
	c, err := h.Login.Finish(r.Context(), cb, h.cookie(r, bindingCookie))
	if err != nil {
		h.unfinished(w, r, err)
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

// unfinished answers for a login that did not end in a connection. A callback that came before goes
// home when its browser is signed in, or will be in a moment.
func (h *Handler) unfinished(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := errors.AsType[*login.Refusal](err)
	if ok && h.goesHome(r, refusal.Kind) {
		redirect(w, http.StatusSeeOther, "/")
		return
	}
	h.refuse(w, r, "finish a login", err)
}

func (h *Handler) goesHome(r *http.Request, k login.Kind) bool {
	if k != login.StateUsed {
		return k == login.InProgress
	}
	_, err := h.signedIn(r)
	return err == nil
}
