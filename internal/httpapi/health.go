package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"
)

// readyWithin bounds how long a readiness check waits for the store.
const readyWithin = 2 * time.Second

// Handler answers software.
type Handler struct {
	// Ping asks the store for an answer.
	Ping func(context.Context) error
}

// Mount registers the routes.
func (h *Handler) Mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", h.health)
	mux.HandleFunc("GET /readyz", h.ready)
	// The mux knows by itself what else to answer, but not beside a page for whatever no route wants.
	mux.HandleFunc("/healthz", onlyGet)
	mux.HandleFunc("/readyz", onlyGet)
}

// onlyGet refuses the methods that a route does not have.
func onlyGet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
}

// health says that the process answers.
func (h *Handler) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "ok\n")
}

// ready says whether the store answers too, and not why it does not: anybody may ask.
func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if h.Ping(ctx) != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, "the store does not answer\n")
		return
	}
	io.WriteString(w, "ready\n")
}
