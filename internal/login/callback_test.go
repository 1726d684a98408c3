package login_test

import (
	"net/url"
	"strings"
	"testing"

	"latchkey/internal/login"
)

func TestParseCallback(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query       string
		state, code, fail string
	}{
		{name: "as Instagram sends it", query: "code=AQBx&state=S", state: "S", code: "AQBx"},
		{name: "a code copied by hand", query: "code=AQBx%23_&state=S", state: "S", code: "AQBx"},
		{name: "the same key twice with one value", query: "code=A&code=A&state=S&state=S", state: "S", code: "A"},
		{name: "unknown keys", query: "code=A&state=S&utm=1&utm=2", state: "S", code: "A"},
		{name: "nothing", query: ""},
		{name: "two states", query: "code=A&state=S&state=T", fail: "several values of state"},
		{name: "two codes", query: "code=A&code=B&state=S", fail: "several values of code"},
		{name: "an empty one and another", query: "code=&code=B&state=S", fail: "several values of code"},
		{name: "two errors", query: "error=a&error=b&state=S", fail: "several values of error"},
		{name: "bad escape", query: "code=%zz&state=S", fail: "cannot be read"},
		{name: "as long as is read", query: "state=S&code=" + strings.Repeat("A", 8<<10-13), state: "S", code: strings.Repeat("A", 8<<10-13)},
		{name: "a byte longer", query: "state=S&code=" + strings.Repeat("A", 8<<10-12), fail: "at most 8192 are read"},
		{name: "too long", query: "code=" + strings.Repeat("A", 9000), fail: "at most"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cb, err := login.ParseCallback(tt.query)
			if tt.fail != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fail) {
					t.Fatalf("got %v, want an error with %q", err, tt.fail)
				}
				return
			}
			if err != nil || cb.State.Reveal() != tt.state || cb.Code.Reveal() != tt.code {
				t.Errorf("got state %q, code %q, %v", cb.State.Reveal(), cb.Code.Reveal(), err)
			}
		})
	}
}

func FuzzParseCallback(f *testing.F) {
	for _, seed := range []string{
		"code=AQBx&state=S", "code=A%23_&state=S#_", "error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=S",
		"code=A&code=B", "%", "a;b", "state=\x00&code=\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		cb, err := login.ParseCallback(query)
		if err != nil {
			if strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error quotes the query: %v", err)
			}
			return
		}
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatalf("read a query that is none: %q", query)
		}
		if q.Get("state") != cb.State.Reveal() || !strings.HasPrefix(q.Get("code"), cb.Code.Reveal()) {
			t.Errorf("%q was read as state %q, code %q", query, cb.State.Reveal(), cb.Code.Reveal())
		}
	})
}
