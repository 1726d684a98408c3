package instagram_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"latchkey/instagram"
)

// everyForm shows v in each way in which a program may print a value by accident.
func everyForm(v any) string {
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&b, verb+"\n", v)
		fmt.Fprintf(&b, verb+"\n", struct{ hidden any }{v})
	}
	j, _ := json.Marshal(v)
	b.Write(j)
	x, _ := xml.Marshal(v)
	b.Write(x)
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("shown", "value", v, slog.Group("group", "value", v))
	}
	return b.String()
}

// wantNoSecret searches what was shown for the secrets of the tests, in clear, escaped, in base64
// at every offset, and in hex.
func wantNoSecret(t *testing.T, shown string) {
	t.Helper()
	for _, secret := range []string{appSecret, codeText, tokenText} {
		forms := []string{secret, url.QueryEscape(secret), hex.EncodeToString([]byte(secret))}
		for skip := range 3 {
			// Only the whole groups in the middle do not depend on what stands around.
			forms = append(forms, base64.RawStdEncoding.EncodeToString([]byte(secret[skip:])[:12]))
		}
		for _, form := range forms {
			if strings.Contains(strings.ToLower(shown), strings.ToLower(form)) {
				t.Errorf("%s shows as %s in: %s", secret, form, shown)
			}
		}
	}
}

func TestASecretHasNoPrintableForm(t *testing.T) {
	t.Parallel()
	s := instagram.NewSecret(tokenText)
	client := instagram.Client{AppSecret: instagram.NewSecret(appSecret)}
	for _, v := range []any{
		s, &s, client, &client, shortToken(),
		[]instagram.Secret{s},
		map[string]instagram.Secret{"a": s},
		struct{ secret instagram.Secret }{s},
		struct{ token *instagram.Token }{&instagram.Token{Value: s}},
		map[instagram.Secret]int{s: 1},
	} {
		wantNoSecret(t, everyForm(v))
	}
	if got := fmt.Sprintf("%s %v %+v %#v %q %x", s, s, s, s, s, s); got != strings.Repeat("[secret] ", 5)+"[secret]" {
		t.Errorf("shows as %s", got)
	}
	if s.String() != "[secret]" || s.GoString() != "[secret]" {
		t.Errorf("shows as %s, %s", s.String(), s.GoString())
	}
}

func TestTheValueOfASecret(t *testing.T) {
	t.Parallel()
	s, none := instagram.NewSecret("a"), instagram.NewSecret("")
	if s.Reveal() != "a" || s.IsZero() || none.Reveal() != "" || !none.IsZero() {
		t.Error("a secret does not keep its value")
	}
	if !s.Equal(instagram.NewSecret("a")) || s.Equal(none) || !none.Equal(instagram.Secret{}) {
		t.Error("secrets do not compare by value")
	}
}

// carried is everything that a call carries, escaped and not.
func carried(r *http.Request) string {
	_ = r.ParseMultipartForm(1 << 16)
	said := []string{r.Header.Get("Authorization")}
	for _, values := range r.Form {
		for _, v := range values {
			said = append(said, v, url.QueryEscape(v), "/"+url.PathEscape(v))
		}
	}
	return strings.Join(said, " ")
}

// leaky answers each call with an error that quotes everything that the call carried.
type leaky struct{}

func (leaky) RoundTrip(r *http.Request) (*http.Response, error) {
	where := r.URL.String()
	return nil, &url.Error{Op: where, URL: where, Err: errors.New(where + carried(r))}
}

// echo is an Instagram that quotes everything in its answer, in the form that the test says.
func echo(status int, form string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		said := carried(r)
		w.Header().Set("Location", "http://x:y/ "+said)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(strings.ReplaceAll(form, "SAID", said)))
	}
}

func TestNoErrorShowsASecret(t *testing.T) {
	t.Parallel()
	closed := instagram.Client{
		AppSecret: instagram.NewSecret(appSecret),
		Endpoints: instagram.Endpoints{Token: "http://127.0.0.1:1/t", Graph: "http://127.0.0.1:1"},
	}
	invalid, quoting := closed, closed
	invalid.Endpoints = instagram.Endpoints{Token: "http://[::1/" + codeText, Graph: "http://[::1"}
	quoting.HTTP = &http.Client{Transport: leaky{}}
	clients := map[string]*instagram.Client{"refused": &closed, "invalid": &invalid, "leaky transport": &quoting}
	for _, form := range []string{
		`{"error":{"code":190,"message":"SAID","type":"SAID","fbtrace_id":"SAID"}}`, `{"error":"SAID"}`,
		`{"error_message":"SAID","error_type":"SAID"}`, `SAID`, `{"data":"SAID"`, `{"access_token":" SAID"}`,
		`{"id":"SAID","data":"SAID"}`,
	} {
		clients["200 "+form] = clientOf(t, echo(200, form))
		clients["302 "+form] = clientOf(t, echo(302, form))
		clients["400 "+form] = clientOf(t, echo(400, form))
	}
	for name, c := range clients {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantNoSecret(t, everyError(t, c))
		})
	}
}

// everyError makes each call, all of which must fail, and shows the errors and what is under them.
func everyError(t *testing.T, c *instagram.Client) string {
	t.Helper()
	_, exchange := c.Exchange(t.Context(), instagram.NewSecret(codeText))
	_, extend := c.Extend(t.Context(), shortToken())
	_, refresh := c.Refresh(t.Context(), shortToken())
	_, me := c.Me(t.Context(), token())
	_, list := c.Insights(t.Context(), token(), "me", nil)
	_, path := instagram.Get[struct{}](t.Context(), c, token(), "me?access_token="+tokenText, nil)
	var shown strings.Builder
	for _, err := range []error{exchange, extend, refresh, me, list, path} {
		shown.WriteString(everyForm(fmt.Errorf("outer: %w", err)))
		for ; err != nil; err = errors.Unwrap(err) {
			shown.WriteString(everyForm(err))
		}
	}
	if exchange == nil || extend == nil || refresh == nil || me == nil || path == nil {
		t.Errorf("a call did not fail: %v, %v, %v, %v, %v", exchange, extend, refresh, me, path)
	}
	return shown.String()
}
