package picture

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"latchkey/internal/egress"
)

// source is somewhere that pictures may come from.
type source struct {
	has    func(*url.URL) bool
	client *http.Client
}

// instagramCDN is where Instagram's pictures are: two domains, https, and nowhere inside our own
// network, whatever the name system says.
func instagramCDN() source {
	return source{has: onCDN, client: egress.Client(maxDuration, egress.Public)}
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
	return source{has: has, client: egress.Client(maxDuration, netip.Addr.IsLoopback)}, true
}

func onCDN(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.User == nil && (u.Port() == "" || u.Port() == "443") &&
		(strings.HasSuffix(host, ".cdninstagram.com") || strings.HasSuffix(host, ".fbcdn.net"))
}
