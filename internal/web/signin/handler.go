package signin

import (
	"embed"
	"net/http"

	"latchkey/internal/login"
	"latchkey/internal/middleware"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

//go:embed templates
var templates embed.FS

// Handler answers people on their way in and out. Its fields are set before Routes and not changed after it; all are
// required unless they say otherwise.
type Handler struct {
	*page.Kit
	Login *login.Flow
	// LoginRate is how many logins a client may start a minute; 0 is no limit.
	LoginRate int
	// Home is the front page of an owner who is signed in.
	Home func(http.ResponseWriter, *http.Request, store.Connection)
}

// Routes are those of this room.
func (h *Handler) Routes() []page.Route {
	limiter := &middleware.Limiter{PerMinute: h.LoginRate, Refused: h.tooManyLogins}
	limited := func(serve http.HandlerFunc) http.Handler { return limiter.Handler(serve) }
	return []page.Route{
		{Method: "GET", Path: "/{$}", Serve: h.front},
		{Method: "GET", Path: "/login", Serve: h.login(limited(h.startLogin))},
		{Method: "GET", Path: "/reconnect/{secret}/login", Serve: page.OneTime(h.login(limited(h.startLoginByLink)))},
		{Method: "GET", Path: "/auth", Serve: h.callback},
		{Method: "POST", Path: "/logout", Serve: h.signOut},
	}
}
