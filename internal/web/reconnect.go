package web

import (
	"net/http"
	"net/url"

	"latchkey/internal/store"
)

// reconnectView is the page behind a reconnect link.
type reconnectView struct {
	frame
	Username   string
	Connection connectionView
	// Until is when the link ends.
	Until moment
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
		frame:      h.frame("Connect again"),
		Username:   c.Username,
		Connection: h.connectionView(at, c),
		Until:      at.moment(l.ExpiresAt),
		Login:      "/reconnect/" + url.PathEscape(r.PathValue("secret")) + "/login",
	})
}

// startThrough begins a login through a reconnect link and redirects to Instagram.
func (h *Handler) startThrough(w http.ResponseWriter, r *http.Request) {
	started, err := h.Login.BeginThrough(r.Context(), h.cookie(r, bindingCookie), r.PathValue("secret"))
	h.started(w, r, started, err)
}
