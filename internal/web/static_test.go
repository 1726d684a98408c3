package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestStaticFilesAreKeptForGood(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	page := b.get("/").body
	files := regexp.MustCompile(`/static/[a-z]+\.[0-9a-f]{10}\.(css|svg|png)`).FindAllString(page, -1)
	if len(files) != 3 {
		t.Fatalf("the page names %v", files)
	}
	for _, file := range files {
		a := b.get(file)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s answered %d, %v", file, a.status, a.header)
		}
	}
}

func TestStylesheetIsCompressed(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	file := regexp.MustCompile(`/static/look[^"]*`).FindString(b.get("/").body)
	whole := b.get(file)
	if got := whole.header.Get("Content-Type"); got != "text/css; charset=utf-8" {
		t.Errorf("the type is %q", got)
	}
	short := b.do(http.MethodGet, file, "Accept-Encoding", "gzip")
	if short.header.Get("Content-Encoding") != "gzip" || !strings.Contains(short.header.Get("Vary"), "Accept-Encoding") {
		t.Fatalf("headers %v", short.header)
	}
	r, err := gzip.NewReader(strings.NewReader(short.body))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(unpacked, []byte(whole.body)) {
		t.Errorf("unpacked it is another file, %v", err)
	}
	for _, outside := range []string{"http:", "https:", "@import", "url("} {
		hides(t, whole, outside)
	}
}

// TestPagesAreNotCompressed because a page may hold what must not be guessed from a length.
func TestPagesAreNotCompressed(t *testing.T) {
	t.Parallel()
	a := newRig(t, origin).browser().do(http.MethodGet, "/", "Accept-Encoding", "gzip, zstd")
	if got := a.header.Get("Content-Encoding"); got != "" {
		t.Errorf("the page is compressed by %s", got)
	}
}

func TestFilesAtFixedAddresses(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	for address, want := range map[string]string{"/favicon.ico": "image/", "/robots.txt": "text/plain"} {
		a := b.get(address)
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), want) || len(a.body) == 0 {
			t.Errorf("%s answered %d, %v", address, a.status, a.header)
		}
	}
}

// TestSecurityText is whom to tell of a weakness, in the form of RFC 9116.
func TestSecurityText(t *testing.T) {
	t.Parallel()
	for contact, want := range map[string]string{
		operatorContact: "mailto:" + operatorContact, "https://latchkey.example/hilfe für alle": "https://latchkey.example/hilfe%20f%C3%BCr%20alle",
		"Ask Mara in the shop": "", "": "",
	} {
		a := newRig(t, origin, func(h *rig) { h.Contact = contact }).browser().get("/.well-known/security.txt")
		if want == "" {
			shows(t, a, http.StatusNotFound, "There is no such page.")
			continue
		}
		lines := strings.Split(a.body, "\n")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/plain; charset=utf-8" || len(lines) != 4 ||
			lines[0] != "Contact: "+want || lines[2] != "Canonical: "+origin+"/.well-known/security.txt" {
			t.Fatalf("%d, %v\n%s", a.status, a.header, a.body)
		}
		ends, err := time.Parse(time.RFC3339, strings.TrimPrefix(lines[1], "Expires: "))
		if err != nil || ends.Before(time.Now().Add(179*day)) || ends.After(time.Now().Add(181*day)) {
			t.Errorf("it ends at %v, %v", ends, err)
		}
	}
}
