package picture_test

import (
	"context"
	"net/http"
	"net/http/httptest"
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
