package instagram_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/instagram"
)

// The secrets of the tests are recognizable, so that a leak can be searched for.
const (
	appSecret = "canary-app-secret-0001"
	codeText  = "canary-code/0002+AQB#"
	tokenText = "IGAAcanarytoken0003"
)

// answered is the Date of every answer here, unless a test sends its own.
var answered = time.Date(2026, 10, 2, 8, 30, 0, 0, time.UTC)

// conversation is an Instagram that answers with what the test says and keeps what it was asked.
type conversation struct {
	status int
	header http.Header
	body   string

	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, path, query string
	header              http.Header
	body                string
}

func (c *conversation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	c.asked = append(c.asked, asked{r.Method, r.URL.Path, r.URL.RawQuery, r.Header, string(body)})
	c.mu.Unlock()
	w.Header().Set("Date", answered.Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	for name, values := range c.header {
		w.Header()[name] = values
	}
	if c.status != 0 {
		w.WriteHeader(c.status)
	}
	_, _ = io.WriteString(w, c.body)
}

// only returns the one question that was asked.
func (c *conversation) only(t *testing.T) asked {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.asked) != 1 {
		t.Fatalf("Instagram was asked %d times, want once", len(c.asked))
	}
	return c.asked[0]
}

// setup starts a conversation and returns a client that holds it.
func setup(t *testing.T, c *conversation) *instagram.Client {
	t.Helper()
	return clientOf(t, c)
}

func clientOf(t *testing.T, h http.Handler) *instagram.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &instagram.Client{
		AppID:       "990011223344",
		AppSecret:   instagram.NewSecret(appSecret),
		RedirectURL: "https://latchkey.example/auth",
		Endpoints: instagram.Endpoints{
			Authorize: s.URL + "/oauth/authorize",
			Token:     s.URL + "/oauth/access_token",
			Graph:     s.URL + "/",
			Version:   "v26.0",
		},
		HTTP: s.Client(),
	}
}

func shortToken() instagram.Token {
	return instagram.Token{
		Value:  instagram.NewSecret(tokenText),
		Scopes: []string{instagram.ScopeBasic, instagram.ScopeInsights},
	}
}

func token() instagram.Secret { return instagram.NewSecret(tokenText) }

func repeat(s string, n int) string { return strings.Repeat(s, n) }
