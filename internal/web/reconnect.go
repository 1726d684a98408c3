package web

import (
	"net/http"
	"net/url"

	"latchkey/internal/store"
)

// reconnectView is the page behind a reconnect link.
type reconnectView struct {
	layout
	Username   string
	Connection connectionView
	// Until is when the link ends.
	Until dateTime
	// Login is where the button leads.
	Login string
}

// reconnect shows what a reconnect link is for. It begins nothing: programs open links, too.
func (h *Handler) reconnect(w http.ResponseWriter, r *http.Request) {
	l, c, ok := h.linked(w, r, store.LinkReconnect, false)
	if !ok {
		return
	}
	at := h.reader(r)
	h.render(w, r, http.StatusOK, parsed().reconnect, reconnectView{
		layout:     h.layout("Connect again"),
		Username:   c.Username,
		Connection: h.connectionView(at, c),
		Until:      at.dateTime(l.ExpiresAt),
		Login:      "/reconnect/" + url.PathEscape(r.PathValue("secret")) + "/login",
	})
}

// startLoginByLink begins a login through a reconnect link and redirects to Instagram.
func (h *Handler) startLoginByLink(w http.ResponseWriter, r *http.Request) {
	started, err := h.Login.BeginThrough(r.Context(), h.cookie(r, bindingCookie), r.PathValue("secret"))
	h.redirectToInstagram(w, r, started, err)
}
