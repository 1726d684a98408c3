package instagram_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"latchkey/instagram"
)

// canned is a network that answers every call with one text.
type canned struct {
	status int
	header http.Header
	body   string
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: c.status, Header: c.header, Body: io.NopCloser(strings.NewReader(c.body)), Request: r,
	}, nil
}

// through is a client on a canned network.
func through(c canned) *instagram.Client {
	return &instagram.Client{
		AppSecret: instagram.NewSecret(appSecret), HTTP: &http.Client{Transport: c},
		Endpoints: instagram.Endpoints{Token: "http://ig.test/t", Graph: "http://ig.test"},
		Now:       func() time.Time { return answered },
	}
}

// checkError checks what holds for every error, whatever was answered.
func checkError(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*instagram.Error](err)
	if !ok {
		t.Fatalf("%v is no *instagram.Error", err)
	}
	switch e.Class {
	case instagram.ClassReconnect, instagram.ClassRetry, instagram.ClassHold,
		instagram.ClassOperator, instagram.ClassPermanent, instagram.ClassIgnore:
	default:
		t.Errorf("class %q", e.Class)
	}
	if e.Cause == "" && e.Class != instagram.ClassRetry {
		t.Errorf("unknown, and yet %q", e.Class)
	}
	if e.RetryAfter < 0 || e.Advice() == "" {
		t.Errorf("wait %v, advice %q", e.RetryAfter, e.Advice())
	}
	for _, text := range []string{e.Message, e.Type, e.TraceID, e.Error()} {
		if len(e.Message) > 500 || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n\x00\x1b") {
			t.Errorf("text %q", text)
		}
		for _, secret := range []string{tokenText, appSecret, codeText} {
			if strings.Contains(text, secret) {
				t.Errorf("%q shows %q", text, secret)
			}
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"access_token":"IGAA1","user_id":28547559528000001,"permissions":["instagram_business_basic"]}`,
		`{"data":[{"access_token":"IGAA1","user_id":"1","permissions":"a,b%2Cc d"}]}`,
		`{"access_token":"IGAA2","token_type":"bearer","expires_in":5183944}`,
		`{"data":[{"user_id":17841400000000123,"id":"2","username":"a","account_type":"MEDIA_CREATOR","media_count":0}]}`,
		graphError(190, 460, "OAuthException", "The session"), graphError(10, 0, "", "Not enough viewers"),
		`{"error_type":"OAuthException","code":400,"error_message":"Matching code was not found"}`,
		`{"error":{"message":"` + tokenText + `","code":-1e3,"is_transient":true}}`, `{"error":[]}`, `<html>`, ``, `null`, `{"data":[`,
	} {
		for _, status := range []int{200, 400, 500} {
			f.Add(status, seed)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		client := through(canned{status: status, body: body})
		for _, call := range []func() (instagram.Token, error){
			func() (instagram.Token, error) { return client.Exchange(t.Context(), instagram.NewSecret(codeText)) },
			func() (instagram.Token, error) { return client.Extend(t.Context(), shortToken()) },
			func() (instagram.Token, error) { return client.Refresh(t.Context(), shortToken()) },
		} {
			got, err := call()
			if err != nil {
				checkError(t, err)
			} else if got.Value.IsZero() || !got.ExpiresAt.After(got.IssuedAt) || got.Scopes != nil && len(got.Scopes) == 0 {
				t.Errorf("%q gives %+v", body, got)
			}
		}
		account, err := client.Me(t.Context(), token())
		if err != nil {
			checkError(t, err)
		} else if account.ID == "" && account.AppScopedID == "" {
			t.Errorf("%q gives nobody", body)
		}
	})
}

func FuzzErrors(f *testing.F) {
	f.Add(400, 190, 460, "OAuthException", "changed their password", "AbC")
	f.Add(403, 10, 0, "IGApiException", "Not enough viewers", "")
	f.Add(200, 299, 2108006, "", "\xff\u202e\n"+tokenText, "AbC"+tokenText)
	f.Add(500, -2, 33, "", strings.Repeat("é", 400), "")
	f.Fuzz(func(t *testing.T, status, code, subcode int, kind, message, trace string) {
		body, err := json.Marshal(map[string]any{"error": map[string]any{
			"message": message, "type": kind, "code": code, "error_subcode": subcode, "fbtrace_id": trace,
		}})
		if err != nil || len(body) > 1<<20 {
			t.Skip()
		}
		_, err = through(canned{status: status, body: string(body)}).Insights(t.Context(), token(), "me", nil)
		checkError(t, err)
		e, ok := errors.AsType[*instagram.Error](err)
		if !ok || e.Code != code || e.Subcode != subcode || e.Status != status {
			t.Errorf("%s gives %#v", body, e)
		}
		if status >= 500 && e.Class != instagram.ClassRetry {
			t.Errorf("an outage is %q", e.Class)
		}
		if e.Class == instagram.ClassReconnect && code != 190 && code != 102 {
			t.Errorf("code %d is for the owner", code)
		}
	})
}

func FuzzUsageHeaders(f *testing.F) {
	f.Add(`{"call_count":28,"total_time":25,"total_cputime":25}`, `{"1":[{"type":"instagram","call_count":12,"estimated_time_to_regain_access":30}]}`, "5")
	f.Add(`{"call_count":"1e99"}`, `{"1":[{"total_time":-1},{"total_cputime":null}],"2":[]}`, "Fri, 02 Oct 2026 08:30:00 GMT")
	f.Add(`null`, `[]`, "-1")
	f.Fuzz(func(t *testing.T, app, business, retry string) {
		header := http.Header{appUsage: {app}, businessUsage: {business}, "Retry-After": {retry}}
		client := through(canned{status: 200, header: header, body: `{"id":"1"}`})
		client.OnUsage = func(u instagram.Usage) {
			if u.IsZero() || !(u.Percent() >= 0) || u.Regain() < 0 {
				t.Errorf("%q, %q give %+v", app, business, u)
			}
		}
		if _, err := client.Me(t.Context(), token()); err != nil {
			t.Errorf("%q, %q fail the call: %v", app, business, err)
		}
		_, err := through(canned{status: 400, header: header, body: `{}`}).Me(t.Context(), token())
		checkError(t, err)
	})
}

func FuzzIDs(f *testing.F) {
	for _, seed := range []string{`17841400000000123`, `"17841400000000123"`, `1.7e16`, `-1`, `null`, `"é"`, `[1]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		var got instagram.ID
		if json.Unmarshal([]byte(sent), &got) != nil {
			return // not JSON
		}
		sent = strings.TrimSpace(sent)
		if sent[0] == '"' {
			var want string
			if err := json.Unmarshal([]byte(sent), &want); err != nil || got != "" && string(got) != want {
				t.Errorf("%s gives %q", sent, got)
			}
		} else if got != "" && string(got) != sent {
			t.Errorf("%s gives %q", sent, got)
		}
		if strings.Trim(string(got), "0123456789") != "" || len(got) > 32 {
			t.Errorf("%s gives %q, which is no id", sent, got)
		}
	})
}

func FuzzScopes(f *testing.F) {
	for _, seed := range []string{
		`["instagram_business_basic","a b"]`, `"a,b"`, `"a b"`, `"a%2Cb+c"`, `"%zz"`, `[1,null,{}]`, `{}`, `null`, `""`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		if !json.Valid([]byte(sent)) {
			return
		}
		body := `{"access_token":"IGAA","permissions":` + sent + `}`
		got, err := through(canned{status: 200, body: body}).Exchange(t.Context(), instagram.NewSecret(codeText))
		if err != nil {
			checkError(t, err)
			return // a body beyond the limit
		}
		seen := map[string]bool{}
		for _, s := range got.Scopes {
			if s == "" || strings.ContainsAny(s, ", ") || seen[s] {
				t.Errorf("%s gives %q", sent, got.Scopes)
			}
			seen[s] = true
		}
	})
}

func FuzzTimestamps(f *testing.F) {
	for _, seed := range []string{
		`"2026-09-26T22:36:43+0000"`, `"2026-09-26T22:36:43Z"`, `1795000000`, `"9999-12-31T23:59:59-0700"`, `null`, `"x"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		var first, second instagram.Time
		if json.Unmarshal([]byte(sent), &first) != nil {
			return // not JSON
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("%s is %v, which cannot be written: %v", sent, first, err)
		}
		if err := json.Unmarshal(written, &second); err != nil || !second.Equal(first.Time) {
			t.Errorf("%s is %v, and then %v: %v", sent, first, second, err)
		}
	})
}

func FuzzPages(f *testing.F) {
	f.Add(`{"data":[{"id":1,"timestamp":"x"}],"paging":{"cursors":{"after":"a"},"next":"https://x"}}`)
	f.Add(`{"data":[{}],"paging":{"next":7}}`)
	f.Add(`{"data":{},"paging":[]}`)
	f.Add(graphError(4, 0, "", ""))
	f.Fuzz(func(t *testing.T, body string) {
		client := through(canned{status: 200, body: body})
		errs := 0
		for _, err := range client.Media(t.Context(), token()) {
			if errs > 0 {
				t.Error("more came after an error")
			}
			if err != nil {
				errs++
				if !errors.Is(err, instagram.ErrPartial) {
					checkError(t, err)
				}
			}
		}
		if _, err := client.Insights(t.Context(), token(), "me", nil); err != nil {
			checkError(t, err)
		}
	})
}

func FuzzSignedRequest(f *testing.F) {
	const good = `{"algorithm":"HMAC-SHA256","issued_at":1795000100,"user_id":"28547559528000001"}`
	f.Add(signedRequest(appSecret, good, base64.RawURLEncoding), good)
	f.Add(signedRequest(metaSecret, good, base64.URLEncoding), `{"algorithm":"none","user_id":1}`)
	f.Add("a.b", `{"algorithm":"HMAC-SHA256","user_id":2e9}`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, raw, payload string) {
		_, err := instagram.ParseSignedRequest(raw, instagram.NewSecret("one that signed nothing"))
		if !errors.Is(err, instagram.ErrMalformed) && !errors.Is(err, instagram.ErrSignature) {
			t.Errorf("%q is taken: %v", raw, err)
		}
		got, err := instagram.ParseSignedRequest(signedRequest(appSecret, payload, base64.RawURLEncoding), secrets()...)
		switch {
		case err == nil && (got.UserID == "" || got.Matched != 0):
			t.Errorf("%q gives %+v", payload, got)
		case err != nil && !errors.Is(err, instagram.ErrMalformed):
			t.Errorf("%q: %v", payload, err)
		}
	})
}

func FuzzSignatureHeader(f *testing.F) {
	f.Add("sha256=00", []byte("{}"))
	f.Add("sha256="+strings.Repeat("0", 64), []byte(nil))
	f.Add("sha1=", []byte("x"))
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		matched, err := instagram.VerifySignature(header, body, secrets()...)
		if err == nil || matched != -1 {
			t.Errorf("%q is taken", header)
		}
	})
}
