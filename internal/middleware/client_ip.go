package middleware

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
)

// Proxies resolves the address of a client that may stand behind proxies.
type Proxies struct {
	// Trusted is where the proxies are whose X-Forwarded-For counts; nil means that nobody's does.
	Trusted []netip.Prefix
	// Log takes one warning in all when anyone else sends that header. Required.
	Log *slog.Logger

	warning sync.Once
}

// Client returns the address that the request came from: of the chain of addresses that
// X-Forwarded-For and the connection make, the last that is no trusted proxy, or the first when
// all of them are. What stands beyond an entry that is no address nobody vouches for, so the chain
// ends before it. The address has no zone and is never IPv4 in the clothes of IPv6. It is zero when
// the connection has none.
func (p *Proxies) Client(r *http.Request) netip.Addr {
	client, _ := parseHop(r.RemoteAddr)
	lines := r.Header["X-Forwarded-For"]
	if len(lines) == 0 {
		return client
	}
	if !p.trusts(client) {
		p.warn(client)
		return client
	}
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var entry string
			rest, entry, more = cutLast(rest)
			if entry == "" {
				continue
			}
			hop, ok := parseHop(entry)
			if !ok {
				return client
			}
			client = hop
			if !p.trusts(client) {
				return client
			}
		}
	}
	return client
}

func (p *Proxies) trusts(a netip.Addr) bool {
	for _, prefix := range p.Trusted {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

func (p *Proxies) warn(peer netip.Addr) {
	p.warning.Do(func() {
		p.Log.Warn("ignored an X-Forwarded-For header: its sender is none of LATCHKEY_TRUSTED_PROXIES; "+
			"if it is your proxy, name it there (told once)", "sender", addrText(peer))
	})
}

// cutLast splits a comma-separated list before its last entry.
func cutLast(list string) (rest, entry string, more bool) {
	i := strings.LastIndexByte(list, ',')
	if i < 0 {
		return "", strings.Trim(list, " \t"), false
	}
	return list[:i], strings.Trim(list[i+1:], " \t"), true
}

// parseHop reads an address in the forms that proxies write: bare, with a port, in brackets, and
// both.
func parseHop(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		addrPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		addr = addrPort.Addr()
	}
	return addr.Unmap().WithZone(""), true
}

// addrText is the address as a log shows it.
func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return none
	}
	return a.String()
}
