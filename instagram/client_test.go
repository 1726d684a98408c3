package instagram_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

func TestAuthorizeURL(t *testing.T) {
	t.Parallel()
	client := &instagram.Client{
		AppID: "990011223344", RedirectURL: "https://latchkey.example/auth?x=1&y",
	}
	got, err := url.Parse(client.AuthorizeURL("a state/+&", instagram.ScopeBasic, instagram.ScopeComments))
	if err != nil {
		t.Fatal(err)
	}
	if where := got.Scheme + "://" + got.Host + got.Path; where != "https://www.instagram.com/oauth/authorize" {
		t.Errorf("leads to %s", where)
	}
	want := url.Values{
		"client_id":     {"990011223344"},
		"redirect_uri":  {"https://latchkey.example/auth?x=1&y"},
		"response_type": {"code"},
		"scope":         {"instagram_business_basic,instagram_business_manage_comments"},
		"state":         {"a state/+&"},
		"force_reauth":  {"true"},
	}
	if diff := cmp.Diff(want, got.Query()); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
}

func TestAuthorizeURLKeepsAQueryOfItsEndpoint(t *testing.T) {
	t.Parallel()
	client := &instagram.Client{Endpoints: instagram.Endpoints{Authorize: "http://127.0.0.1:3001/oauth/authorize?sim=1"}}
	got, err := url.Parse(client.AuthorizeURL("s", "b"))
	if err != nil || got.Query().Get("sim") != "1" || got.Query().Get("state") != "s" {
		t.Errorf("%v: %v", got, err)
	}
}
