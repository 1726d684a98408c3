package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/igsim"
	"latchkey/internal/store/mongo/mongotest"
)

// onMongo moves a rig to a fresh MongoDB database with a keyring of its own.
func onMongo(h *rig) (uri string) {
	h.t.Helper()
	uri = mongotest.URI(h.t)
	h.environ["LATCHKEY_STORE"] = uri
	h.environ["LATCHKEY_KEYRING_FILE"] = filepath.Join(h.dir, "keyring")
	h.ok("keys", "init")
	return uri
}

// TestLoginOnMongo saves a login over the wire and reads it back with the plain driver.
func TestLoginOnMongo(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	uri := onMongo(h)
	s := h.serve()
	if res, _ := s.login(s.browser(), igsim.Decision{Persona: "studio_north"}); res.StatusCode != http.StatusOK {
		t.Fatalf("the login ended with %s", res.Status)
	}
	token := strings.TrimSpace(h.ok("token", h.id()))

	raw, err := mongotest.Database(t, uri).Collection("connections").FindOne(t.Context(), bson.D{{Key: "_id", Value: h.id()}}).Raw()
	must(t, err)
	for name, want := range map[string]bson.Type{
		"app_scoped_id": bson.TypeString, "username": bson.TypeString, "name": bson.TypeString,
		"account_type": bson.TypeString, "picture_url": bson.TypeString,
		"followers": bson.TypeInt64, "follows": bson.TypeInt64, "media": bson.TypeInt64,
		"scopes_asked": bson.TypeArray, "scopes": bson.TypeArray,
		"status": bson.TypeString, "status_reason": bson.TypeString,
		"connected_at": bson.TypeDateTime, "token_issued_at": bson.TypeDateTime, "token_expires_at": bson.TypeDateTime,
		"refreshed_at": bson.TypeNull, "next_refresh_at": bson.TypeDateTime,
		"version": bson.TypeInt64, "sealed_token": bson.TypeBinary,
	} {
		if got := raw.Lookup(name).Type; got != want {
			t.Errorf("%s is stored as %v, want %v", name, got, want)
		}
	}
	if token == "" || bytes.Contains(raw, []byte(token)) {
		t.Error("the token stands in the document in clear")
	}
}

func TestMongoNeedsAKeyring(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ["LATCHKEY_STORE"] = mongotest.URI(t)
	for _, path := range []string{"", filepath.Join(h.dir, "keyring")} {
		h.environ["LATCHKEY_KEYRING_FILE"] = path
		status, _, stderr := h.command("serve")
		if status != 1 || !strings.Contains(stderr, "LATCHKEY_KEYRING_FILE") || !strings.Contains(stderr, "keys init") {
			t.Errorf("with the keyring %q: status %d, %s", path, status, stderr)
		}
	}
}

// TestCommandsMakeNothing asks for connections in a database that no server has used, as a mistyped
// name is one.
func TestCommandsMakeNothing(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	uri := onMongo(h)
	status, _, stderr := h.command("connections")
	if status != 1 || !strings.Contains(stderr, "there is no store in that database") {
		t.Errorf("status %d, %s", status, stderr)
	}
	made, err := mongotest.Database(t, uri).ListCollectionNames(t.Context(), bson.D{})
	if err != nil || len(made) != 0 {
		t.Errorf("made %v, %v", made, err)
	}
}

// TestMongoAway takes the database away from a running server: pages say so, and it heals by
// itself.
func TestMongoAway(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	uri := onMongo(h)
	wire := newWire(t, uri)
	h.environ["LATCHKEY_STORE"] = wire.uri
	s := h.serve()
	b := s.browser()
	s.login(b, igsim.Decision{Persona: "studio_north"})

	wire.cut()
	if res, _ := s.get(b, s.base+"/readyz"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("/readyz without a database: %s", res.Status)
	}
	if res, page := s.get(b, s.base+"/"); res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "is lost") {
		t.Errorf("home without a database: %s\n%s", res.Status, page)
	}
	if res, _ := s.get(b, s.base+"/healthz"); res.StatusCode != http.StatusOK {
		t.Errorf("/healthz without a database: %s", res.Status)
	}

	wire.mend()
	deadline := time.Now().Add(30 * time.Second)
	for {
		res, page := s.get(b, s.base+"/")
		if res.StatusCode == http.StatusOK && strings.Contains(page, "@studio_north") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server did not heal: %s", res.Status)
		}
	}
	if res, _ := s.get(b, s.base+"/readyz"); res.StatusCode != http.StatusOK {
		t.Errorf("/readyz after that: %s", res.Status)
	}
}

// wire is a line to a database that a test can cut.
type wire struct {
	uri, target string
	l           net.Listener

	mu    sync.Mutex
	down  bool
	conns []net.Conn
}

func newWire(t *testing.T, uri string) *wire {
	t.Helper()
	u, err := url.Parse(uri)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w := &wire{target: u.Host, l: l}
	u.Host = l.Addr().String()
	q := u.Query()
	q.Set("directConnection", "true") // what the server says of its address must not lead around the wire
	u.RawQuery = q.Encode()
	w.uri = u.String()
	go w.serve()
	t.Cleanup(func() { l.Close(); w.cut() })
	return w
}

func (w *wire) serve() {
	for {
		in, err := w.l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.target)
		if err != nil || !w.keep(in, out) {
			in.Close()
			continue
		}
		go func() { io.Copy(in, out); in.Close() }()
		go func() { io.Copy(out, in); out.Close() }()
	}
}

// keep remembers connections, unless the wire is cut.
func (w *wire) keep(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		for _, c := range conns {
			c.Close()
		}
		return false
	}
	w.conns = append(w.conns, conns...)
	return true
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for _, c := range w.conns {
		c.Close()
	}
	w.conns = nil
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}
