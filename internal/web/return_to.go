package web

import (
	"net/http"
	"slices"
	"time"

	"latchkey/internal/login"
)

// returnPages are the pages to which a login brings back an owner who was turned away from one because
// she was not signed in.
var returnPages = []string{"/account", "/account/disconnect", "/account/erase"}

// rememberReturn remembers in the browser which page somebody wanted who is not signed in, for as long as a login
// may take. What does something is not done later by itself: she comes back to the page it belongs to.
func (h *Handler) rememberReturn(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Path
	if r.Method != http.MethodGet || !slices.Contains(returnPages, page) {
		page = returnPages[0]
	}
	h.setCookie(w, wantedCookie, page, login.RequestLife)
}

// returnTo is the page that this browser wanted; empty when it is none of ours to come back to.
func (h *Handler) returnTo(r *http.Request) string {
	page := h.cookie(r, wantedCookie)
	if !slices.Contains(returnPages, page) {
		return ""
	}
	return page
}

func (h *Handler) clearReturn(w http.ResponseWriter) {
	h.setCookie(w, wantedCookie, "", -time.Second)
}
