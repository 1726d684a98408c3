package egress_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"latchkey/internal/egress"
)

// get asks a client for a page.
func get(t *testing.T, c *http.Client, url string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.Do(r)
	if err == nil {
		t.Cleanup(func() { response.Body.Close() })
	}
	return response, err
}

// TestDialOfAName holds that the address is judged that a name turns out to have: this name is one of this
// machine's.
func TestDialOfAName(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for _, host := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]"} {
		if _, err := get(t, egress.Client(time.Minute, egress.Public), "http://"+host+":"+port); !errors.Is(err, egress.ErrAddress) {
			t.Errorf("%s: %v", host, err)
		}
		if _, err := get(t, egress.Client(time.Minute, netip.Addr.IsLoopback), "http://"+host+":"+port); err != nil {
			t.Errorf("%s: %v, where it may", host, err)
		}
	}
}

// TestNoRedirect holds that an answer which sends elsewhere is an answer.
func TestNoRedirect(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer server.Close()
	response, err := get(t, egress.Client(time.Minute, netip.Addr.IsLoopback), server.URL)
	if err != nil || response.StatusCode != http.StatusFound || asked != 1 {
		t.Errorf("asked %d times: %v, %v", asked, response, err)
	}
}

// TestNoProxy holds that no proxy of the environment is asked, which would dial in our place.
func TestNoProxy(t *testing.T) {
	t.Parallel()
	if transport := egress.Client(time.Minute, egress.Public).Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("a proxy may be asked")
	}
}
