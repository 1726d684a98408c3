package web

import (
	"net/http"
	"slices"
	"time"

	"latchkey/internal/login"
)

// wantedPages are the pages to which a login brings back an owner who was turned away from one because
// she was not signed in.
var wantedPages = []string{"/account", "/account/disconnect", "/account/erase"}

// want remembers in the browser which page somebody wanted who is not signed in, for as long as a login
// may take. What does something is not done later by itself: she comes back to the page it belongs to.
func (h *Handler) want(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Path
	if r.Method != http.MethodGet || !slices.Contains(wantedPages, page) {
		page = wantedPages[0]
	}
	h.setCookie(w, wantedCookie, page, login.RequestLife)
}

// wanted is the page that this browser wanted; empty when it is none of ours to come back to.
func (h *Handler) wanted(r *http.Request) string {
	page := h.cookie(r, wantedCookie)
	if !slices.Contains(wantedPages, page) {
		return ""
	}
	return page
}

func (h *Handler) clearWanted(w http.ResponseWriter) {
	h.setCookie(w, wantedCookie, "", -time.Second)
}
