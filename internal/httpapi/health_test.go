package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/internal/httpapi"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// TestHealth asks both checks of a server whose store answers, and again when it does not.
func TestHealth(t *testing.T) {
	t.Parallel()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	(&httpapi.Handler{Ping: st.Ping, CheckWrite: st.CheckWrite}).Mount(mux)
	for _, tt := range []struct {
		name           string
		before         func() error
		healthz, ready int
	}{
		{"the store answers", func() error { return st.Migrate(t.Context()) }, http.StatusOK, http.StatusOK},
		{"the store is away", st.Close, http.StatusOK, http.StatusServiceUnavailable},
	} {
		if err := tt.before(); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]int{"/healthz": tt.healthz, "/readyz": tt.ready} {
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if w.Code != want {
				t.Errorf("%s: %s answers %d, want %d", tt.name, path, w.Code, want)
			}
		}
	}
}

// TestWhyNotReady holds that a store that takes no writes has words of its own, which tell nobody where
// it is.
func TestWhyNotReady(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		says string
	}{
		{store.ErrFull, "no room left"},
		{store.ErrReadOnly, "may only be read"},
		{store.ErrDamaged, "is damaged"},
		{store.ErrBusy, "another program"},
		{store.ErrAway, "does not answer"},
		{context.DeadlineExceeded, "does not answer"},
	} {
		mux := http.NewServeMux()
		check := func(context.Context) error { return fmt.Errorf("check write: /srv/canary.db: %w", tt.err) }
		answers := func(context.Context) error { return nil }
		(&httpapi.Handler{Ping: answers, CheckWrite: check}).Mount(mux)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		body := w.Body.String()
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(body, tt.says) || strings.Contains(body, "canary") {
			t.Errorf("%v: %d %q", tt.err, w.Code, body)
		}
	}
}

// TestAStoreThatIsAwayIsNotWrittenTo holds that an answer is asked for each time, and a write only then.
func TestAStoreThatIsAwayIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	(&httpapi.Handler{
		Ping:       func(context.Context) error { return store.ErrAway },
		CheckWrite: func(context.Context) error { t.Error("a write was tried"); return nil },
	}).Mount(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("answered %d", w.Code)
	}
}

// TestHealthIsOnlyRead asks in other ways, beside a page for whatever no route wants.
func TestHealthIsOnlyRead(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	(&httpapi.Handler{}).Mount(mux)
	mux.Handle("/", http.NotFoundHandler())
	for _, path := range []string{"/healthz", "/readyz"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, nil))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s answers %d, allowing %q; want 405, allowing GET and HEAD", path, w.Code, w.Header().Get("Allow"))
		}
	}
}
