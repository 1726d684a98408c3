package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/internal/login"
	"latchkey/internal/middleware"
	"latchkey/internal/notice"
	"latchkey/internal/picture"
	"latchkey/internal/session"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// Store is what the pages read.
type Store interface {
	// Connection returns a connection, or store.ErrNotFound.
	Connection(ctx context.Context, id string) (store.Connection, error)
	// Events returns the newest events of a connection.
	Events(ctx context.Context, connectionID string, limit int) ([]store.Event, error)
	// Ping tells a store that is away from a failure of ours.
	Ping(ctx context.Context) error
}

// Handler answers people. Its fields are set before Mount and not changed after it; all are
// required unless they say otherwise.
type Handler struct {
	Login    *login.Flow
	Sessions *session.Sessions
	Vault    *vault.Vault
	Store    Store
	Pictures *picture.Fetcher
	// Notices sends owners mail and knows their one-time links; nil when there is neither.
	Notices *notice.Notifier
	// PublicURL is the origin that browsers see, without a path or a last slash. Its scheme decides
	// on the cookies.
	PublicURL string
	// Service is how owners know this service; empty is Latchkey. Purpose is a sentence of its
	// operator's that says what it is for; empty shows nothing.
	Service, Purpose string
	// Contact is how to reach whoever runs this server: a mail address, an https address or plain
	// words. Empty shows nothing.
	Contact string
	// LoginRate is how many logins a client may start a minute; 0 is no limit.
	LoginRate int
	// KeepEvents is how long the lines of a record are kept; 0 is until it is erased.
	KeepEvents time.Duration
	// Now is the domain's clock, by which connections end.
	Now func() time.Time
	Log *slog.Logger
}

type route struct {
	method, path string
	serve        http.HandlerFunc
}

func (h *Handler) routes() []route {
	limiter := &middleware.Limiter{PerMinute: h.LoginRate, Refused: h.tooManyLogins}
	limited := func(serve http.HandlerFunc) http.Handler { return limiter.Handler(serve) }
	return []route{
		{"GET", "/{$}", h.home},
		{"GET", "/login", h.login(limited(h.startLogin))},
		{"GET", "/auth", h.callback},
		{"POST", "/logout", h.signOut},
		{"GET", "/account", h.requireOwner(h.account)},
		{"POST", "/account/signout-everywhere", h.requireOwner(h.signOutEverywhere)},
		{"GET", "/account/disconnect", h.requireOwner(h.confirmDisconnect)},
		{"POST", "/account/disconnect", h.requireOwner(h.disconnect)},
		{"GET", "/account/erase", h.requireOwner(h.confirmErase)},
		{"POST", "/account/erase", h.requireOwner(h.erase)},
		{"POST", "/account/mail", h.requireOwner(h.giveAddress)},
		{"POST", "/account/mail/forget", h.requireOwner(h.forgetAddress)},
		{"POST", "/account/zone", h.requireOwner(h.chooseZone)},
		{"GET", "/reconnect/{secret}", oneTime(h.reconnect)},
		{"GET", "/reconnect/{secret}/login", oneTime(h.login(limited(h.startLoginByLink)))},
		{"GET", "/mail/confirm/{secret}", oneTime(h.askConfirm)},
		{"POST", "/mail/confirm/{secret}", oneTime(h.confirm)},
		{"GET", "/mail/stop/{secret}", oneTime(h.askStop)},
		{"POST", "/mail/stop/{secret}", oneTime(h.stop)},
		{"GET", "/picture", h.picture},
		{"GET", "/privacy", h.privacy},
		// Pages are never compressed: they may hold what must not be guessed from a length.
		{"GET", "/static/{file}", compressed(h.asset)},
		{"GET", "/favicon.ico", h.favicon},
		{"GET", "/robots.txt", h.robots},
		{"GET", "/.well-known/security.txt", h.security},
	}
}

// Mount registers every route for people on the mux, and a page for whatever no route wants. It
// panics when a template is broken.
func (h *Handler) Mount(mux *http.ServeMux) {
	parsed()
	methods := make(map[string][]string)
	for _, r := range h.routes() {
		mux.HandleFunc(r.method+" "+r.path, r.serve)
		methods[r.path] = append(methods[r.path], r.method)
	}
	for path, allowed := range methods {
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead) // as the mux has it
		}
		mux.HandleFunc(path, h.methodNotAllowedFor(strings.Join(allowed, ", ")))
	}
	mux.HandleFunc("/", h.notFound)
}
