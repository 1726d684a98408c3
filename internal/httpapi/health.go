package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"latchkey/internal/store"
)

// readyWithin bounds how long a readiness check waits for the store.
const readyWithin = 2 * time.Second

// Handler answers software.
type Handler struct {
	// Ping asks the store for an answer.
	Ping func(context.Context) error
	// CheckWrite says whether the store takes writes, as health.Monitor does.
	CheckWrite func(context.Context) error
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

// ready says whether the store takes writes too. Anybody may ask, so that it says of a failure what can
// be said to anybody.
func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	err := h.Ping(ctx)
	if err == nil {
		err = h.CheckWrite(ctx)
	}
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, notReady(err))
		return
	}
	io.WriteString(w, "ready\n")
}

func notReady(err error) string {
	switch {
	case errors.Is(err, store.ErrFull):
		return "the store takes no writes: there is no room left for it; make room on its disk\n"
	case errors.Is(err, store.ErrReadOnly):
		return "the store takes no writes: it may only be read; let the server write it\n"
	case errors.Is(err, store.ErrDamaged):
		return "the store takes no writes: it is damaged; put a backup in its place\n"
	case errors.Is(err, store.ErrBusy):
		return "the store takes no writes: another program keeps it to itself; end that program\n"
	}
	return "the store does not answer\n"
}
