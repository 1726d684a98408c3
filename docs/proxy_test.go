package docs_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// behind is what stands in Latchkey's place behind a proxy: it tells what arrives.
func behind(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/own":
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, "a page of Latchkey's own")
		case "/style":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, "a style sheet")
			_ = z.Close()
		default:
			fmt.Fprintf(w, "Host %s; X-Forwarded-For %q; %s", r.Host, r.Header.Values("X-Forwarded-For"), strings.Repeat("long enough to be compressed ", 100))
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// proxied is a proxy that runs with our file.
type proxied struct {
	t      *testing.T
	client *http.Client
	addr   string
	logs   func() string
}

// freePort is an address on which nothing listens.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// certified writes a certificate for example.com, with its key, and returns who trusts it.
func certified(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "fullchain.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	write(t, filepath.Join(dir, "privkey.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return pool
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run starts a proxy and waits until it listens.
func run(t *testing.T, addr string, pool *x509.CertPool, logs func() string, environ []string, name string, args ...string) *proxied {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = &said, &said, append(os.Environ(), environ...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); <-ended })
	for {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			break
		}
		select {
		case <-ended:
			t.Fatalf("%s ended:\n%s", name, said.String())
		case <-time.After(20 * time.Millisecond): // nothing tells when a program listens
		}
	}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	transport := &http.Transport{
		DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true, DisableCompression: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &proxied{t: t, client: &http.Client{Transport: transport}, addr: addr, logs: logs}
}

// get asks the proxy as a browser of example.com does, and as one that lies about who it is.
func (p *proxied) get(address string) (*http.Response, string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip, br, zstd")
	req.Header.Set("X-Forwarded-For", "192.0.2.66")
	req.Header.Set("Referer", "https://example.com/auth?code=hunter2")
	res, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(body)
}

// passes holds what a proxy must leave as it is, and what it shows when Latchkey is away.
func (p *proxied) passes(server *httptest.Server) {
	p.t.Helper()
	for _, host := range []string{"example.com", "example.com:8443"} {
		res, body := p.get("https://" + host + "/auth?code=hunter2&state=hunter2")
		if !strings.HasPrefix(body, "Host "+host+`; X-Forwarded-For ["127.0.0.1"]`) || res.Header.Get("Content-Encoding") != "" {
			p.t.Errorf("%s arrives as %.80s, compressed by %q", host, body, res.Header.Get("Content-Encoding"))
		}
	}
	if res, body := p.get("https://example.com/own"); res.StatusCode != http.StatusBadGateway || body != "a page of Latchkey's own" {
		p.t.Errorf("a page of an error passes as %s, %.80s", res.Status, body)
	}
	if res, _ := p.get("https://example.com/style"); res.Header.Get("Content-Encoding") != "gzip" {
		p.t.Error("what Latchkey compressed does not pass")
	}
	server.Close()
	res, body := p.get("https://example.com/auth?code=hunter2&state=hunter2")
	if res.StatusCode != http.StatusBadGateway || body != read(p.t, "../deploy/away.html") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		p.t.Errorf("while Latchkey is away the answer is %s, %v, %.80s", res.Status, res.Header, body)
	}
	if res.Header.Get("Cache-Control") != "no-store" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		p.t.Errorf("the page for then has the headers %v", res.Header)
	}
	if logs := p.logs(); strings.Contains(logs, "hunter2") || !strings.Contains(logs, "/auth") {
		p.t.Errorf("the logs have a code, or nothing:\n%s", logs)
	}
}

// TestNginx runs nginx with our file, inside a configuration that compresses.
func TestNginx(t *testing.T) {
	t.Parallel()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("elsewhere: nginx is not here")
	}
	dir, server := t.TempDir(), behind(t)
	pool := certified(t, dir)
	addr, plain := freePort(t), freePort(t)
	share, err := filepath.Abs("../deploy")
	if err != nil {
		t.Fatal(err)
	}
	ours := strings.NewReplacer(
		"latchkey.example.com", "example.com", "/etc/letsencrypt/live/latchkey.example.com", dir,
		"listen 443 ", "listen "+addr+" ", "listen 80;", "listen "+plain+";",
		"listen [::]:443 ssl http2;", "", "listen [::]:80;", "",
		"127.0.0.1:3000", server.Listener.Addr().String(), "/var/log/nginx", dir, "/usr/share/latchkey", share,
	).Replace(read(t, "../deploy/nginx.conf"))
	write(t, filepath.Join(dir, "latchkey.conf"), ours)
	temporary := ""
	for _, of := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temporary += of + "_temp_path " + filepath.Join(dir, of) + ";\n"
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	write(t, filepath.Join(dir, "nginx.conf"), user+"daemon off;\npid "+dir+"/pid;\nerror_log stderr crit;\nevents {}\nhttp {\ngzip on;\ngzip_min_length 20;\ngzip_proxied any;\n"+temporary+"include "+dir+"/latchkey.conf;\n}\n")
	logs := func() string {
		return read(t, filepath.Join(dir, "latchkey.access.log")) + read(t, filepath.Join(dir, "latchkey.error.log"))
	}
	run(t, addr, pool, logs, nil, nginx, "-e", "stderr", "-p", dir, "-c", filepath.Join(dir, "nginx.conf")).passes(server)
}

// TestCaddy runs Caddy with our file. The certificate is handed to it, for there is no authority here.
func TestCaddy(t *testing.T) {
	t.Parallel()
	caddy, err := exec.LookPath("caddy")
	if err != nil {
		t.Skip("elsewhere: caddy is not here")
	}
	dir, server := t.TempDir(), behind(t)
	pool := certified(t, dir)
	addr := freePort(t)
	share, err := filepath.Abs("../deploy")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	log := filepath.Join(dir, "log")
	ours := strings.NewReplacer(
		"{\n\t# The callback's", "{\n\tdebug\n\tadmin off\n\thttps_port "+port+"\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n\t# The callback's",
		"\tlog {\n", "\tlog {\n\t\toutput file "+log+"\n",
		"latchkey.example.com} {\n", "latchkey.example.com} {\n\ttls "+dir+"/fullchain.pem "+dir+"/privkey.pem\n",
		"/usr/share/latchkey", share,
	).Replace(read(t, "../deploy/Caddyfile"))
	write(t, filepath.Join(dir, "Caddyfile"), ours)
	environ := []string{"SITE=example.com", "UPSTREAM=" + server.Listener.Addr().String(), "HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir}
	run(t, addr, pool, func() string { return read(t, log) }, environ, caddy, "run", "--adapter", "caddyfile", "--config", filepath.Join(dir, "Caddyfile")).passes(server)
}
