package igsim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// answer is what will be sent; making it touches no network.
type answer struct {
	status int
	header map[string]string
	// body is sent as JSON. A page is rendered instead if there is one.
	body any
	page page

	fault bool
	empty bool
	half  bool
	cut   bool
	wait  time.Duration
}

// page is a template and what it shows.
type page struct {
	template string
	view     any
	// formAction are the origins besides our own to which a form of the page may lead.
	formAction string
}

// deliver sends the answer.
func (a answer) deliver(w http.ResponseWriter, r *http.Request) {
	if a.wait > 0 {
		t := time.NewTimer(a.wait)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
		}
	}
	if a.cut {
		cutOff(w)
		return
	}
	body, kind := a.render()
	if a.half {
		body = body[:len(body)/2]
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	if a.page.template != "" {
		guard(h, a.page.formAction)
	}
	for name, value := range a.header {
		h.Set(name, value)
	}
	w.WriteHeader(a.status)
	w.Write(body) // a client that is gone is its own affair
}

// cutOff ends the connection within the headers of an answer. Had the client read nothing at
// all, it might take the connection for an idle one that was closed, and repeat the call unseen.
// Where there is no connection to take over, it panics with http.ErrAbortHandler.
func cutOff(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nConnection: close\r\n"))
	_ = conn.Close()
}

func (a answer) render() (body []byte, kind string) {
	switch {
	case a.empty:
		return nil, "text/html; charset=utf-8"
	case a.page.template != "":
		return render(a.page.template, a.page.view), "text/html; charset=utf-8"
	}
	body, err := json.Marshal(a.body)
	if err != nil {
		panic(err) // all bodies are made of maps, slices, texts and numbers
	}
	return body, "application/json; charset=UTF-8"
}

// render fills a template.
func render(template string, view any) []byte {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, template, view); err != nil {
		panic(err) // a template that does not fit its view
	}
	return b.Bytes()
}

// guard sets the headers of pages: no script, nothing from elsewhere.
func guard(h http.Header, formAction string) {
	if formAction != "" {
		formAction = " " + formAction
	}
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"+
		formAction+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
}
