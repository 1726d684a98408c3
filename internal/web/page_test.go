package web_test

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/i18n"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

var (
	tags = regexp.MustCompile(`<[^>]*>`)
	// ownScripts are the files of ours that a page may run: it is the same without them.
	ownScripts = regexp.MustCompile(`<script src="/static/(zone|address)\.[0-9a-f]+\.js"`)

	spaces = regexp.MustCompile(`\s+`)
	voids  = regexp.MustCompile(`<(meta|link|img|input)((?: [^>]*)?)>`)
)

// words is the text of a page as a person reads it.
func words(page string) string {
	_, page, _ = strings.Cut(page, "</head>")
	for _, inline := range []string{"bdi", "time", "b", "span", "code", "a"} {
		page = strings.NewReplacer("<"+inline+">", "", "</"+inline+">", "").Replace(page)
	}
	page = regexp.MustCompile(`<(time|a) [^>]*>`).ReplaceAllString(page, "")
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}

// everyPage opens each page once, by a name, in a language.
func everyPage(t *testing.T, language string) map[string]answer {
	t.Helper()
	h := newRig(t, origin, mailing, func(h *rig) { h.signin.LoginRate = 2 })
	b := h.browser()
	b.language = language
	all := map[string]answer{
		"welcome": b.get("/"), "privacy": b.get("/privacy"), "404": b.get("/nowhere"), "405": b.post("/privacy"),
		"500": b.get("/panic"), "403": b.do(http.MethodPost, "/logout", "Sec-Fetch-Site", "cross-site"),
		"refused": b.login(igsim.Decision{Persona: "private_pat"}),
	}
	b.signIn("mara_makes")
	all["429"] = b.get("/login")
	all["home"] = b.get("/")
	all["account"] = b.get("/account")
	all["account, address wrong"] = b.give("anna")
	b.give("anna@example.com")
	all["account, address given"] = b.get("/account")
	all["reconnect"] = b.get(h.linkTo(store.LinkReconnect))
	link := h.linkTo(store.LinkConfirm, func(l *store.Link) { l.Secret = store.HashOf(secret + "C") }) + "C"
	all["confirm"], all["confirmed"] = b.get(link), b.post(link)
	all["confirmed before"] = b.get(link)
	all["account, address confirmed"] = b.get("/account")
	link = h.linkTo(store.LinkStop, func(l *store.Link) { l.Secret = store.HashOf(secret + "S") }) + "S"
	all["stop"], all["stopped"] = b.get(link), b.post(link)
	h.away()
	all["home, reconnect"] = b.get("/")
	all["disconnect"] = b.get("/account/disconnect")
	b.post("/account/disconnect")
	all["home, disconnected"] = b.get("/")
	all["account, disconnected"] = b.get("/account")
	all["erase"] = b.get("/account/erase")
	all["erased"] = b.post("/account/erase")
	return all
}

func TestEveryPageIsWellMade(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Languages() {
		for name, page := range everyPage(t, l.Code()) {
			t.Run(l.Code()+"/"+name, func(t *testing.T) {
				t.Parallel()
				isWellMade(t, l, name, page)
			})
		}
	}
}

func isWellMade(t *testing.T, l *i18n.Language, name string, page answer) {
	t.Helper()
	if page.header.Get("Content-Type") != "text/html; charset=utf-8" || page.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", page.header)
	}
	wellFormed(t, page.body)
	if scripts := strings.Count(page.body, "<script"); scripts != len(ownScripts.FindAllString(page.body, -1)) {
		t.Error("a script of the page's own stands on it")
	}
	if strings.Contains(page.body, "data-address=") != (name == "refused") {
		t.Error("its address is changed, or stays")
	}
	for text, times := range map[string]int{
		`<html lang="` + l.Code() + `">`: 1, "<title>": 1, "<h1>": 1, "<main ": 1, "<header ": 1, "<nav ": 1, "<footer ": 1,
		`<a class="skip" href="#main">`: 1, `<main id="main" tabindex="-1"`: 1,
		" style=": 0, "<style": 0, " onclick": 0, "ZgotmplZ": 0, "<no value>": 0, "%!": 0,
	} {
		if got := strings.Count(page.body, text); got != times {
			t.Errorf("%s is there %d times, want %d", text, got, times)
		}
	}
}

// TestNavigationSaysWhereOneIs holds that a page which the navigation leads to is marked in it, once, and no other.
func TestNavigationSaysWhereOneIs(t *testing.T) {
	t.Parallel()
	at := map[string]string{"welcome": "/", "home": "/", "account": "/account", "privacy": "/privacy"}
	marked := regexp.MustCompile(`<a[^>]*href="([^"]*)" aria-current="page">`)
	pages := everyPage(t, "")
	for name := range at {
		if _, ok := pages[name]; !ok {
			t.Errorf("no page is called %s", name)
		}
	}
	for name, page := range pages {
		var here []string
		for _, m := range marked.FindAllStringSubmatch(page.body, -1) {
			here = append(here, m[1])
		}
		first, _, _ := strings.Cut(name, ",")
		if want := at[first]; strings.Join(here, " ") != want || strings.Count(page.body, "aria-current") != len(here) {
			t.Errorf("%s is marked as %q, want %q", name, here, want)
		}
	}
}

// wellFormed holds that every element is closed, and that no id is given twice.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(voids.ReplaceAllString(page, "<$1$2/>")))
	ids := make(map[string]bool)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v\n%s", err, page)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if a.Name.Local == "id" && ids[a.Value] {
				t.Errorf("the id %q is there twice", a.Value)
			}
			ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
		}
	}
}

// TestEveryLinkLeadsSomewhere follows what the pages lead to. Nothing leads outside.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	h.linkTo(store.LinkReconnect)
	links := regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	forms := regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	for name, shown := range everyPage(t, "") {
		for _, m := range links.FindAllStringSubmatch(shown.body, -1) {
			to := html.UnescapeString(m[1])
			if target, ok := strings.CutPrefix(to, "#"); ok {
				if !strings.Contains(shown.body, `id="`+target+`"`) {
					t.Errorf("%s leads to #%s, which is not on it", name, target)
				}
				continue
			}
			if to == "mailto:"+operatorContact {
				continue
			}
			if u, err := url.Parse(to); err != nil || u.IsAbs() || u.Host != "" {
				t.Errorf("%s leads outside: %s", name, to)
				continue
			}
			if a := b.get(to); a.status >= 400 {
				t.Errorf("%s leads to %s, which answers %d", name, to, a.status)
			}
		}
		for _, m := range forms.FindAllStringSubmatch(shown.body, -1) {
			if !slices.ContainsFunc(slices.Concat(h.routes...), func(r page.Route) bool {
				return r.Path == m[1] && r.Method == http.MethodPost
			}) {
				t.Errorf("%s has a form for %s, which takes none", name, m[1])
			}
		}
	}
}
