package middleware_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"latchkey/internal/middleware"
)

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

func forwarded(remote string, lines ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = remote
	if lines != nil {
		r.Header["X-Forwarded-For"] = lines
	}
	return r
}

func TestProxiesClient(t *testing.T) {
	t.Parallel()
	trusted := prefixes("10.0.0.0/8", "127.0.0.1/32", "fd00::/8", "fe80::/10")
	for _, tt := range []struct {
		name, remote string
		lines        []string
		want         string
	}{
		{"no header", "10.0.0.1:80", nil, "10.0.0.1"},
		{"no proxy", "203.0.113.9:80", nil, "203.0.113.9"},
		{"from anyone else", "203.0.113.9:80", []string{"198.51.100.1"}, "203.0.113.9"},
		{"one proxy", "10.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"the client forged the left", "10.0.0.1:80", []string{"1.1.1.1, 10.9.9.9, 198.51.100.1"}, "198.51.100.1"},
		{"two proxies", "10.0.0.1:80", []string{"1.1.1.1, 198.51.100.1,10.0.0.2"}, "198.51.100.1"},
		{"all are trusted", "10.0.0.1:80", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"several lines", "10.0.0.1:80", []string{"1.1.1.1", "198.51.100.1", "10.0.0.2"}, "198.51.100.1"},
		{"a line goes on in the next", "10.0.0.1:80", []string{"198.51.100.1, 10.0.0.3", "10.0.0.2"}, "198.51.100.1"},
		{"empty line", "10.0.0.1:80", []string{""}, "10.0.0.1"},
		{"empty entries", "10.0.0.1:80", []string{"198.51.100.1, ,,\t"}, "198.51.100.1"},
		{"junk next to us", "10.0.0.1:80", []string{"198.51.100.1, unknown"}, "10.0.0.1"},
		{"junk beyond a proxy", "10.0.0.1:80", []string{"198.51.100.1, _hidden, 10.0.0.2"}, "10.0.0.2"},
		{"junk beyond the client", "10.0.0.1:80", []string{"<script>, 198.51.100.1"}, "198.51.100.1"},
		{"a port", "10.0.0.1:80", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"IPv6", "[fd00::1]:80", []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv6 in brackets", "[fd00::1]:80", []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"IPv6 with a port", "[fd00::1]:80", []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		{"a proxy with a zone", "[fe80::1%eth0]:80", []string{"2001:db8::1"}, "2001:db8::1"},
		{"a client with a zone", "[fd00::1]:80", []string{"2001:db8::1%eth0"}, "2001:db8::1"},
		{"a proxy as mapped IPv4", "[::ffff:10.0.0.1]:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a hop as mapped IPv4", "10.0.0.1:80", []string{"198.51.100.1, ::ffff:10.0.0.2"}, "198.51.100.1"},
		{"a client as mapped IPv4", "10.0.0.1:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"no address", "@", nil, "invalid IP"},
		{"no address with a header", "", []string{"198.51.100.1"}, "invalid IP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := &middleware.Proxies{Trusted: trusted, Log: slog.New(slog.DiscardHandler)}
			if got := p.Client(forwarded(tt.remote, tt.lines...)).String(); got != tt.want {
				t.Errorf("client %s, want %s", got, tt.want)
			}
		})
	}
}

func TestProxiesWarnOnce(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := &middleware.Proxies{Trusted: prefixes("10.0.0.0/8"), Log: slog.New(slog.NewTextHandler(&log, nil))}
	p.Client(forwarded("10.0.0.1:80", "198.51.100.1"))
	p.Client(forwarded("203.0.113.9:80"))
	if log.Len() != 0 {
		t.Errorf("warned without a reason: %s", log.String())
	}

	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { p.Client(forwarded("203.0.113.9:80", "c4nary")) })
	}
	wg.Wait()

	if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), "level=WARN") ||
		!strings.Contains(log.String(), "LATCHKEY_TRUSTED_PROXIES") || !strings.Contains(log.String(), "sender=203.0.113.9") {
		t.Errorf("logged %s", log.String())
	}
	if strings.Contains(log.String(), "c4nary") {
		t.Errorf("repeated the header: %s", log.String())
	}
}

// FuzzProxiesClient holds that no header makes a client of an address that nobody vouched for: the
// answer is the last entry that is no proxy of ours, whatever stands before it.
func FuzzProxiesClient(f *testing.F) {
	f.Add("1.1.1.1, 2.2.2.2")
	f.Add("[2001:db8::1]:443, fe80::1%eth0")
	f.Add("unknown, , 10.0.0.1:99")
	f.Add("::ffff:10.0.0.1,\"[::1]\"")
	f.Fuzz(func(t *testing.T, header string) {
		p := &middleware.Proxies{Trusted: prefixes("10.0.0.0/8"), Log: slog.New(slog.DiscardHandler)}
		got := p.Client(forwarded("10.0.0.1:80", header))
		if !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Errorf("client %v", got)
		}
		for _, vouched := range []string{header + ", 198.51.100.7", header + ", 198.51.100.7, 10.2.2.2"} {
			if got := p.Client(forwarded("10.0.0.1:80", vouched)).String(); got != "198.51.100.7" {
				t.Errorf("%q: client %s", vouched, got)
			}
		}
		if got := p.Client(forwarded("203.0.113.9:80", header)).String(); got != "203.0.113.9" {
			t.Errorf("a stranger says who it is: %s", got)
		}
	})
}
