package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"latchkey/internal/store"
)

func TestPicture(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	address := regexp.MustCompile(`<img src="(/picture\?v=[0-9a-f]+)" alt=""`).FindStringSubmatch(b.get("/").body)
	if address == nil {
		t.Fatalf("the page has no picture:\n%s", b.get("/").body)
	}
	a := b.get(address[1])
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(a.header.Get("Cache-Control"), "private,") {
		t.Errorf("got %d, %v", a.status, a.header)
	}
	shows(t, h.browser().get(address[1]), http.StatusNotFound)

	h.alter(func(c *store.Connection) { c.PictureURL = "http://elsewhere.example/p.jpg" })
	page := b.get("/").body
	if strings.Contains(page, address[1]) || strings.Contains(page, "elsewhere") {
		t.Errorf("another picture has the same address, or a foreign one:\n%s", page)
	}
	shows(t, b.get("/picture"), http.StatusNotFound)

	h.alter(func(c *store.Connection) { c.PictureURL = "" })
	hides(t, b.get("/"), "<img")
	shows(t, b.get("/picture"), http.StatusNotFound)
}
