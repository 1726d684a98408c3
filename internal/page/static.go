package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

//go:embed static
var static embed.FS

// assets holds the embedded files by the names under which browsers ask for them: look.css is
// look.3f2a91bc07.css, so that a browser may keep it for good.
var assets = sync.OnceValue(func() map[string][]byte {
	files, err := static.ReadDir("static")
	if err != nil {
		panic(err)
	}
	named := make(map[string][]byte, len(files))
	for _, f := range files {
		content, err := static.ReadFile("static/" + f.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		ext := path.Ext(f.Name())
		named[strings.TrimSuffix(f.Name(), ext)+"."+hex.EncodeToString(sum[:5])+ext] = content
	}
	return named
})

// assetNames replaces the plain addresses of the embedded files by the real ones.
func assetNames() *strings.Replacer {
	var pairs []string
	for name := range assets() {
		stem, rest, _ := strings.Cut(name, ".")
		pairs = append(pairs, "/static/"+stem+path.Ext(rest), "/static/"+name)
	}
	return strings.NewReplacer(pairs...)
}

// asset serves an embedded file.
func (k *Kit) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, ok := assets()[name]
	if !ok {
		k.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// compressed compresses what a handler answers. Without zstd: for files this small its encoders
// take more memory than the rest of the server.
func compressed(serve http.HandlerFunc) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false))
	if err != nil {
		panic(err)
	}
	return wrap(serve)
}

// favicon serves the icon to those who do not read the page for its address.
func (k *Kit) favicon(w http.ResponseWriter, r *http.Request) {
	k.plainFile(w, r, "favicon.ico")
}

// robots serves what crawlers may read.
func (k *Kit) robots(w http.ResponseWriter, r *http.Request) {
	k.plainFile(w, r, "robots.txt")
}

// plainFile serves an embedded file under its own name, kept for a day.
func (k *Kit) plainFile(w http.ResponseWriter, r *http.Request, name string) {
	content, err := static.ReadFile("static/" + name)
	if err != nil {
		k.Fail(w, r, "read an embedded file", err)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=86400")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}
