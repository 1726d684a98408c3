package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"latchkey/instagram"
)

func TestAnAnswerThatIsNoneOfInstagrams(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		cause  instagram.Cause
	}{
		{"HTML outage", 500, "<!DOCTYPE html><title>Sorry</title>", "outage"},
		{"HTML bad gateway", 502, "<html>", "outage"},
		{"HTML not found", 404, "<html>Sorry, this page isn't available</html>", "unreadable"},
		{"HTML success", 200, "<html>", "unreadable"},
		{"empty outage", 503, "", "outage"},
		{"empty refusal", 400, "", "unreadable"},
		{"empty success", 200, "", "unreadable"},
		{"no content", 204, "", "unreadable"},
		{"cut off", 200, `{"user_id":"17841400000000123","usern`, "unreadable"},
		{"followed by more", 200, `{"user_id":"17841400000000123"} {}`, "unreadable"},
		{"no object", 200, `[1,2]`, "unreadable"},
		{"a text", 200, `"user_id"`, "unreadable"},
		{"outage in JSON", 500, `{}`, "outage"},
		{"refusal in JSON", 400, `{}`, "unreadable"},
		{"redirect", 302, `{"user_id":"17841400000000123"}`, "unreadable"},
		{"error that is a text", 400, `{"error":"temporarily_unavailable"}`, ""},
		{"error that is a number", 200, `{"error":7,"user_id":"17841400000000123"}`, ""},
		{"error of odd members", 200, `{"error":{"code":"x","message":[],"is_transient":"yes"}}`, ""},
		{"too long", 200, `{"user_id":"17841400000000123","name":"` + repeat("x", 1<<20) + `"}`, "too_large"},
		{"a long outage", 500, repeat("x", 1<<21), "too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := setup(t, &conversation{status: tt.status, body: tt.body})
			_, err := client.Me(t.Context(), token())
			e := wantError(t, err, instagram.ClassRetry, tt.cause)
			if e.Status != tt.status {
				t.Errorf("status %d, want %d", e.Status, tt.status)
			}
			_, err = client.Exchange(t.Context(), instagram.NewSecret(codeText))
			wantError(t, err, instagram.ClassRetry, tt.cause)
		})
	}
}

func TestTheLongestAnswerIsRead(t *testing.T) {
	t.Parallel()
	const start, end = `{"user_id":"17841400000000123","name":"`, `"}`
	ig := &conversation{body: start + repeat("x", 1<<20-len(start)-len(end)) + end}
	got, err := setup(t, ig).Me(t.Context(), token())
	if err != nil || len(got.Name) != 200 {
		t.Errorf("%d bytes of name: %v", len(got.Name), err)
	}
}

func TestAConnectionThatBreaks(t *testing.T) {
	t.Parallel()
	breaks := map[string]http.HandlerFunc{
		"before the answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"within the body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"access_token":"IGAA`))
		},
	}
	for name, h := range breaks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientOf(t, h)
			_, err := client.Exchange(t.Context(), instagram.NewSecret(codeText))
			wantError(t, err, instagram.ClassRetry, "unreachable")
		})
	}
}

// A code is sent once, also over a connection that was kept and then found dead.
func TestACodeIsSentOnce(t *testing.T) {
	t.Parallel()
	codes := make(chan struct{}, 10)
	client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			_, _ = w.Write([]byte(`{"user_id":"1"}`))
			return
		}
		codes <- struct{}{}
		panic(http.ErrAbortHandler)
	}))
	if _, err := client.Me(t.Context(), token()); err != nil {
		t.Fatal(err)
	}
	watched := &watcher{under: client.HTTP.Transport}
	client.HTTP.Transport = watched
	_, err := client.Exchange(t.Context(), instagram.NewSecret(codeText))
	if e := wantError(t, err, instagram.ClassRetry, "unreachable"); e.Status != 0 {
		t.Errorf("status %d without an answer", e.Status)
	}
	if n := len(codes); n != 1 {
		t.Errorf("the code was sent %d times", n)
	}
	if watched.repeatable {
		t.Error("net/http is able to send the code again")
	}
}

// watcher sees whether net/http could send a body again.
type watcher struct {
	under      http.RoundTripper
	repeatable bool
}

func (w *watcher) RoundTrip(r *http.Request) (*http.Response, error) {
	w.repeatable = w.repeatable || r.GetBody != nil
	return w.under.RoundTrip(r)
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := &conversation{body: `{"user_id":"666","access_token":"IGAA666"}`}
	other := httptest.NewServer(elsewhere)
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		client := setup(t, &conversation{status: status, header: http.Header{"Location": {other.URL}}})
		client.HTTP.CheckRedirect = nil
		_, err := client.Me(t.Context(), token())
		wantError(t, err, instagram.ClassRetry, "unreadable")
		_, err = client.Exchange(t.Context(), instagram.NewSecret(codeText))
		wantError(t, err, instagram.ClassRetry, "unreadable")
		client.HTTP = nil
		_, err = client.Refresh(t.Context(), shortToken())
		wantError(t, err, instagram.ClassRetry, "unreadable")
	}
	if n := len(elsewhere.asked); n != 0 {
		t.Errorf("%d calls followed a redirect", n)
	}
}

func TestTheEndOfAContext(t *testing.T) {
	t.Parallel()
	client := clientOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Refresh(ctx, shortToken())
	wantError(t, err, instagram.ClassRetry, "unreachable")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not context.Canceled", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = client.Refresh(ctx, shortToken())
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not context.DeadlineExceeded", err)
	}
}

func TestAnAddressThatIsNoURL(t *testing.T) {
	t.Parallel()
	client := &instagram.Client{Endpoints: instagram.Endpoints{Graph: "http://[::1", Token: ":"}}
	_, err := client.Refresh(t.Context(), shortToken())
	wantError(t, err, instagram.ClassOperator, "address")
	for _, address := range []string{":", "graph.instagram.com", "ftp://x", "https://", "/oauth"} {
		client.Endpoints.Token = address
		_, err = client.Exchange(t.Context(), instagram.NewSecret(codeText))
		wantError(t, err, instagram.ClassOperator, "address")
	}
}
