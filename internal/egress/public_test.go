package egress_test

import (
	"net/netip"
	"testing"

	"latchkey/internal/egress"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"157.240.0.63":            true,
		"2a03:2880:f21c:80::1":    true,
		"172.15.255.255":          true,
		"100.63.255.255":          true,
		"127.0.0.1":               false,
		"0.0.0.0":                 false,
		"0.1.2.3":                 false,
		"10.1.2.3":                false,
		"172.16.0.1":              false,
		"192.168.1.1":             false,
		"169.254.169.254":         false,
		"100.64.0.1":              false,
		"192.0.0.170":             false,
		"198.18.0.1":              false,
		"224.0.0.1":               false,
		"240.0.0.1":               false,
		"255.255.255.255":         false,
		"::":                      false,
		"::1":                     false,
		"::7f00:1":                false,
		"fe80::1":                 false,
		"2a03:2880:f21c:80::1%lo": false,
		"fc00::1":                 false,
		"fd12:3456::1":            false,
		"fec0::1":                 false,
		"ff02::1":                 false,
		"64:ff9b::7f00:1":         false,
		"64:ff9b:1::1":            false,
		"2002:7f00:1::":           false,
		"2001:0:7f00:1::":         false,
		"2001:db8::1":             false,
	} {
		if got := egress.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v, want %v", address, got, want)
		}
	}
}
