package owner

import (
	"net/http"
	"net/url"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// reconnectView is the page behind a reconnect link.
type reconnectView struct {
	page.Layout
	Username   string
	Connection connectionView
	// Until is when the link ends.
	Until page.DateTime
	// Login is where the button leads.
	Login string
}

// reconnect shows what a reconnect link is for. It begins nothing: programs open links, too.
func (h *Handler) reconnect(w http.ResponseWriter, r *http.Request) {
	l, c, ok := h.linked(w, r, store.LinkReconnect, false)
	if !ok {
		return
	}
	at := h.Reader(r)
	page.Render(h.Kit, w, r, http.StatusOK, reconnectPage, reconnectView{
		Layout:     h.Layout(at.Text("again.title")),
		Username:   c.Username,
		Connection: h.connectionView(at, c),
		Until:      at.DateTime(l.ExpiresAt),
		Login:      "/reconnect/" + url.PathEscape(r.PathValue("secret")) + "/login",
	})
}
