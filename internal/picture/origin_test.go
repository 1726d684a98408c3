package picture_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"latchkey/internal/picture"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		address string
		ok      bool
	}{
		{onCDN, true},
		{"https://SCONTENT.CDNINSTAGRAM.COM/x.jpg" + sign, true},
		{"https://instagram.ffra1-1.fna.fbcdn.net:443/x.jpg" + sign, true},
		{"http://127.0.0.1:3001/picture/1" + sign, true},

		{"", false},
		{"x.jpg" + sign, false},
		{"https://%zz" + sign, false},
		{"http://scontent.cdninstagram.com/x.jpg" + sign, false},
		{"https://scontent.cdninstagram.com:8443/x.jpg" + sign, false},
		{"https://c4nary@scontent.cdninstagram.com/x.jpg" + sign, false},
		{"https://cdninstagram.com/x.jpg" + sign, false},
		{"https://evilcdninstagram.com/x.jpg" + sign, false},
		{"https://scontent.cdninstagram.com.evil.test/x.jpg" + sign, false},
		{"https://evil.test/.cdninstagram.com" + sign, false},
		{"https://evil.test#.cdninstagram.com" + sign, false},
		{`https://evil.test\.cdninstagram.com` + sign, false},
		{"https://scontent.cdninstagram.com@evil.test/" + sign, false},
		{"https://[::1]/x.jpg" + sign, false},
		{"https://169.254.169.254/latest" + sign, false},
		{"file:///etc/passwd" + sign, false},
		{"http://127.0.0.1:3000/" + sign, false},
		{"https://127.0.0.1:3001/" + sign, false},
		{"http://c4nary@127.0.0.1:3001/" + sign, false},
		{"http://localhost:3001/" + sign, false},
	} {
		t.Run(tt.address, func(t *testing.T) {
			t.Parallel()
			f := picture.Fetcher{Origin: "http://127.0.0.1:3001"}
			asked := false
			f.AskInstead(cdn(func(*http.Request) (*http.Response, error) {
				asked = true
				return answer(t), nil
			}))
			got, err := f.Picture(t.Context(), tt.address)
			if !tt.ok {
				wantNone(t, got, err, "")
			} else if err != nil {
				t.Error(err)
			}
			if asked != tt.ok {
				t.Errorf("asked: %v", asked)
			}
		})
	}
}

// TestOriginElsewhere holds that only this machine may be named as the origin.
func TestOriginElsewhere(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{
		"", "http://192.0.2.1:3001", "http://10.0.0.1", "http://evil.test", "http://localhost.evil.test",
		"http://0.0.0.0", "unix:///run/x", "%zz", "//127.0.0.1",
	} {
		f := picture.Fetcher{Origin: origin}
		f.AskInstead(nobody(t))
		got, err := f.Picture(t.Context(), origin+"/picture.jpg")
		wantNone(t, got, err, "address")
	}
	for _, origin := range []string{"http://localhost:3001", "http://[::1]:3001", "https://127.0.0.2", "http://127.0.0.1:3001/"} {
		f := picture.Fetcher{Origin: origin}
		f.AskInstead(cdn(func(*http.Request) (*http.Response, error) { return answer(t), nil }))
		if _, err := f.Picture(t.Context(), strings.TrimSuffix(origin, "/")+"/picture.jpg"); err != nil {
			t.Errorf("%s: %v", origin, err)
		}
	}
}

// TestDialOfAName holds that the address is judged that a name turns out to have: this name is one
// of this machine's.
func TestDialOfAName(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	for _, host := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]"} {
		err := picture.DialCDN(ctx, host+":"+port)
		if err == nil || !strings.Contains(err.Error(), "may not be dialled") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

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
		if got := picture.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v, want %v", address, got, want)
		}
	}
}
