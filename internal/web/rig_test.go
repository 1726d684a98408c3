package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/logtest"
	"latchkey/internal/mail/mailtest"
	"latchkey/internal/middleware"
	"latchkey/internal/notice"
	"latchkey/internal/page"
	"latchkey/internal/picture"
	"latchkey/internal/seal"
	"latchkey/internal/session"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/vault"
	"latchkey/internal/web/owner"
	"latchkey/internal/web/signin"
)

const (
	origin          = "http://localhost:3000"
	operatorContact = "help@latchkey.example"
)

var allScopes = []string{instagram.ScopeBasic, instagram.ScopeInsights, instagram.ScopeComments}

// rig is the pages over a real store, beside a simulated Instagram.
type rig struct {
	*page.Kit
	signin *signin.Handler
	owner  *owner.Handler
	t      testing.TB
	sim    *igsim.Simulator
	st     *sqlite.Store
	log    *logtest.Buffer
	// mails is the mail server; nil where there is none.
	mails    *mailtest.Server
	routes   [][]page.Route
	serves   http.Handler
	exchange gate
}

// gate holds up the code exchange from shut to open.
type gate struct {
	arrived, opened chan struct{}
	open            func()
}

func (g *gate) shut(t *testing.T) {
	g.arrived, g.opened = make(chan struct{}), make(chan struct{})
	g.open = sync.OnceFunc(func() { close(g.opened) })
	t.Cleanup(g.open) // before the server waits for its last request
}

// newRig opens a rig at an origin. The changes are made before its routes are.
func newRig(t testing.TB, publicURL string, changes ...func(*rig)) *rig {
	t.Helper()
	st := sqlitetest.Open(t)
	ring, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	h := &rig{t: t, sim: igsim.New(), st: st, log: &logtest.Buffer{}}
	outside := httptest.NewServer(http.HandlerFunc(h.instagram))
	t.Cleanup(outside.Close)
	app := h.sim.App()
	app.RedirectURIs = []string{publicURL + "/auth"}
	h.sim.SetApp(app)

	v := &vault.Vault{Keyring: ring, Store: st, Now: h.sim.Now}
	log := slog.New(slog.NewTextHandler(h.log, nil))
	h.Kit = &page.Kit{
		Sessions: &session.Sessions{Store: st}, Store: st, PublicURL: publicURL, Contact: operatorContact,
		Now: h.sim.Now, RequestID: middleware.RequestID, Log: log,
	}
	h.owner = &owner.Handler{
		Kit: h.Kit, Vault: v, Events: st, Pictures: &picture.Fetcher{Origin: outside.URL},
		Notices: &notice.Notifier{Store: st, PublicURL: publicURL, Now: h.sim.Now, Log: log},
	}
	h.signin = &signin.Handler{Kit: h.Kit, Home: h.owner.Home, Login: &login.Flow{
		Instagram: &instagram.Client{
			AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret), RedirectURL: publicURL + "/auth",
			Endpoints: instagram.Endpoints{
				Authorize: outside.URL + "/oauth/authorize", Token: outside.URL + "/oauth/access_token",
				Graph: outside.URL, Version: "v26.0",
			},
			Now: h.sim.Now,
		},
		Store: st, Vault: v, Log: log, Scopes: allScopes, Process: "this process",
	}}
	for _, change := range changes {
		change(h)
	}
	mux := http.NewServeMux()
	h.routes = [][]page.Route{h.signin.Routes(), h.owner.Routes()}
	h.Mount(mux, h.routes...)
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("on purpose") })
	h.serves, err = middleware.Stack{
		Proxies: &middleware.Proxies{Log: log}, Log: log, PublicURL: publicURL,
		Panicked: h.Panicked, CrossOrigin: h.CrossOrigin,
	}.Handler(mux)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// instagram is the simulator, behind the gate.
func (h *rig) instagram(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/oauth/access_token" && h.exchange.opened != nil {
		close(h.exchange.arrived)
		<-h.exchange.opened
	}
	h.sim.ServeHTTP(w, r)
}

// browser keeps cookies as a browser does and follows no redirect.
type browser struct {
	*rig
	jar    http.CookieJar
	origin string
	// language is what it asks for as Accept-Language; empty for nothing.
	language string
}

// answer is what a browser got.
type answer struct {
	status int
	header http.Header
	body   string
	// cookies are those that this answer set.
	cookies []*http.Cookie
}

func (h *rig) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{rig: h, jar: jar, origin: h.PublicURL}
}

// do sends a request for a path, or for a whole address. The headers are pairs.
func (b *browser) do(method, address string, headers ...string) answer {
	b.t.Helper()
	return b.doWithin(b.t.Context(), method, address, headers...)
}

// doWithin is do for a visitor who leaves when ctx ends.
func (b *browser) doWithin(ctx context.Context, method, address string, headers ...string) answer {
	b.t.Helper()
	return b.send(ctx, method, address, nil, headers...)
}

// submit sends a form.
func (b *browser) submit(address string, form url.Values) answer {
	b.t.Helper()
	return b.send(b.t.Context(), http.MethodPost, address, form, "Content-Type", "application/x-www-form-urlencoded")
}

func (b *browser) send(ctx context.Context, method, address string, form url.Values, headers ...string) answer {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.origin + address
	}
	r := httptest.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	r.RemoteAddr = netip.MustParseAddrPort("192.0.2.1:4000").String()
	if b.language != "" {
		r.Header.Set("Accept-Language", b.language)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	at := &url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: r.URL.Path}
	for _, c := range b.jar.Cookies(at) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.serves.ServeHTTP(w, r)
	result := w.Result()
	b.jar.SetCookies(at, result.Cookies())
	return answer{status: result.StatusCode, header: result.Header, body: w.Body.String(), cookies: result.Cookies()}
}

func (b *browser) get(address string) answer  { b.t.Helper(); return b.do(http.MethodGet, address) }
func (b *browser) post(address string) answer { b.t.Helper(); return b.do(http.MethodPost, address) }

// begin presses the login button and returns where Instagram's page is.
func (b *browser) begin() string {
	b.t.Helper()
	return b.beginAt("/login")
}

// beginAt is begin with another button than that of the front page.
func (b *browser) beginAt(address string) string {
	b.t.Helper()
	a := b.get(address)
	if a.status != http.StatusFound {
		b.t.Fatalf("%s answered %d:\n%s", address, a.status, a.body)
	}
	return a.header.Get("Location")
}

// decide is the owner on Instagram's page; it returns the address that sends her back.
func (b *browser) decide(authorizeURL string, d igsim.Decision) string {
	b.t.Helper()
	back, err := b.sim.Approve(authorizeURL, d)
	if err != nil {
		b.t.Fatal(err)
	}
	back, _, _ = strings.Cut(back, "#")
	return back
}

// login is a whole login, up to the callback's answer.
func (b *browser) login(d igsim.Decision) answer {
	b.t.Helper()
	return b.get(b.decide(b.begin(), d))
}

// signIn is a login that succeeds.
func (b *browser) signIn(persona string) {
	b.t.Helper()
	goesTo(b.t, b.login(igsim.Decision{Persona: persona}), "/")
}

// connection is the only one that is stored.
func (h *rig) connection() store.Connection {
	h.t.Helper()
	list, err := h.st.ListConnections(h.t.Context(), "", 10)
	if err != nil || len(list) != 1 {
		h.t.Fatalf("%d connections are stored, %v; want one", len(list), err)
	}
	return list[0]
}

// alter changes the only connection.
func (h *rig) alter(change func(*store.Connection)) {
	h.t.Helper()
	c := h.connection()
	change(&c)
	if _, err := h.st.UpdateConnection(h.t.Context(), c, store.Event{ConnectionID: c.ID, At: h.Now(), Kind: "altered"}); err != nil {
		h.t.Fatal(err)
	}
}

// cookie is the cookie of a name that an answer set.
func (a answer) cookie(t *testing.T, name string) *http.Cookie {
	t.Helper()
	for _, c := range a.cookies {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %q was set, but %v", name, a.header["Set-Cookie"])
	return nil
}

// goesTo holds that a browser is sent on, to be there with a GET.
func goesTo(t testing.TB, a answer, location string) {
	t.Helper()
	if a.status != http.StatusSeeOther || a.header.Get("Location") != location {
		t.Fatalf("got %d to %q, want 303 to %q\n%s", a.status, a.header.Get("Location"), location, a.body)
	}
}

// shows holds that a page came, and what it says.
func shows(t *testing.T, a answer, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("got status %d, want %d\n%s", a.status, status, a.body)
	}
	plain := words(a.body)
	for _, text := range texts {
		if !strings.Contains(plain, text) {
			t.Errorf("the page does not say %q:\n%s", text, plain)
		}
	}
}

func hides(t *testing.T, a answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("the page has %q:\n%s", text, a.body)
		}
	}
}

const day = 24 * time.Hour
