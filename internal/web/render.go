package web

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

//go:embed templates
var templates embed.FS

// pages holds one template a page.
type pages struct {
	welcome, home, account, disconnect, erase, receipt, privacy, errorPage *template.Template
	reconnect, maillink                                                    *template.Template
}

// parsed parses the templates once, at the first Mount.
var parsed = sync.OnceValue(func() pages {
	layout := template.Must(template.New("").Parse(source("layout") + source("icons") + source("status")))
	page := func(name string) *template.Template {
		return template.Must(template.Must(layout.Clone()).Parse(source(name))).Lookup("layout")
	}
	return pages{
		welcome: page("welcome"), home: page("home"), account: page("account"), disconnect: page("disconnect"),
		erase: page("erase"), receipt: page("receipt"), privacy: page("privacy"), errorPage: page("error"),
		reconnect: page("reconnect"), maillink: page("maillink"),
	}
})

// source reads a template and puts the addresses of this build's files in.
func source(name string) string {
	text, err := templates.ReadFile("templates/" + name + ".html")
	if err != nil {
		panic(err)
	}
	return assetNames().Replace(strings.TrimSpace(string(text)))
}

// layout is what stands around the main part of a page.
type layout struct {
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

// layout is that of a page for anybody.
func (h *Handler) layout(title string) layout {
	service := cmp.Or(h.Service, program)
	return layout{Title: title, Service: service, Purpose: h.Purpose, Named: service != program}
}

// ownerLayout is that of a page for an owner who is signed in; here is as in layout.
func (h *Handler) ownerLayout(title, here string) layout {
	f := h.layout(title)
	f.SignedIn, f.Here = true, here
	return f
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render answers with a page. Nothing is sent before the page is whole.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, status int, page *template.Template, view any) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Execute(b, view); err != nil {
		// The one page that needs no template: the others may have the same fault.
		h.logFailure(r, "render a page", err)
		http.Error(w, "Something went wrong on our side. Please try again.", http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = htmlType
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a visitor who left needs no page
}

var htmlType = []string{"text/html; charset=utf-8"}
