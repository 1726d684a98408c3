package igsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

// noon is a day on which tests look at the world.
var noon = time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC)

func (r *rig) number(got reply, path ...any) int {
	r.Helper()
	n, _ := got.at(path...).(json.Number)
	i, err := n.Int64()
	if err != nil {
		r.Fatalf("%v is no number: %s", path, got.text)
	}
	return int(i)
}

func (r *rig) items(got reply) []any {
	r.Helper()
	list, ok := got.at("data").([]any)
	if !ok {
		r.Fatalf("no list: %s", got.text)
	}
	return list
}

// all walks through the pages of a list as Instagram says: by the after cursor while there is a
// next.
func (r *rig) all(path string, pairs ...string) (items []any, pages int) {
	r.Helper()
	for after := ""; ; pages++ {
		got := r.get(path, append(pairs, "after", after)...)
		items = append(items, r.items(got)...)
		next, _ := got.at("paging", "next").(string)
		if next == "" {
			return items, pages + 1
		}
		after = got.at("paging", "cursors", "after").(string)
		u, err := url.Parse(next)
		if err != nil || u.Query().Get("after") != after || u.Query().Get("access_token") == "" {
			r.Fatalf("next is %s", next)
		}
	}
}

func TestMediaList(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	count := r.number(r.get("/me", "fields", "media_count", "access_token", token), "media_count")

	items, pages := r.all("/v25.0/me/media", "access_token", token, "limit", "50", "fields", "id,timestamp,media_type,media_product_type")
	if len(items) != count || pages != (count+49)/50 {
		t.Fatalf("%d posts on %d pages, media_count says %d", len(items), pages, count)
	}
	seen := make(map[string]bool)
	last := noon
	for _, item := range items {
		m := item.(map[string]any)
		if seen[m["id"].(string)] {
			t.Fatalf("%s twice", m["id"])
		}
		seen[m["id"].(string)] = true
		at, err := time.Parse("2006-01-02T15:04:05-0700", m["timestamp"].(string))
		if err != nil || at.After(last) || !strings.HasSuffix(m["timestamp"].(string), "+0000") {
			t.Fatalf("timestamp %v after %v, %v", m["timestamp"], last, err)
		}
		last = at
		if (m["media_product_type"] == "REELS") != (m["media_type"] == "VIDEO") {
			t.Errorf("a %v is a %v", m["media_product_type"], m["media_type"])
		}
	}

	if got := r.items(r.get("/me/media", "access_token", token)); len(got) != 25 || len(got[0].(map[string]any)) != 1 {
		t.Errorf("usual page: %d items, the first %v", len(got), got[0])
	}
	since, until := noon.Add(-20*24*hour), noon.Add(-10*24*hour)
	window := r.items(r.get("/me/media", "access_token", token, "fields", "timestamp",
		"since", fmt.Sprint(since.Unix()), "until", fmt.Sprint(until.Unix())))
	if len(window) == 0 {
		t.Error("no posts in ten days")
	}
	for _, item := range window {
		at, _ := time.Parse("2006-01-02T15:04:05-0700", item.(map[string]any)["timestamp"].(string))
		if at.Before(since) || at.After(until) {
			t.Errorf("%v is outside", at)
		}
	}
}

func TestMediaMovesWithTheClock(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	me := func() reply { return r.get("/me", "fields", "followers_count,media_count", "access_token", token) }
	newest := func() reply {
		return r.get("/me/media", "limit", "1", "fields", "like_count,comments_count,timestamp", "access_token", token)
	}
	before, first := me(), newest()
	id := first.at("data", 0, "id").(string)
	r.sim.Advance(30 * 24 * hour)
	after := me()
	if r.number(after, "followers_count") <= r.number(before, "followers_count") {
		t.Error("no followers came in a month")
	}
	if r.number(after, "media_count") < r.number(before, "media_count")+10 {
		t.Errorf("few posts in a month: %s, then %s", before.text, after.text)
	}
	if newest().at("data", 0, "id") == id {
		t.Error("the newest post is the old one")
	}
	later := r.get("/"+id, "fields", "comments_count,timestamp,permalink,owner,username", "access_token", token)
	if later.at("timestamp") != first.at("data", 0, "timestamp") {
		t.Errorf("the post changed: %s, then %s", first.text, later.text)
	}
	if r.number(later, "comments_count") < r.number(first, "data", 0, "comments_count") {
		t.Error("comments went away")
	}

	other := setup(t)
	other.sim.Set(noon)
	again := other.get("/me/media", "limit", "1", "fields", "timestamp,id", "access_token", other.long("studio_north"))
	if again.at("data", 0, "id") != id {
		t.Errorf("another run has another world: %s", again.text)
	}
}

func TestMediaHoles(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	items, _ := r.all("/me/media", "access_token", r.long("mara_makes"), "limit", "100",
		"fields", "id,caption,like_count,media_url,thumbnail_url,media_type,children,shortcode,permalink")
	lacks := make(map[string]int)
	for _, item := range items {
		m := item.(map[string]any)
		for _, member := range []string{"caption", "like_count", "media_url", "thumbnail_url", "children"} {
			if _, has := m[member]; !has {
				lacks[member]++
			}
		}
		if _, has := m["thumbnail_url"]; has != (m["media_type"] == "VIDEO") {
			t.Errorf("thumbnail of a %v", m["media_type"])
		}
		if !strings.Contains(m["permalink"].(string), m["shortcode"].(string)) {
			t.Errorf("permalink %v", m["permalink"])
		}
	}
	for _, member := range []string{"caption", "like_count", "media_url"} {
		if lacks[member] == 0 || lacks[member] > len(items)/3 {
			t.Errorf("%s is left out for %d of %d", member, lacks[member], len(items))
		}
	}
}

func TestMediaRefusals(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	me := r.get("/me", "fields", "id,user_id", "access_token", token)
	post := r.get("/me/media", "limit", "1", "access_token", token).at("data", 0, "id").(string)
	maras := r.get("/me/media", "limit", "1", "access_token", r.long("mara_makes")).at("data", 0, "id").(string)
	ask := func(path string, pairs ...string) reply { return r.get(path, append(pairs, "access_token", token)...) }
	send := func(method, path string, pairs ...string) reply {
		return r.do(r.request(method, path, values(append(pairs, "access_token", token)...)))
	}

	r.refusal(ask("/"+maras), 400, 100, "Object with ID '"+maras+"' does not exist")
	r.refusal(ask("/"+me.json["id"].(string)+"/media"), 400, 100, "does not exist")
	r.refusal(ask("/me/media", "fields", "colour"), 400, 100, "nonexisting field (colour)")
	r.refusal(ask("/me/media", "limit", "0"), 400, 100, "limit")
	r.refusal(ask("/me/media", "after", "xyz"), 400, 100, "Invalid cursor")
	r.refusal(ask("/me/media", "since", "yesterday"), 400, 100, "UNIX timestamp")
	r.refusal(send(http.MethodPost, "/me/media"), 400, 100, "Unsupported request - method type: post")
	r.refusal(send(http.MethodDelete, "/"+post), 400, 100, "Unsupported delete request. Object with ID '"+post+"'")
	r.refusal(send(http.MethodPost, "/"+post), 400, 100, "The parameter comment_enabled is required.")
	if got := ask("/" + me.json["user_id"].(string) + "/media"); got.status != 200 {
		t.Errorf("by user_id: %s", got.text)
	}
	if got := send(http.MethodPost, "/"+post, "comment_enabled", "false"); got.json["success"] != true {
		t.Errorf("comments off: %s", got.text)
	}
	if got := ask("/"+post, "fields", "is_comment_enabled"); got.json["is_comment_enabled"] != false {
		t.Error(got.text)
	}
	back := ask("/me/media", "limit", "10", "before", ask("/me/media", "limit", "10", "after",
		ask("/me/media", "limit", "10").at("paging", "cursors", "after").(string)).at("paging", "cursors", "before").(string))
	if back.at("data", 0, "id") != post {
		t.Errorf("back to the first page: %s", back.text)
	}
	r.refusal(r.get("/me/media", "access_token", r.long("studio_north", "instagram_business_basic")), 403, 10, "(#10)")
}

func TestStories(t *testing.T) {
	t.Parallel()
	r := setup(t)
	days, previous := 0, ""
	for d := range 20 {
		r.sim.Set(noon.Add(time.Duration(d) * 24 * hour))
		token := r.long("mara_makes")
		got := r.get("/me/stories", "fields", "id,timestamp,media_product_type,permalink", "access_token", token)
		items := r.items(got)
		if previous != "" {
			r.refusal(r.get("/"+previous, "access_token", token), 400, 100, "does not exist")
			previous = ""
		}
		if len(items) == 0 {
			continue
		}
		days++
		story := items[0].(map[string]any)
		at, _ := time.Parse("2006-01-02T15:04:05-0700", story["timestamp"].(string))
		if age := r.sim.Now().Sub(at); age < 0 || age >= 24*hour || story["media_product_type"] != "STORY" {
			t.Errorf("a story of %v ago: %v", age, story)
		}
		previous = story["id"].(string)
		r.sim.Set(at.Add(20 * hour))
		numbers := r.get("/"+previous+"/insights", "metric", "reach,navigation,replies", "breakdown", "story_navigation_action_type", "access_token", token)
		if r.number(numbers, "data", 0, "values", 0, "value") < 100 || numbers.at("data", 1, "total_value", "breakdowns", 0, "results", 0, "dimension_values", 0) != "tap_forward" {
			t.Error(numbers.text)
		}
		r.refusal(r.get("/"+previous+"/insights", "metric", "likes", "access_token", token), 400, 100, "does not support the likes metric")
		if got := r.get("/"+previous+"/comments", "access_token", token); len(r.items(got)) != 0 {
			t.Error(got.text)
		}
	}
	if days < 4 || days > 16 {
		t.Errorf("stories on %d of 20 days", days)
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("mara_makes")
	post, count := "", 0
	for _, item := range r.items(r.get("/me/media", "limit", "100", "fields", "comments_count", "access_token", token)) {
		m := item.(map[string]any)
		if n, _ := m["comments_count"].(json.Number).Int64(); int(n) > count && n < 150 {
			post, count = m["id"].(string), int(n)
		}
	}
	if count <= 50 {
		t.Fatalf("no post has more than a page of comments")
	}
	path := "/" + post + "/comments"
	items, pages := r.all(path, "access_token", token, "limit", "100",
		"fields", "id,text,timestamp,username,from,user,parent_id,like_count,replies{id,text},media{id}")
	if len(items) != count || pages != (count+49)/50 {
		t.Errorf("%d comments on %d pages, comments_count says %d", len(items), pages, count)
	}
	withheld, answered := 0, ""
	for _, item := range items {
		m := item.(map[string]any)
		if m["from"] == nil {
			withheld++
		}
		if m["replies"] != nil {
			answered = m["id"].(string)
		}
		if m["user"] != nil || m["parent_id"] != nil || m["username"] == "mara_makes" {
			t.Errorf("on the first level: %v", m)
		}
	}
	if withheld == 0 || withheld == len(items) {
		t.Errorf("from is withheld for %d of %d", withheld, len(items))
	}
	reply := r.get("/"+answered+"/replies", "access_token", token, "fields", "id,user,parent_id,from")
	if reply.at("data", 0, "parent_id") != answered || reply.at("data", 0, "user", "id") == nil {
		t.Errorf("the owner's reply: %s", reply.text)
	}
	if one := r.get("/"+reply.at("data", 0, "id").(string), "access_token", token); one.json["text"] == nil || one.json["timestamp"] == nil {
		t.Errorf("a reply by its id: %s", one.text)
	}

	r.set(igsim.Switches{Unpublished: true})
	if got := r.get(path, "access_token", token); got.status != 200 || len(r.items(got)) != 0 {
		t.Errorf("of an unpublished app: %s", got.text)
	}
}

func TestWritingComments(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	post := r.get("/me/media", "limit", "1", "access_token", token).at("data", 0, "id").(string)
	send := func(method, path string, pairs ...string) reply {
		return r.do(r.request(method, path, values(append(pairs, "access_token", token)...)))
	}
	count := func() int {
		return r.number(r.get("/"+post, "fields", "comments_count", "access_token", token), "comments_count")
	}
	before := count()

	mine := send(http.MethodPost, "/"+post+"/comments", "message", "Hello").json["id"].(string)
	if got := r.get("/"+post+"/comments", "access_token", token, "fields", "text,user"); got.at("data", 0, "text") != "Hello" || got.at("data", 0, "user") == nil {
		t.Errorf("the newest: %s", got.text)
	}
	req := r.request(http.MethodPost, "/"+mine+"/replies", nil)
	req = req.WithContext(t.Context())
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Body = http.NoBody
	r.refusal(r.do(req), 400, 100, "The parameter message is required.")
	answer := r.post("/"+mine+"/replies", token, `{"message":"Hello to you"}`).json["id"].(string)
	if got := r.get("/"+mine+"/replies", "access_token", token); got.at("data", 0, "text") != "Hello to you" {
		t.Error(got.text)
	}
	r.refusal(send(http.MethodPost, "/"+answer+"/replies", "message", "deeper"), 400, 100, "first level")
	r.refusal(send(http.MethodPost, "/"+mine), 400, 100, "The parameter hide is required.")
	if got := send(http.MethodPost, "/"+mine, "hide", "true"); got.json["success"] != true {
		t.Error(got.text)
	}
	if got := r.get("/"+mine, "fields", "hidden", "access_token", token); got.json["hidden"] != true {
		t.Error(got.text)
	}
	r.refusal(send(http.MethodPost, "/"+post+"/comments", "message", "again", "fields", "id"), 500, 1, "unknown error")
	if got := count(); got != before+2 {
		t.Errorf("%d comments, want %d: the failed one is there too", got, before+2)
	}
	for _, id := range []string{answer, mine} {
		if got := send(http.MethodDelete, "/"+id); got.json["success"] != true {
			t.Error(got.text)
		}
		r.refusal(r.get("/"+id, "access_token", token), 400, 100, "does not exist")
	}
	if got := count(); got != before+1 {
		t.Errorf("%d comments, want %d", got, before+1)
	}
	send(http.MethodPost, "/"+post, "comment_enabled", "false")
	r.refusal(send(http.MethodPost, "/"+post+"/comments", "message", "x"), 400, 100, "turned off")
	r.refusal(send(http.MethodDelete, "/"+post+"/comments"), 400, 100, "method type: delete")
	r.refusal(send(http.MethodDelete, "/"+mine+"/replies"), 400, 100, "does not exist")
}

// post sends JSON with a token in the header.
func (r *rig) post(path, token, body string) reply {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.server.URL+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return r.do(req)
}
