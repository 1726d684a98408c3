package middleware

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// Stack is everything that stands around every request.
type Stack struct {
	// Proxies says whom a request came from. Required.
	Proxies *Proxies
	// Log takes what goes wrong, and the request log unless Combined does. It gets the context of
	// the request, and adds the id from there (see [RequestID]), as it does to the lines of others.
	// Required.
	Log *slog.Logger
	// Combined takes the request log in the Apache form that morgan prints, in one Write a request,
	// never two at once; nil means that it goes to Log.
	Combined io.Writer
	// PublicURL is the origin that browsers see, such as "https://latchkey.example".
	PublicURL string
	// Panicked writes the page of a request whose handler panicked, status included. Required.
	Panicked http.HandlerFunc
	// CrossOrigin writes the page of a request that another site made a browser send, status
	// included. Required.
	CrossOrigin http.HandlerFunc
}

// Handler returns next with the stack around it. An error means that PublicURL is no origin.
//
// Whatever stands between it and the [http.ServeMux] must pass on the same *http.Request, for the
// mux leaves the pattern of the route there, and the request log knows a request by that alone.
func (s Stack) Handler(next http.Handler) (http.Handler, error) {
	h := &handler{
		proxies: s.Proxies, log: s.Log,
		panicked: s.Panicked, crossOrigin: s.CrossOrigin,
		protection: http.NewCrossOriginProtection(),
		headers:    pageHeaders(strings.HasPrefix(s.PublicURL, "https://")),
		next:       next,
	}
	if err := h.protection.AddTrustedOrigin(s.PublicURL); err != nil {
		return nil, fmt.Errorf("middleware: public URL: %w", err)
	}
	h.record = logAccess(s.Log)
	if s.Combined != nil {
		h.record = logCombined(s.Combined)
	}
	return h, nil
}

// handler is a Stack at work.
type handler struct {
	proxies               *Proxies
	log                   *slog.Logger
	record                func(*exchange)
	panicked, crossOrigin http.HandlerFunc
	protection            *http.CrossOriginProtection
	headers               []header
	next                  http.Handler
}

// exchange is one request and what was answered, as the request log tells it.
type exchange struct {
	start  time.Time
	id     string
	client netip.Addr
	// r is the request as it was passed on: the one on which the mux leaves its pattern.
	r *http.Request
	w response
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{
		start:  time.Now(),
		id:     newRequestID(),
		client: h.proxies.Client(r),
		r:      r,
		w:      response{ResponseWriter: w},
	}
	ctx, ended := x.trace(r.Context())
	defer ended()
	x.r = r.WithContext(withRequestInfo(ctx, &requestInfo{id: x.id, client: x.client}))
	defer h.record(x)
	h.setHeaders(x)
	h.recoverPanics(x)
	x.w.begin() // as net/http does for a handler that wrote nothing
}

// pass sends the request on, unless another site made a browser send it.
func (h *handler) pass(x *exchange) {
	if err := h.protection.Check(x.r); err != nil {
		// An operator whose proxy hides the host finds the two addresses to compare here.
		h.log.WarnContext(x.r.Context(), "refused a request that another site made a browser send",
			"origin", cut(x.r.Header.Get("Origin"), maxHost), "host", cut(x.r.Host, maxHost))
		h.crossOrigin(&x.w, x.r)
		return
	}
	h.next.ServeHTTP(&x.w, x.r)
}
