package instagram_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"time"

	"latchkey/instagram"
)

// fakeInstagram answers each path with a text, as Instagram would, and shows how a test takes its
// place.
func fakeInstagram(answers map[string]string) (*instagram.Client, *httptest.Server) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", "Fri, 02 Oct 2026 08:30:00 GMT")
		answer, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			answer = answers["error"]
		}
		_, _ = io.WriteString(w, answer)
	}))
	return &instagram.Client{
		AppID:       "990011223344",
		AppSecret:   instagram.NewSecret("an app secret"),
		RedirectURL: "https://app.example/auth",
		Endpoints: instagram.Endpoints{
			Authorize: s.URL + "/oauth/authorize",
			Token:     s.URL + "/oauth/access_token",
			Graph:     s.URL,
			Version:   "v26.0",
		},
	}, s
}

func Example() {
	client, server := fakeInstagram(map[string]string{
		"/oauth/access_token": `{"access_token":"IGAAshort","user_id":28547559528000001,"permissions":["instagram_business_basic"]}`,
		"/access_token":       `{"access_token":"IGAAlong","token_type":"bearer","expires_in":5184000}`,
		"/v26.0/me":           `{"id":"28547559528000001","user_id":"17841400000000123","username":"studio_north","followers_count":1200}`,
	})
	defer server.Close()
	ctx := context.Background()

	// The callback brought this code.
	short, err := client.Exchange(ctx, instagram.NewSecret("AQBx"))
	if err != nil {
		log.Fatal(err)
	}
	long, err := client.Extend(ctx, short)
	if err != nil {
		log.Fatal(err)
	}
	account, err := client.Me(ctx, long.Value)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.ID, account.Username, *account.Followers)
	fmt.Println(long.Value, "until", long.ExpiresAt.Format(time.DateOnly), long.Scopes)
	// Output:
	// 17841400000000123 studio_north 1200
	// [secret] until 2026-12-01 [instagram_business_basic]
}

func ExampleClient_AuthorizeURL() {
	client := &instagram.Client{
		AppID:       "990011223344",
		RedirectURL: "https://app.example/auth",
		Endpoints:   instagram.Production,
	}
	u, err := url.Parse(client.AuthorizeURL("an unguessable state", instagram.ScopeBasic, instagram.ScopeInsights))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(u.Host, u.Path)
	fmt.Println(u.Query().Get("scope"))
	// Output:
	// www.instagram.com /oauth/authorize
	// instagram_business_basic,instagram_business_manage_insights
}

func ExampleClient_Refresh() {
	client, server := fakeInstagram(map[string]string{
		"/refresh_access_token": `{"access_token":"IGAAnew","token_type":"bearer","expires_in":5184000}`,
	})
	defer server.Close()

	old := instagram.Token{Value: instagram.NewSecret("IGAAold"), Scopes: []string{instagram.ScopeBasic}}
	fresh, err := client.Refresh(context.Background(), old)
	if err != nil {
		log.Fatal(err) // the old token stays as it is
	}
	fmt.Println(fresh.IssuedAt, fresh.ExpiresAt.Sub(fresh.IssuedAt), fresh.Value.Equal(old.Value))
	// Output:
	// 2026-10-02 08:30:00 +0000 UTC 1440h0m0s false
}

func ExampleClient_Media() {
	client, server := fakeInstagram(map[string]string{
		"/v26.0/me/media": `{"data":[
			{"id":"17895695668004550","caption":"Bread","like_count":12,"timestamp":"2026-09-26T22:36:43+0000"},
			{"id":"17895695668004551","caption":"Butter","timestamp":"2026-09-25T22:36:43+0000"}]}`,
	})
	defer server.Close()

	for m, err := range client.Media(context.Background(), instagram.NewSecret("IGAAlong")) {
		if err != nil {
			log.Fatal(err)
		}
		if m.Likes == nil {
			fmt.Println(m.Timestamp.Format(time.DateOnly), m.Caption, "the owner hides her likes")
			continue
		}
		fmt.Println(m.Timestamp.Format(time.DateOnly), m.Caption, *m.Likes)
	}
	// Output:
	// 2026-09-26 Bread 12
	// 2026-09-25 Butter the owner hides her likes
}

func ExampleClient_Insights() {
	client, server := fakeInstagram(map[string]string{
		"/v26.0/me/insights": `{"data":[{"name":"reach","period":"day","values":[
			{"value":120,"end_time":"2026-10-01T07:00:00+0000"},{"value":98,"end_time":"2026-10-02T07:00:00+0000"}]}]}`,
	})
	defer server.Close()

	query := url.Values{"metric": {"reach"}, "period": {"day"}}
	insights, err := client.Insights(context.Background(), instagram.NewSecret("IGAAlong"), "me", query)
	if err != nil {
		log.Fatal(err)
	}
	for _, i := range insights {
		for _, v := range i.Values {
			fmt.Println(i.Name, v.EndTime.Format(time.DateTime), v.Value.Value)
		}
	}
	// Output:
	// reach 2026-10-01 07:00:00 120
	// reach 2026-10-02 07:00:00 98
}

func ExampleItems() {
	client, server := fakeInstagram(map[string]string{
		"/v26.0/me/stories": `{"data":[{"id":"17895695668004550","media_type":"IMAGE"}]}`,
	})
	defer server.Close()

	stories := instagram.Items[instagram.Media](context.Background(), client,
		instagram.NewSecret("IGAAlong"), "me/stories", url.Values{"fields": {"id,media_type"}})
	for m, err := range stories {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.ID, m.Type)
	}
	// Output: 17895695668004550 IMAGE
}

func ExampleError() {
	client, server := fakeInstagram(map[string]string{
		"error": `{"error":{"message":"(#10) Application does not have permission for this action",
			"type":"OAuthException","code":10,"fbtrace_id":"AbC"}}`,
	})
	defer server.Close()

	_, err := client.Insights(context.Background(), instagram.NewSecret("IGAAlong"), "me", nil)
	e, ok := errors.AsType[*instagram.Error](err)
	fmt.Println(ok, e)
	fmt.Println("granted basic alone:", e.ClassFor([]string{instagram.ScopeBasic}))
	fmt.Println("granted insights:", e.ClassFor([]string{instagram.ScopeBasic, instagram.ScopeInsights}))
	// Output:
	// true instagram: me/insights: status 400, code 10, permission
	// granted basic alone: reconnect
	// granted insights: operator
}

func ExampleRecognize() {
	cause := instagram.Recognize("Invalid Request: Request parameters are invalid: Invalid platform app")
	fmt.Println(cause, cause.Class())
	fmt.Println(cause.Advice())
	// Output:
	// app_id operator
	// This is not an Instagram app ID: use the Instagram app ID and the Instagram app secret from API setup with Instagram login, not the pair under App settings, Basic.
}

func ExampleSecret() {
	token := instagram.NewSecret("IGAAlong")
	fmt.Printf("%v %+v %q %x\n", token, token, token, token)
	slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})).Info("connected", "token", token)
	fmt.Println(token.Reveal())
	// Output:
	// [secret] [secret] [secret] [secret]
	// level=INFO msg=connected token=[secret]
	// IGAAlong
}

func ExampleVerifySignature() {
	appSecret, metaSecret := instagram.NewSecret("one"), instagram.NewSecret("other")
	body := []byte(`{"object": "instagram"}`)
	mac := hmac.New(sha256.New, []byte("other"))
	mac.Write(body)
	header := "sha256=" + hex.EncodeToString(mac.Sum(nil))

	matched, err := instagram.VerifySignature(header, body, appSecret, metaSecret)
	fmt.Println(matched, err)
	_, err = instagram.VerifySignature(header, []byte(`{"object":"instagram"}`), appSecret, metaSecret)
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// instagram: the signature does not match
}
