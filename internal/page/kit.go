package page

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/internal/session"
	"latchkey/internal/store"
)

// Store is what the kit reads.
type Store interface {
	// Connection returns a connection, or store.ErrNotFound.
	Connection(ctx context.Context, id string) (store.Connection, error)
	// Ping tells a store that is away from a failure of ours.
	Ping(ctx context.Context) error
}

// Kit is what all pages of a server share. Its fields are set before Mount and not changed after it; all are required
// unless they say otherwise.
type Kit struct {
	Sessions *session.Sessions
	Store    Store
	// PublicURL is the origin that browsers see, without a path or a last slash. Its scheme decides
	// on the cookies.
	PublicURL string
	// Service is how owners know this service; empty is Latchkey. Purpose is a sentence of its
	// operator's that says what it is for; empty shows nothing.
	Service, Purpose string
	// Contact is how to reach whoever runs this server: a mail address, an https address or plain
	// words. Empty shows nothing.
	Contact string
	// Now is the domain's clock, by which connections end.
	Now func() time.Time
	// RequestID names a request as the log does; empty is none.
	RequestID func(context.Context) string
	Log       *slog.Logger
}

// Route is an address and who answers it.
type Route struct {
	Method, Path string
	Serve        http.HandlerFunc
}

// Mount registers the routes of all rooms on the mux, those of the kit, and a page for whatever no route wants.
func (k *Kit) Mount(mux *http.ServeMux, rooms ...[]Route) {
	methods := make(map[string][]string)
	for _, r := range slices.Concat(append(rooms, k.routes())...) {
		mux.HandleFunc(r.Method+" "+r.Path, r.Serve)
		methods[r.Path] = append(methods[r.Path], r.Method)
	}
	for path, allowed := range methods {
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead) // as the mux has it
		}
		mux.HandleFunc(path, k.methodNotAllowed(strings.Join(allowed, ", ")))
	}
	mux.HandleFunc("/", k.NotFound)
}

func (k *Kit) routes() []Route {
	return []Route{
		// Pages are never compressed: they may hold what must not be guessed from a length.
		{"GET", "/static/{file}", compressed(k.asset)},
		{"GET", "/favicon.ico", k.favicon},
		{"GET", "/robots.txt", k.robots},
		{"GET", "/.well-known/security.txt", k.security},
	}
}

// Redirect answers without a body: the one of http.Redirect repeats the address, and some
// addresses hold a state.
func Redirect(w http.ResponseWriter, status int, address string) {
	w.Header().Set("Location", address)
	w.WriteHeader(status)
}

// ShortReferrer makes a browser name a page by its origin alone when it asks for the next. Even to
// this server: a proxy before it may log what it gets.
func ShortReferrer(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "origin") }

// OneTime is for pages whose address holds the secret of a one-time link: no page that they lead to
// and no log on the way gets it as a referrer, and no search engine keeps it.
func OneTime(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ShortReferrer(w)
		w.Header().Set("X-Robots-Tag", "noindex")
		serve(w, r)
	}
}
