package picture

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// source is somewhere that pictures may come from.
type source struct {
	has    func(*url.URL) bool
	client *http.Client
}

// instagramCDN is where Instagram's pictures are: two domains, https, and nowhere inside our own
// network, whatever the name system says.
func instagramCDN() source {
	return source{has: onCDN, client: newClient(public)}
}

// ownOrigin is an origin on this machine, or nothing.
func ownOrigin(origin string) (source, bool) {
	o, err := url.Parse(origin)
	if err != nil || o.Scheme != "http" && o.Scheme != "https" {
		return source{}, false
	}
	if a, err := netip.ParseAddr(o.Hostname()); o.Hostname() != "localhost" && (err != nil || !a.IsLoopback()) {
		return source{}, false
	}
	has := func(u *url.URL) bool { return u.Scheme == o.Scheme && u.Host == o.Host && u.User == nil }
	return source{has: has, client: newClient(netip.Addr.IsLoopback)}, true
}

func onCDN(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.User == nil && (u.Port() == "" || u.Port() == "443") &&
		(strings.HasSuffix(host, ".cdninstagram.com") || strings.HasSuffix(host, ".fbcdn.net"))
}

var errAddress = errors.New("address may not be dialled")

// newClient makes a client that follows no redirect and dials only where it may. The address is
// judged after the name was looked up and just before the dial, so a name that changes its mind in
// between helps nobody; for the same reason no proxy is asked.
func newClient(may func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{
		Timeout: maxDuration,
		Control: func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !may(a.Addr().Unmap()) {
				return errAddress
			}
			return nil
		},
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			DisableCompression:     true, // pictures are compressed already
			DisableKeepAlives:      true, // the next picture from the same machine is a day away
			MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout:    5 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// special are the networks that net/netip takes for public and that lead elsewhere: other networks
// of ours, an IPv4 address that hides in an IPv6 one, or nowhere (IANA's registries of special
// addresses).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// public says whether an address is somebody's in the open Internet.
func public(a netip.Addr) bool {
	if a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
