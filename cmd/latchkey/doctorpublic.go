package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/internal/config"
)

// answered is what the doctor needs of an answer.
type answered struct {
	status int
	header http.Header
	body   string
	tls    *tls.ConnectionState
}

// bodyAtMost is how much of an answer is read.
const bodyAtMost = 1 << 10

// ask asks an address, which has no query, with headers as name and value by turns. The error leaves
// the address out.
func (d *doctor) ask(ctx context.Context, method, address string, headers ...string) (answered, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return answered{}, err
	}
	req.Header.Set("User-Agent", "latchkey-doctor")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := d.http.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return answered{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyAtMost))
	return answered{res.StatusCode, res.Header, string(body), res.TLS}, err
}

// publicUnread is what is said in place of what follows from the public address.
var publicUnread = config.PublicURL.Variable() + " is not set, or wrong"

// checkPublicAddress looks whether a Latchkey answers where browsers are sent. Which one it is cannot
// be seen: a page that anybody may ask does not tell.
func (d *doctor) checkPublicAddress(ctx context.Context) check {
	const name = "public_address"
	if d.config.PublicURL == nil {
		return d.unset(name, publicUnread)
	}
	public := d.config.PublicURL.String()
	answer, err := d.ask(ctx, http.MethodGet, public+"/healthz")
	switch {
	case err != nil:
		return failure(name, d.whoAnswersHere(ctx), "%s does not answer: %v", public, err)
	case isRedirect(answer.status):
		return failure(name, "write the address that people end on into LATCHKEY_PUBLIC_URL, and the redirect URI at Meta after it",
			"%s sends browsers elsewhere, to %s", public, originOf(answer.header.Get("Location")))
	case answer.status != http.StatusOK || answer.body != healthy:
		return failure(name, d.whoAnswersHere(ctx), "at %s answers something else than Latchkey, with status %d", public, answer.status)
	}
	return well(name, "a Latchkey answers at %s", public)
}

// healthy is what /healthz answers.
const healthy = "ok\n"

// whoAnswersHere tells a server that is away from a proxy that does not reach it.
func (d *doctor) whoAnswersHere(ctx context.Context) string {
	host, port, err := net.SplitHostPort(d.config.Addr)
	if err != nil || port == "0" {
		return "start the server, and see that the reverse proxy passes on to LATCHKEY_ADDR"
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	if answer, err := d.ask(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz"); err == nil && answer.body == healthy {
		return fmt.Sprintf("the server itself answers at %s: look at the reverse proxy, the name's address and the firewall", d.config.Addr)
	}
	return fmt.Sprintf("start the server; nothing answers at %s either, where it would listen by these settings", d.config.Addr)
}

func isRedirect(status int) bool { return status >= 300 && status < 400 }

// originOf is an address without what may be secret in it.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "another page"
	}
	return u.Scheme + "://" + u.Host
}

// certificateWarning is how long before its end a certificate should have been renewed.
const certificateWarning = 14 * 24 * time.Hour

// checkHTTPS looks at the certificate and at what plain http does.
func (d *doctor) checkHTTPS(ctx context.Context) check {
	const name = "https"
	public := d.config.PublicURL
	switch {
	case public == nil:
		return d.unset(name, publicUnread)
	case public.Scheme != "https" && d.simulated():
		return skipped(name, "none, which is enough beside a simulator on this machine")
	case public.Scheme != "https":
		return failure(name, "put a reverse proxy with https in front (docs/operating.md, The reverse proxy), and write its address into LATCHKEY_PUBLIC_URL",
			"%s is plain http: Instagram sends people back to https addresses only", public)
	}
	answer, err := d.ask(ctx, http.MethodGet, public.String()+"/healthz")
	switch {
	case err != nil && isCertificateError(err):
		return failure(name, "get a certificate for this host name from an authority that browsers know, and give the whole chain to the reverse proxy",
			"browsers do not accept the certificate: %v", err)
	case err != nil || answer.tls == nil || len(answer.tls.PeerCertificates) == 0:
		return skipped(name, "%s does not answer", public)
	}
	ends := answer.tls.PeerCertificates[0].NotAfter
	if left := time.Until(ends); left < certificateWarning {
		return warning(name, "look why the reverse proxy does not renew it", "the certificate ends on %s", moment(ends))
	}
	if answer.header.Get("Strict-Transport-Security") == "" {
		return warning(name, "let the reverse proxy pass the headers of Latchkey on", "the answers lack Strict-Transport-Security, which Latchkey sends")
	}
	if wrong, ok := d.checkPlainHTTP(ctx); !ok {
		return wrong
	}
	return well(name, "the certificate is good until %s", moment(ends))
}

// checkPlainHTTP looks where somebody ends who types the name without https. That nobody answers
// there is as good as a redirect.
func (d *doctor) checkPlainHTTP(ctx context.Context) (wrong check, ok bool) {
	public := d.config.PublicURL
	if public.Port() != "" {
		return check{}, true
	}
	answer, err := d.ask(ctx, http.MethodGet, "http://"+public.Host+"/healthz")
	if err != nil || isRedirect(answer.status) && strings.HasPrefix(answer.header.Get("Location"), public.String()+"/") {
		return check{}, true
	}
	return warning("https", "let the reverse proxy redirect http to "+public.String(),
		"http://%s is answered with status %d instead of a redirect to https", public.Host, answer.status), false
}

// checkProxy looks at what a proxy does to a page, which Latchkey sends as it is, and to the Host that
// browsers send.
func (d *doctor) checkProxy(ctx context.Context) check {
	const name = "proxy"
	if d.config.PublicURL == nil {
		return d.unset(name, publicUnread)
	}
	public := d.config.PublicURL.String()
	page, err := d.ask(ctx, http.MethodGet, public+"/", "Accept-Encoding", "gzip, br, zstd")
	if err != nil {
		return skipped(name, "%s does not answer", public)
	}
	if how := page.header.Get("Content-Encoding"); how != "" {
		return warning(name, "switch that off for Latchkey, with gzip off in nginx, or without encode in Caddy: a length must not tell what is on a page",
			"the pages of %s come compressed (%s), which a proxy does", public, plain(how))
	}
	begin, err := d.ask(ctx, http.MethodHead, public+"/login") // which starts nothing
	if err == nil && isRedirect(begin.status) && begin.header.Get("Location") == public+"/login" {
		return warning(name, "let the reverse proxy pass the visitor's Host on, with proxy_set_header Host $http_host in nginx",
			"the Host that arrives at Latchkey is another than %s", d.config.PublicURL.Host)
	}
	return well(name, "pages arrive as Latchkey sends them, and so does the Host")
}

func isCertificateError(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

// simulated says that a simulator on this machine takes Instagram's place.
func (d *doctor) simulated() bool {
	u, err := url.Parse(d.config.InstagramAuthorizeURL)
	if err != nil {
		return false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
