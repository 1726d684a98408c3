package instagram_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

type traceKey struct{}

// traced is a call that ended as a Trace saw it: "ok", or the class and the cause of its error.
type traced struct{ Call, Ended string }

// tracing lets the client tell of its calls, in the order in which they end.
func tracing(t *testing.T, client *instagram.Client) *[]traced {
	t.Helper()
	var all []traced
	client.Trace = func(ctx context.Context, call string) (context.Context, func(error)) {
		return context.WithValue(ctx, traceKey{}, call), func(err error) {
			ended := "ok"
			if err != nil {
				e, ok := errors.AsType[*instagram.Error](err)
				if !ok {
					t.Fatalf("error %v, want an *instagram.Error", err)
				}
				ended = string(e.Class) + " " + string(e.Cause)
			}
			all = append(all, traced{call, ended})
		}
	}
	return &all
}

func TestTrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		call       func(context.Context, *instagram.Client) error
		want       traced
	}{
		{"a code", `{"access_token":"IGAA1","user_id":"1"}`, exchange, traced{"code exchange", "ok"}},
		{"a blank token in a good answer", `{"access_token":" "}`, refresh, traced{"refresh", "retry no_token"}},
		{"a refusal with a good status", `{"error":{"code":190,"message":"expired"}}`, refresh, traced{"refresh", "reconnect token_invalid"}},
		{"an account without an id", `{"name":"x"}`, me, traced{"me", "retry unreadable"}},
		{"an id in the path", `{"permalink":"x"}`, get("17895695668004550/insights"), traced{"{id}/insights", "ok"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := setup(t, &conversation{body: tt.body})
			got := tracing(t, client)
			err := tt.call(t.Context(), client)
			if failed := tt.want.Ended != "ok"; failed != (err != nil) {
				t.Errorf("the caller got %v", err)
			}
			if diff := cmp.Diff([]traced{tt.want}, *got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A call that is never made is no call, and the others go on under the context of the trace.
func TestTraceContext(t *testing.T) {
	t.Parallel()
	client := setup(t, &conversation{body: `{"user_id":"1"}`})
	var under any
	transport := client.HTTP.Transport
	client.HTTP.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		under = r.Context().Value(traceKey{})
		return transport.RoundTrip(r)
	})
	got := tracing(t, client)
	if err := get("not a path")(t.Context(), client); err == nil || len(*got) != 0 {
		t.Errorf("%v, traced %v", err, *got)
	}
	if err := me(t.Context(), client); err != nil || under != "me" {
		t.Errorf("the call went on under the context of %v: %v", under, err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func exchange(ctx context.Context, c *instagram.Client) error {
	_, err := c.Exchange(ctx, instagram.NewSecret(codeText))
	return err
}

func refresh(ctx context.Context, c *instagram.Client) error {
	_, err := c.Refresh(ctx, shortToken())
	return err
}

func me(ctx context.Context, c *instagram.Client) error {
	_, err := c.Me(ctx, token())
	return err
}

func get(path string) func(context.Context, *instagram.Client) error {
	return func(ctx context.Context, c *instagram.Client) error {
		_, err := instagram.Get[map[string]any](ctx, c, token(), path, nil)
		return err
	}
}
