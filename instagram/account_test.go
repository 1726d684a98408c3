package instagram_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

func ptr[T any](v T) *T { return &v }

func TestMeAsksWithTheTokenInAHeader(t *testing.T) {
	t.Parallel()
	for version, path := range map[string]string{"v26.0": "/v26.0/me", "": "/me"} {
		ig := &conversation{body: `{"id":"28547559528000001","user_id":"17841400000000123"}`}
		client := setup(t, ig)
		client.Endpoints.Version = version
		if _, err := client.Me(t.Context(), token()); err != nil {
			t.Fatal(err)
		}
		got := ig.only(t)
		if got.method != "GET" || got.path != path {
			t.Errorf("asked %s %s, want %s", got.method, got.path, path)
		}
		if a := got.header.Get("Authorization"); a != "Bearer "+tokenText {
			t.Errorf("Authorization %q", a)
		}
		want := url.Values{"fields": {"id,user_id,username,name,account_type,profile_picture_url," +
			"followers_count,follows_count,media_count"}}
		query, err := url.ParseQuery(got.query)
		if diff := cmp.Diff(want, query); diff != "" || err != nil {
			t.Errorf("query: %v (-want +got):\n%s", err, diff)
		}
	}
}

func TestMeReadsEveryShape(t *testing.T) {
	t.Parallel()
	full := instagram.Account{
		ID: "17841400000000123", AppScopedID: "28547559528000001", Username: "studio_north", Name: "Studio North",
		Type: "business", PictureURL: "https://cdn.example/p.jpg",
		Followers: ptr(int64(1200)), Follows: ptr(int64(0)), Media: ptr(int64(9007199254740993)),
	}
	const members = `"id":"28547559528000001","user_id":17841400000000123,"username":"studio_north",
		"name":"Studio North","account_type":"BUSINESS","profile_picture_url":"https://cdn.example/p.jpg",
		"followers_count":1200,"follows_count":0,"media_count":9007199254740993`
	tests := []struct {
		name, body string
		want       instagram.Account
	}{
		{"flat", `{` + members + `}`, full},
		{"wrapped", `{"data":[{` + members + `}]}`, full},
		{
			"little", `{"user_id":"17841400000000123","followers_count":null,"media_count":"7"}`,
			instagram.Account{ID: "17841400000000123", Media: ptr(int64(7))},
		},
		{
			"no user_id", `{"id":28547559528000001,"username":"a"}`,
			instagram.Account{AppScopedID: "28547559528000001", Username: "a"},
		},
		{
			"a rounded user_id", `{"id":"2","user_id":1.7841400000000123e16}`,
			instagram.Account{AppScopedID: "2"},
		},
		{
			"a rounded user_id in a string", `{"id":"2","user_id":"1.7841400000000123e16"}`,
			instagram.Account{AppScopedID: "2"},
		},
		{"no id at all", `{"id":"2","user_id":"0"}`, instagram.Account{AppScopedID: "2"}},
		{
			"wrong types", `{"id":"2","username":7,"name":{},"followers_count":"many","follows_count":1.5,"media_count":[]}`,
			instagram.Account{AppScopedID: "2"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := setup(t, &conversation{body: tt.body}).Me(t.Context(), token())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("account (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheKindOfAnAccountInAnyCase(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"BUSINESS": "business", "Business": "business", "MEDIA_CREATOR": "creator", "Media_Creator": "creator",
		"CREATOR": "creator", "PERSONAL": "personal", "Something_New": "something_new", "": "",
	} {
		body := `{"user_id":"1","account_type":"` + sent + `"}`
		got, err := setup(t, &conversation{body: body}).Me(t.Context(), token())
		if err != nil || got.Type != want {
			t.Errorf("%q is %q: %v; want %q", sent, got.Type, err, want)
		}
	}
}

func TestMeOfNobodyIsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":[]}`, `{"username":"studio_north"}`} {
		_, err := setup(t, &conversation{body: body}).Me(t.Context(), token())
		wantError(t, err, instagram.ClassRetry, "unreadable")
	}
}
