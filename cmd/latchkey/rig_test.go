package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/igsim"
)

// output is a stream that several goroutines write, and that a test can wait on.
type output struct {
	mu    sync.Mutex
	b     bytes.Buffer
	grown chan struct{} // closed at the next write; nil while nobody waits
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.grown != nil {
		close(o.grown)
		o.grown = nil
	}
	return o.b.Write(p)
}

// says waits until the text stands in the stream; false means that ended came first.
func (o *output) says(text string, ended <-chan struct{}) bool {
	for {
		o.mu.Lock()
		if strings.Contains(o.b.String(), text) {
			o.mu.Unlock()
			return true
		}
		if o.grown == nil {
			o.grown = make(chan struct{})
		}
		grown := o.grown
		o.mu.Unlock()
		select {
		case <-grown:
		case <-ended:
			return false
		}
	}
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// rig is a program's surroundings: a folder, an environment and a simulated Instagram.
type rig struct {
	t       *testing.T
	dir     string
	sim     *igsim.Simulator
	simURL  string
	environ map[string]string
	// types is what a person at the terminal types; empty means that there is no terminal.
	types string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	sim := igsim.New()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	return &rig{t: t, dir: dir, sim: sim, simURL: server.URL, environ: map[string]string{
		"LATCHKEY_STORE":                   "sqlite:" + filepath.Join(dir, "latchkey.db"),
		"LATCHKEY_INSTAGRAM_APP_ID":        igsim.AppID,
		"LATCHKEY_INSTAGRAM_APP_SECRET":    igsim.AppSecret,
		"LATCHKEY_INSTAGRAM_AUTHORIZE_URL": server.URL + "/oauth/authorize",
		"LATCHKEY_INSTAGRAM_TOKEN_URL":     server.URL + "/oauth/access_token",
		"LATCHKEY_INSTAGRAM_GRAPH_URL":     server.URL,
		"LATCHKEY_LOG_FORMAT":              "json",
	}}
}

func (h *rig) env(args []string, stdout, stderr io.Writer) env {
	e := env{args: append([]string{"latchkey"}, args...), stdin: strings.NewReader(h.types), stdout: stdout, stderr: stderr, interactive: h.types != ""}
	for name, value := range h.environ {
		e.environ = append(e.environ, name+"="+value)
	}
	return e
}

// command runs a command to its end.
func (h *rig) command(args ...string) (status int, stdout, stderr string) {
	h.t.Helper()
	var out, errs output
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	status = run(ctx, h.env(args, &out, &errs))
	return status, out.String(), errs.String()
}

// ok runs a command that must succeed.
func (h *rig) ok(args ...string) string {
	h.t.Helper()
	status, stdout, stderr := h.command(args...)
	if status != 0 {
		h.t.Fatalf("latchkey %s: status %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return stdout
}

// running is a server that a test started.
type running struct {
	*program
	h    *rig
	base string
}

// serve starts a server on a free port and waits until it answers.
func (h *rig) serve() *running {
	h.t.Helper()
	addr := freeAddr(h.t)
	_, port, _ := net.SplitHostPort(addr)
	base := "http://localhost:" + port
	h.environ["LATCHKEY_ADDR"], h.environ["LATCHKEY_PUBLIC_URL"] = addr, base
	app := h.sim.App()
	app.RedirectURIs = []string{base + "/auth"}
	h.sim.SetApp(app)

	r := &running{h: h, base: base, program: h.start("serve")}
	if !r.stderr.says("listening", r.ended) {
		h.t.Fatalf("the server ended with status %d:\n%s", r.stop(), r.stderr)
	}
	return r
}

// program is a command at work.
type program struct {
	stdout, stderr *output
	ended          chan struct{}
	// stop ends it as SIGTERM does and returns its status.
	stop func() int
}

// start starts a command that goes on until it is stopped, at the latest with the test.
func (h *rig) start(args ...string) *program {
	p := &program{stdout: &output{}, stderr: &output{}, ended: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	var status int
	go func() {
		status = run(ctx, h.env(args, p.stdout, p.stderr))
		close(p.ended)
	}()
	p.stop = func() int {
		cancel()
		<-p.ended
		return status
	}
	h.t.Cleanup(func() { p.stop() })
	return p
}

// freeAddr is an address on which nothing listens.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// browser is a person's browser, as far as cookies and redirects go. It leaves the redirect to
// Instagram to the test.
func (r *running) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.h.t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(q *http.Request, via []*http.Request) error {
		if !strings.HasPrefix(q.URL.String(), r.base) || len(via) > 5 {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

// get fetches a page.
func (r *running) get(b *http.Client, address string) (*http.Response, string) {
	r.h.t.Helper()
	res, err := b.Get(address)
	return r.read(res, err)
}

// post sends an empty form, as a button does.
func (r *running) post(b *http.Client, path string) (*http.Response, string) {
	r.h.t.Helper()
	res, err := b.PostForm(r.base+path, nil)
	return r.read(res, err)
}

func (r *running) read(res *http.Response, err error) (*http.Response, string) {
	r.h.t.Helper()
	if err != nil {
		r.h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.h.t.Fatal(err)
	}
	return res, string(body)
}

// login goes from the button to the page that the callback ends on.
func (r *running) login(b *http.Client, d igsim.Decision) (*http.Response, string) {
	r.h.t.Helper()
	res, _ := r.get(b, r.base+"/login")
	to, err := r.h.sim.Approve(res.Header.Get("Location"), d)
	if err != nil {
		r.h.t.Fatal(err)
	}
	return r.get(b, to)
}

// id is the id of the only connection.
func (h *rig) id() string {
	h.t.Helper()
	ids := regexp.MustCompile(`"id": "(\d+)"`).FindAllStringSubmatch(h.ok("connections", "list", "--json"), -1)
	if len(ids) != 1 {
		h.t.Fatalf("%d connections, want one", len(ids))
	}
	return ids[0][1]
}

// location is where an answer redirects to, without its query.
func location(res *http.Response) string {
	u, err := res.Location()
	if errors.Is(err, http.ErrNoLocation) {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// hash is a short name for bytes.
func hash(b []byte) string { return fmt.Sprintf("%x", sha256.Sum256(b))[:12] }
