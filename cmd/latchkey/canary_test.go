package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"latchkey/igsim"
)

// canaries are secrets that a run has seen, by what they are.
type canaries struct {
	mu     sync.Mutex
	values map[string]string
}

func (c *canaries) add(what, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(value) >= 8 {
		c.values[value] = what
	}
}

// forms are the forms in which a secret may hide in a text: as it is, escaped, in hex, and in
// base64 at each of the three offsets at which it can begin there.
func forms(secret string) [][]byte {
	out := [][]byte{
		[]byte(secret), []byte(url.QueryEscape(secret)),
		[]byte(hex.EncodeToString([]byte(secret))), []byte(strings.ToUpper(hex.EncodeToString([]byte(secret)))),
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for offset := range 3 {
			// The first group holds what stood before, the last what comes after: leave both out.
			s := enc.EncodeToString([]byte(strings.Repeat("\x00", offset) + secret))
			out = append(out, []byte(s[4:len(s)-len(s)%4-4]))
		}
	}
	return out
}

// leaks says which secrets stand in a text.
func (c *canaries) leaks(text []byte) (found []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for value, what := range c.values {
		for _, form := range forms(value) {
			if bytes.Contains(text, form) {
				found = append(found, what)
				break
			}
		}
	}
	return found
}

// TestCanariesBite hides a secret in each form and holds that it is found.
func TestCanariesBite(t *testing.T) {
	t.Parallel()
	c := &canaries{values: map[string]string{}}
	secret := "IGAAcanary0123456789abcdefghijklmnop&="
	c.add("token", secret)
	for _, form := range []string{
		"a log line with " + secret + " in it", url.QueryEscape(secret), hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("x" + secret + "tail")),
		base64.URLEncoding.EncodeToString([]byte("xy" + secret)),
	} {
		if len(c.leaks([]byte(form))) != 1 {
			t.Errorf("not found in %q", form)
		}
	}
	if found := c.leaks([]byte("IGAA is how tokens begin")); len(found) != 0 {
		t.Errorf("found %v where there is none", found)
	}
}

// watch passes requests on to the simulator and remembers every secret that goes by.
func (c *canaries) watch(sim http.Handler) http.Handler {
	token := regexp.MustCompile(`"access_token":\s*"([^"]+)"`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		rec := httptest.NewRecorder()
		sim.ServeHTTP(rec, r)
		for _, m := range token.FindAllSubmatch(rec.Body.Bytes(), -1) {
			c.add("access token", string(m[1]))
		}
		for key, values := range rec.Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	})
}

// TestNoSecretLeaves runs logins, refusals, pages and commands with secrets that are known here,
// and searches everything that comes out and everything on disk for them.
func TestNoSecretLeaves(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	c := &canaries{values: map[string]string{}}
	c.add("app secret", igsim.AppSecret)
	watched := httptest.NewServer(c.watch(h.sim))
	t.Cleanup(watched.Close)
	for name, value := range h.environ {
		h.environ[name] = strings.Replace(value, h.simURL, watched.URL, 1)
	}
	seen := &output{} // all pages and all that commands print
	p := h.servePostal()
	s := p.running

	for _, d := range []igsim.Decision{
		{Persona: "studio_north"},
		{Persona: "studio_north", Deny: true},
		{Persona: "studio_north", Refuse: "Insufficient developer role"},
		{Persona: "private_pat"},
		{Persona: "harbor_books"},
		{Persona: "mara_makes"},
	} {
		c.walk(t, s, seen, d)
	}
	for _, f := range []igsim.Fault{{Kind: igsim.Page, Status: 500}, {Code: 190, Subcode: 460}, {Code: 4}, {Kind: igsim.Cut}, {Kind: igsim.Truncated}} {
		for _, e := range []igsim.Endpoint{igsim.CodeExchange, igsim.LongExchange, igsim.Me} {
			must(t, h.sim.FailNext(e, 1, f))
			c.walk(t, s, seen, igsim.Decision{Persona: "tiny_bakery"})
			h.sim.Heal()
		}
	}
	link := p.passedOn("mara_makes")
	c.add("reconnect link", link[strings.LastIndexByte(link, '/')+1:])
	s.get(s.browser(), link)
	var list []struct{ ID string }
	must(t, json.Unmarshal([]byte(h.ok("connections", "list", "--json")), &list))
	for _, args := range [][]string{{"connections"}, {"connections", "list", "--json"}, {"connections", "show", list[0].ID}, {"connections", "show", list[0].ID, "--json"}} {
		io.WriteString(seen, h.ok(args...))
	}
	h.ok("token", list[0].ID) // the one place that prints a token
	keyring, err := os.ReadFile(filepath.Join(h.dir, "latchkey.db.keyring"))
	must(t, err)
	key := regexp.MustCompile(`"value":\s*"([^"]+)"`).FindSubmatch(keyring)
	if key == nil {
		t.Fatal("the keyring has another form than this test knows")
	}
	c.add("keyring", string(key[1]))
	value, err := base64.StdEncoding.DecodeString(string(key[1]))
	must(t, err)
	c.add("key", string(value[len(value)-32:])) // the value ends with the 256 bits of AES

	c.search(t, "the pages and commands", []byte(seen.String()))
	c.search(t, "stdout", []byte(s.stdout.String()))
	c.search(t, "stderr", []byte(s.stderr.String()))
	c.searchFolder(t, h.dir)
	s.stop()
	c.search(t, "stderr at the end", []byte(s.stderr.String()))
	c.searchFolder(t, h.dir)
	if len(c.values) < 30 {
		t.Errorf("only %d secrets went by: the test has lost its eyes", len(c.values))
	}
}

// walk is one login with all pages around it. What a browser must get, its cookies and the state
// in the address of Instagram, is remembered as secret and left out of what is searched.
func (c *canaries) walk(t *testing.T, s *running, seen io.Writer, d igsim.Decision) {
	t.Helper()
	b := s.browser()
	keep := func(res *http.Response, page string) {
		for _, cookie := range res.Cookies() {
			c.add("cookie "+cookie.Name, cookie.Value)
		}
		header := res.Header.Clone()
		header.Del("Set-Cookie")
		header.Del("Location")
		header.Write(seen)
		io.WriteString(seen, page)
	}
	keep(s.get(b, s.base+"/"))
	res, page := s.get(b, s.base+"/login")
	keep(res, page)
	to, err := res.Location()
	must(t, err)
	c.add("state", to.Query().Get("state"))
	callback, err := s.h.sim.Approve(to.String(), d)
	must(t, err)
	u, err := url.Parse(callback)
	must(t, err)
	c.add("code", u.Query().Get("code"))
	keep(s.get(s.browser(), callback)) // another browser first
	once := *b
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	keep(s.get(&once, callback))
	keep(s.get(b, callback))
	for _, path := range []string{"/", "/account", "/account/disconnect", "/account/erase", "/privacy", "/nowhere"} {
		keep(s.get(b, s.base+path))
	}
}

func (c *canaries) search(t *testing.T, where string, text []byte) {
	t.Helper()
	if len(text) == 0 && where != "stdout" {
		t.Errorf("%s: nothing to search", where)
	}
	for _, what := range c.leaks(text) {
		t.Errorf("%s: a secret stands there: %s", where, what)
	}
}

// searchFolder searches all files but the keyring itself.
func (c *canaries) searchFolder(t *testing.T, dir string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".keyring") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, what := range c.leaks(text) {
			t.Errorf("%s: a secret stands there: %s", filepath.Base(path), what)
		}
		return err
	}))
}
