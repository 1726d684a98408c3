package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/internal/config"
)

// outside is a doctor who sees a public address and nothing else.
func outside(t *testing.T, public string, client *http.Client) *doctor {
	t.Helper()
	u, err := url.Parse(public)
	must(t, err)
	if client == nil {
		client = &http.Client{}
	}
	client.CheckRedirect = doctorsClient().CheckRedirect
	return &doctor{http: client, now: time.Now, config: config.Config{
		PublicURL: u, Addr: "127.0.0.1:1", InstagramAuthorizeURL: "https://www.instagram.com/oauth/authorize",
	}}
}

// latchkeyLike answers /healthz as Latchkey does.
func latchkeyLike(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Strict-Transport-Security", "max-age=31536000")
	_, _ = w.Write([]byte(healthy))
}

// wants checks how a check ended.
func wants(t *testing.T, got check, want status, says string) {
	t.Helper()
	if got.Status != want || !strings.Contains(got.Message+" "+got.Cure, says) {
		t.Errorf("%+v, want %s with %q", got, want, says)
	}
}

func TestDoctorOfTheCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(latchkeyLike))
	t.Cleanup(server.Close)

	wants(t, outside(t, server.URL, server.Client()).checkHTTPS(t.Context()), statusOK, "is good until")
	wants(t, outside(t, server.URL, nil).checkHTTPS(t.Context()), statusFail, "browsers do not accept the certificate")
	wants(t, outside(t, server.URL, nil).checkPublicAddress(t.Context()), statusFail, "certificate")
	wants(t, outside(t, "https://127.0.0.1:1", nil).checkHTTPS(t.Context()), statusSkipped, "does not answer")

	naked := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(healthy)) }))
	t.Cleanup(naked.Close)
	wants(t, outside(t, naked.URL, naked.Client()).checkHTTPS(t.Context()), statusWarn, "Strict-Transport-Security")
}

// TestDoctorOfPlainHTTP has a public address at the usual ports, which is taken to two servers here.
func TestDoctorOfPlainHTTP(t *testing.T) {
	t.Parallel()
	const public = "https://example.com" // what the certificate of httptest is for
	secure := httptest.NewTLSServer(http.HandlerFunc(latchkeyLike))
	t.Cleanup(secure.Close)
	for name, tt := range map[string]struct {
		plain http.HandlerFunc
		want  status
	}{
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, public+r.URL.Path, http.StatusPermanentRedirect)
		}, statusOK},
		"a redirect elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com.evil.example/", http.StatusFound)
		}, statusWarn},
		"the page itself": {latchkeyLike, statusWarn},
		"nobody":          {nil, statusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plainAddr := "127.0.0.1:1"
			if tt.plain != nil {
				plain := httptest.NewServer(tt.plain)
				t.Cleanup(plain.Close)
				plainAddr = plain.Listener.Addr().String()
			}
			transport := secure.Client().Transport.(*http.Transport).Clone()
			transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
				to := map[string]string{"example.com:443": secure.Listener.Addr().String(), "example.com:80": plainAddr}
				return new(net.Dialer).DialContext(ctx, network, to[addr])
			}
			wants(t, outside(t, public, &http.Client{Transport: transport}).checkHTTPS(t.Context()), tt.want, "")
		})
	}
}

func TestDoctorOfThePublicAddress(t *testing.T) {
	t.Parallel()
	here := httptest.NewServer(http.HandlerFunc(latchkeyLike))
	t.Cleanup(here.Close)
	wants(t, outside(t, here.URL, nil).checkPublicAddress(t.Context()), statusOK, "a Latchkey answers at "+here.URL)

	moved := httptest.NewServer(http.RedirectHandler("https://www.example.com/healthz?secret=hunter2", http.StatusMovedPermanently))
	t.Cleanup(moved.Close)
	got := outside(t, moved.URL, nil).checkPublicAddress(t.Context())
	wants(t, got, statusFail, "to https://www.example.com")
	if strings.Contains(got.Message, "hunter2") {
		t.Errorf("%+v has a query", got)
	}

	away := outside(t, "http://127.0.0.1:1", nil)
	wants(t, away.checkPublicAddress(t.Context()), statusFail, "start the server")
	_, port, err := net.SplitHostPort(here.Listener.Addr().String())
	must(t, err)
	away.config.Addr = "0.0.0.0:" + port
	wants(t, away.checkPublicAddress(t.Context()), statusFail, "look at the reverse proxy")
	away.config.Addr = ""
	wants(t, away.checkPublicAddress(t.Context()), statusFail, "start the server")
}

// TestDoctorOfTheProxy has proxies that do more than they should.
func TestDoctorOfTheProxy(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	behind := h.serve()
	to, err := url.Parse(behind.base)
	must(t, err)
	for name, tt := range map[string]struct {
		change func(r *httputil.ProxyRequest)
		answer func(res *http.Response) error
		want   status
		says   string
	}{
		"one that leaves all as it is": {func(r *httputil.ProxyRequest) { r.Out.Host = to.Host }, nil, statusOK, "as Latchkey sends them"},
		"one that compresses": {func(r *httputil.ProxyRequest) { r.Out.Host = to.Host }, func(res *http.Response) error {
			if strings.Contains(res.Request.Header.Get("Accept-Encoding"), "br") {
				res.Header.Set("Content-Encoding", "br")
			}
			return nil
		}, statusWarn, "come compressed (br)"},
		"one that rewrites Host": {func(r *httputil.ProxyRequest) { r.Out.Host = "127.0.0.1:3000" }, nil, statusWarn, "$http_host"},
	} {
		proxy := httptest.NewServer(&httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); tt.change(r) }, ModifyResponse: tt.answer,
		})
		t.Cleanup(proxy.Close)
		at, err := url.Parse(proxy.URL)
		must(t, err)
		d := outside(t, behind.base, nil)
		d.http.Transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, at.Host)
		}}
		got := d.checkProxy(t.Context())
		if got.Status != tt.want || !strings.Contains(got.Message+got.Cure, tt.says) {
			t.Errorf("%s: %+v, want %s with %q", name, got, tt.want, tt.says)
		}
	}
	wants(t, outside(t, "http://127.0.0.1:1", nil).checkProxy(t.Context()), statusSkipped, "does not answer")
	if strings.Contains(behind.stderr.String(), "begun") {
		t.Error("the doctor began a login")
	}
}

func TestDoctorOfTheRedirectURI(t *testing.T) {
	t.Parallel()
	for public, want := range map[string]struct {
		status status
		says   string
	}{
		"https://latchkey.example.com":      {statusOK, "write exactly https://latchkey.example.com/auth into"},
		"https://latchkey.example.com:8443": {statusOK, "https://latchkey.example.com:8443/auth"},
		"http://latchkey.example.com":       {statusFail, "https redirect URIs only"},
		"https://192.0.2.7":                 {statusWarn, "no public host name"},
		"https://[2001:db8::1]":             {statusWarn, "no public host name"},
		"https://localhost":                 {statusWarn, "no public host name"},
	} {
		d := outside(t, public, nil)
		wants(t, d.checkRedirectURI(t.Context()), want.status, want.says)
		d.config.InstagramAuthorizeURL = "http://127.0.0.1:3001/oauth/authorize"
		wants(t, d.checkRedirectURI(t.Context()), statusOK, public+"/auth")
	}
	plain := outside(t, "http://latchkey.example.com", nil)
	wants(t, plain.checkHTTPS(t.Context()), statusFail, "plain http")
}

func TestDoctorOfTheApp(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]struct {
		status status
		says   string
	}{
		"":                                 {statusSkipped, "not set"},
		"1180000000000042":                 {statusOK, "1180000000000042 has the form"},
		"42":                               {statusWarn, "has 2 digits"},
		"99999999999999999999":             {statusWarn, "has 20 digits"},
		"my+app":                           {statusFail, "digits alone"},
		"0123456789abcdef0123456789abcdef": {statusFail, "looks like an app secret"},
		"01234567890123456789012345678901": {statusFail, "looks like an app secret"},
	} {
		d := doctor{config: config.Config{InstagramAppID: id}}
		got := d.checkAppID(t.Context())
		wants(t, got, want.status, want.says)
		if want.status == statusFail && strings.Contains(got.Message+got.Cure, id) {
			t.Errorf("%+v shows what may be a secret", got)
		}
	}
	simulated := doctor{config: config.Config{InstagramAppID: "my+app", InstagramAuthorizeURL: "http://sim.localhost:3001/oauth/authorize"}}
	wants(t, simulated.checkAppID(t.Context()), statusOK, "my+app")
	d := doctor{config: config.Config{Scopes: []string{"instagram_business_basic", "instagram_business_read_minds"}}}
	wants(t, d.checkScopes(t.Context()), statusWarn, "does not know instagram_business_read_minds")
}
