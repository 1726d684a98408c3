package page

import (
	"bytes"
	"cmp"
	"net/http"
	"strconv"
	"sync"
)

// Layout is what stands around the main part of a page. Every view of a page begins with it.
type Layout struct {
	Title string
	// Service is who asks, Purpose what for; Purpose is empty when the operator said nothing.
	Service, Purpose string
	// Named says that the service has another name than the program.
	Named bool
	// Here is the address of the page where the layout itself leads to it; else empty.
	Here string
	// SignedIn shows the way to the account, and out.
	SignedIn bool
	// AddressBar is what the address bar is to show in place of the page's own; empty leaves that.
	AddressBar string
}

// program is what a service is called whose operator gave it no name.
const program = "Latchkey"

// Layout is that of a page for anybody.
func (k *Kit) Layout(title string) Layout {
	service := cmp.Or(k.Service, program)
	return Layout{Title: title, Service: service, Purpose: k.Purpose, Named: service != program}
}

// OwnerLayout is that of a page for an owner who is signed in; here is as in Layout.
func (k *Kit) OwnerLayout(title, here string) Layout {
	f := k.Layout(title)
	f.SignedIn, f.Here = true, here
	return f
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with a page in the reader's language. Nothing is sent before the page is whole.
func Render[V any](k *Kit, w http.ResponseWriter, r *http.Request, status int, p Page[V], view V) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	l := k.Language(r)
	if err := p.write(b, l, view); err != nil {
		// The one page that needs no template: the others may have the same fault.
		k.logFailure(r, "render the page "+p.name, err)
		http.Error(w, l.Text("error.broken"), http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = htmlType
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a visitor who left needs no page
}

var htmlType = []string{"text/html; charset=utf-8"}
