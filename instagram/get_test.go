package instagram_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

func TestGetDecodesIntoWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	type card struct {
		ID   instagram.ID `json:"id"`
		Code int          `json:"code"`
	}
	ig := &conversation{body: `{"id":17895695668004550,"code":7}`}
	got, err := instagram.Get[card](t.Context(), setup(t, ig), token(), "17895695668004550", url.Values{"fields": {"id"}})
	if diff := cmp.Diff(card{"17895695668004550", 7}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	q := ig.only(t)
	if q.path != "/v26.0/17895695668004550" || q.query != "fields=id" || q.header.Get("Authorization") != "Bearer "+tokenText {
		t.Errorf("asked %s?%s with %q", q.path, q.query, q.header.Get("Authorization"))
	}
}

func TestGetSaysWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	type card struct {
		Likes int `json:"likes"`
	}
	_, err := instagram.Get[card](t.Context(), setup(t, &conversation{body: `{"likes":"many of them"}`}), token(), "1", nil)
	wantError(t, err, instagram.ClassRetry, "unreadable")
	if want := `instagram: {id}: status 200, unreadable: member "likes" does not fit into int`; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestARefusalCountsWhateverIsAroundIt(t *testing.T) {
	t.Parallel()
	body := strings.Replace(graphError(190, 458, "", ""), "{", `{"data":{"not":"a list"},`, 1)
	_, err := setup(t, &conversation{body: body}).Insights(t.Context(), token(), "17841400000000123", nil)
	if e := wantError(t, err, instagram.ClassReconnect, instagram.CauseAppRemoved); e.Call != "{id}/insights" {
		t.Errorf("call %q", e.Call)
	}
}

func TestAPathIsNoPlaceForAnythingElse(t *testing.T) {
	t.Parallel()
	ig := &conversation{body: `{}`}
	client := setup(t, ig)
	for _, path := range []string{
		"", "/", "/me", "me/", "me//media", "../me", "me/../17", "me/..", ".", "me?x=1", "me#x", "me%2fmedia",
		"me media", "http://evil.example", "me\n", "é", `me\media`,
	} {
		_, err := instagram.Get[struct{}](t.Context(), client, token(), path, nil)
		wantError(t, err, instagram.ClassPermanent, "path")
	}
	if len(ig.asked) != 0 {
		t.Errorf("asked %v", ig.asked)
	}
}

// pages is an Instagram with a list: each cursor leads to the page of that number.
func pages(t *testing.T, page func(n int) string) (*instagram.Client, *[]url.Values) {
	t.Helper()
	var asked []url.Values
	client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Query())
		n, _ := strconv.Atoi(r.URL.Query().Get("after"))
		_, _ = fmt.Fprint(w, page(n))
	}))
	return client, &asked
}

type item struct {
	N int `json:"n"`
}

// read collects a list and the error at its end.
func read(t *testing.T, c *instagram.Client, query url.Values) (got []int, err error) {
	t.Helper()
	for i, e := range instagram.Items[item](t.Context(), c, token(), "me/things", query) {
		if err != nil {
			t.Errorf("%v came after an error", i)
		}
		if e == nil {
			got = append(got, i.N)
		}
		err = e
	}
	return got, err
}

func TestItemsReadsAllPages(t *testing.T) {
	t.Parallel()
	list := []string{
		`{"data":[{"n":1},{"n":2}],"paging":{"cursors":{"before":"b","after":"1"},"next":"https://evil.example/?access_token=` + tokenText + `&after=9"}}`,
		`{"data":[],"paging":{"cursors":{"after":"2"},"next":"https://evil.example/"}}`,
		`{"data":[{"n":3}],"paging":{"cursors":{"before":"b","after":"3"}}}`,
		`{"data":[{"n":4}]}`,
	}
	client, asked := pages(t, func(n int) string { return list[n] })
	query := url.Values{"limit": {"2"}}
	got, err := read(t, client, query)
	if diff := cmp.Diff([]int{1, 2, 3}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	want := []url.Values{{"limit": {"2"}}, {"limit": {"2"}, "after": {"1"}}, {"limit": {"2"}, "after": {"2"}}}
	if diff := cmp.Diff(want, *asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(url.Values{"limit": {"2"}}, query); diff != "" {
		t.Errorf("the query of the caller changed: %s", diff)
	}
}

func TestItemsOfAListWithoutPaging(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":[{"n":1}]}`, `{"data":[{"n":1}],"paging":null}`, `{"data":[{"n":1}],"paging":{"next":null}}`,
		`{"data":[{"n":1}],"paging":{"next":"","cursors":{"after":"x"}}}`,
	} {
		client, _ := pages(t, func(int) string { return body })
		got, err := read(t, client, nil)
		if diff := cmp.Diff([]int{1}, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", body, err, diff)
		}
	}
}

func TestItemsThatDoNotEndArePartial(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		next  func(n int) string
		items int
	}{
		{"the same cursor", func(int) string { return `"1"` }, 2},
		{"a circle", func(n int) string { return strconv.Quote(strconv.Itoa(n%3 + 1)) }, 4},
		{"no cursor", func(int) string { return `null` }, 1},
		{"no end", func(n int) string { return strconv.Quote(strconv.Itoa(n + 1)) }, 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, asked := pages(t, func(n int) string {
				return `{"data":[{"n":1}],"paging":{"cursors":{"after":` + tt.next(n) + `},"next":"https://x"}}`
			})
			got, err := read(t, client, nil)
			if !errors.Is(err, instagram.ErrPartial) {
				t.Errorf("error %v, want ErrPartial", err)
			}
			if len(got) != tt.items || len(*asked) != tt.items {
				t.Errorf("%d items of %d pages, want %d", len(got), len(*asked), tt.items)
			}
		})
	}
}

func TestItemsStopWithAnError(t *testing.T) {
	t.Parallel()
	client, _ := pages(t, func(n int) string {
		if n == 1 {
			return graphError(190, 458, "OAuthException", "")
		}
		return `{"data":[{"n":1}],"paging":{"cursors":{"after":"1"},"next":"https://x"}}`
	})
	got, err := read(t, client, nil)
	wantError(t, err, instagram.ClassReconnect, instagram.CauseAppRemoved)
	if diff := cmp.Diff([]int{1}, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

func TestItemsStopWhenTheReaderDoes(t *testing.T) {
	t.Parallel()
	client, asked := pages(t, func(n int) string {
		return fmt.Sprintf(`{"data":[{"n":1},{"n":2}],"paging":{"cursors":{"after":"%d"},"next":"https://x"}}`, n+1)
	})
	for range instagram.Items[item](t.Context(), client, token(), "me/things", nil) {
		break
	}
	if len(*asked) != 1 {
		t.Errorf("asked %d times", len(*asked))
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	ig := &conversation{body: `{"data":[
		{"id":"17895695668004550","caption":"Bread","media_type":"VIDEO","media_product_type":"REELS",
		 "permalink":"https://www.instagram.com/reel/x/","media_url":"https://cdn.example/v","thumbnail_url":"https://cdn.example/t",
		 "username":"studio_north","timestamp":"2026-09-26T22:36:43+0000","like_count":0,"comments_count":3},
		{"id":17895695668004551,"timestamp":"when?"}]}`}
	client := setup(t, ig)
	var got []instagram.Media
	for m, err := range client.Media(t.Context(), token()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, m)
	}
	want := []instagram.Media{{
		ID: "17895695668004550", Caption: "Bread", Type: "VIDEO", ProductType: "REELS",
		Permalink: "https://www.instagram.com/reel/x/", URL: "https://cdn.example/v", ThumbnailURL: "https://cdn.example/t",
		Username: "studio_north", Timestamp: instagram.Time{Time: time.Date(2026, 9, 26, 22, 36, 43, 0, time.UTC)},
		Likes: ptr(int64(0)), Comments: ptr(int64(3)),
	}, {ID: "17895695668004551"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("media (-want +got):\n%s", diff)
	}
	q := ig.only(t)
	if q.path != "/v26.0/me/media" || !strings.Contains(q.query, "like_count") || strings.Contains(q.query, tokenText) {
		t.Errorf("asked %s?%s", q.path, q.query)
	}
}

func TestCommentsAndReplies(t *testing.T) {
	t.Parallel()
	ig := &conversation{body: `{"data":[
		{"id":"1","text":"Nice","username":"anna","timestamp":"2026-09-26T22:36:43+0000","from":{"id":5,"username":"anna"},"hidden":false},
		{"id":"2","text":"Thanks","username":"studio_north","parent_id":"1","like_count":4}]}`}
	client := setup(t, ig)
	var got []instagram.Comment
	for c, err := range client.Comments(t.Context(), token(), "17895695668004550") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c)
	}
	want := []instagram.Comment{
		{
			ID: "1", Text: "Nice", Username: "anna", From: &instagram.Author{ID: "5", Username: "anna"}, Hidden: ptr(false),
			Timestamp: instagram.Time{Time: time.Date(2026, 9, 26, 22, 36, 43, 0, time.UTC)},
		},
		{ID: "2", Text: "Thanks", Username: "studio_north", ParentID: "1", Likes: ptr(int64(4))},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	for range client.Replies(t.Context(), token(), "1") {
		break
	}
	if ig.asked[0].path != "/v26.0/17895695668004550/comments" || ig.asked[1].path != "/v26.0/1/replies" {
		t.Errorf("asked %s, %s", ig.asked[0].path, ig.asked[1].path)
	}
}

func TestInsights(t *testing.T) {
	t.Parallel()
	ig := &conversation{body: `{"data":[
		{"name":"reach","period":"day","title":"?","values":[{"value":120,"end_time":"2026-10-02T07:00:00+0000"},{"end_time":"2026-10-03T07:00:00+0000"}]},
		{"name":"views","period":"day","total_value":{"value":900}},
		{"name":"follower_demographics","period":"lifetime","total_value":{"breakdowns":[{"dimension_keys":["country"],"results":[{"dimension_values":["JP"],"value":40}]}]}},
		{"name":"online_followers","period":"lifetime","values":[{"value":{"0":5}}]}],
		"paging":{"previous":"https://x?access_token=a","next":"https://x?access_token=a"}}`}
	query := url.Values{"metric": {"reach,views"}, "period": {"day"}}
	got, err := setup(t, ig).Insights(t.Context(), token(), "me", query)
	if err != nil {
		t.Fatal(err)
	}
	day := func(d int) instagram.Time { return instagram.Time{Time: time.Date(2026, 10, d, 7, 0, 0, 0, time.UTC)} }
	countries := instagram.Breakdown{Dimensions: []string{"country"}}
	countries.Results = append(countries.Results, instagram.BreakdownResult{
		Dimensions: []string{"JP"}, Value: instagram.Number{Value: 40, Known: true},
	})
	want := []instagram.Insight{
		{Name: "reach", Period: "day", Values: []instagram.InsightValue{
			{Value: instagram.Number{Value: 120, Known: true}, EndTime: day(2)}, {EndTime: day(3)},
		}},
		{Name: "views", Period: "day", Total: &instagram.InsightTotal{Value: instagram.Number{Value: 900, Known: true}}},
		{Name: "follower_demographics", Period: "lifetime", Total: &instagram.InsightTotal{Breakdowns: []instagram.Breakdown{countries}}},
		{Name: "online_followers", Period: "lifetime", Values: []instagram.InsightValue{{}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("insights (-want +got):\n%s", diff)
	}
	if q := ig.only(t); q.path != "/v26.0/me/insights" || q.query != query.Encode() {
		t.Errorf("asked %s?%s", q.path, q.query)
	}
}

func TestWhatIsReadCanBeWrittenAndReadAgain(t *testing.T) {
	t.Parallel()
	const body = `{"name":"reach","period":"day","values":[{"value":1.5,"end_time":"2026-10-02T07:00:00+0000"},{}],"total_value":null}`
	var first, second instagram.Insight
	if err := json.Unmarshal([]byte(body), &first); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written, &second); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("%s (-want +got):\n%s", written, diff)
	}
}

func TestTimestamps(t *testing.T) {
	t.Parallel()
	at := instagram.Time{Time: time.Date(2026, 9, 26, 22, 36, 43, 0, time.UTC)}
	for sent, want := range map[string]instagram.Time{
		`"2026-09-26T22:36:43+0000"`: at, `"2026-09-26T15:36:43-0700"`: at, `"2026-09-26T22:36:43Z"`: at,
		`"2026-09-26T22:36:43+00:00"`: at, `1790462203`: at, `"1790462203"`: at,
		`null`: {}, `""`: {}, `"today"`: {}, `0`: {}, `-5`: {}, `{}`: {}, `9223372036854775807`: {}, `1.5`: {},
		`"9999-12-31T23:59:59-0700"`: {}, `"0000-01-01T00:00:00+0000"`: {},
	} {
		var got instagram.Time
		if err := json.Unmarshal([]byte(sent), &got); err != nil || !got.Equal(want.Time) {
			t.Errorf("%s is %v: %v; want %v", sent, got, err, want)
		}
	}
}
