package igsim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

const accountFields = "id,user_id,username,name,account_type,profile_picture_url,followers_count,follows_count,media_count"

func TestMe(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("mara_makes")

	if got := r.get("/v26.0/me", "access_token", token); len(got.json) != 1 || got.json["id"] == nil {
		t.Errorf("without fields: %s", got.text)
	}
	got := r.get("/me", "fields", accountFields, "access_token", token)
	for member, want := range map[string]any{
		"username": "mara_makes", "account_type": "MEDIA_CREATOR", "follows_count": json.Number("702"),
		"name": "Mara ✨ Makes: ceramics, glazes & slow mornings 🏺🌿",
	} {
		if got.json[member] != want {
			t.Errorf("%s is %v, want %v", member, got.json[member], want)
		}
	}
	for _, id := range []string{got.json["user_id"].(string), got.json["id"].(string)} {
		if again := r.get("/v22.0/"+id, "fields", "username", "access_token", token); again.json["username"] != "mara_makes" {
			t.Errorf("by id %s: %s", id, again.text)
		}
	}
	r.refusal(r.get("/17841499999999999", "access_token", token), 400, 100, "Object with ID '17841499999999999' does not exist")
	r.refusal(r.get("/me", "fields", "id,shoe_size", "access_token", token), 400, 100, "nonexisting field (shoe_size)")

	pat := r.get("/me", "fields", accountFields, "access_token", r.long("private_pat"))
	if _, has := pat.json["name"]; has || pat.json["account_type"] != "PERSONAL" {
		t.Errorf("a personal account without a name: %s", pat.text)
	}
}

func TestMeOddities(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("mara_makes")
	for name, c := range map[string]struct {
		switches igsim.Switches
		want     func(reply) bool
	}{
		"wrapped":         {igsim.Switches{WrappedMe: true}, func(g reply) bool { return g.at("data", 0, "username") == "mara_makes" }},
		"no user_id":      {igsim.Switches{MeWithoutUserID: true}, func(g reply) bool { _, has := g.json["user_id"]; return !has && g.json["id"] != nil }},
		"number":          {igsim.Switches{MeUserIDNumber: true}, func(g reply) bool { _, is := g.json["user_id"].(json.Number); return is }},
		"no counts":       {igsim.Switches{MeWithoutCounts: true}, func(g reply) bool { _, has := g.json["followers_count"]; return !has }},
		"types as in doc": {igsim.Switches{DocumentedTypes: true}, func(g reply) bool { return g.json["account_type"] == "Media_Creator" }},
	} {
		r.set(c.switches)
		if got := r.get("/me", "fields", accountFields, "access_token", token); got.status != 200 || !c.want(got) {
			t.Errorf("%s: %s", name, got.text)
		}
	}
}

func TestTokenPlaces(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	req := r.request(http.MethodGet, "/me", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	if got := r.do(req); got.status != 200 {
		t.Errorf("Bearer: %s", got.text)
	}
	r.refusal(r.get("/me"), 400, 104, "access token is required")
	r.refusal(r.get("/me", "access_token", "IGAAnothing"), 400, 190, "Cannot parse access token")
}

func TestPaths(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	for _, version := range []string{"/v19.0", "/v20.0", "/v26.0", ""} {
		if got := r.get(version+"/me", "access_token", token); got.status != 200 {
			t.Errorf("%s: %s", version, got.text)
		}
	}
	for path, want := range map[string]struct {
		status, code int
		text         string
	}{
		"/v25.0/v25.0/me":    {500, 2500, "Unknown path components: /v25.0/me"},
		"/v28.0/me":          {500, 2500, "Unknown path components: /me"},
		"/me/media/more":     {500, 2500, "Unknown path components"},
		"/v25.0":             {500, 2500, "Unknown path components"},
		"/debug_token":       {403, 10, "(#10)"},
		"/me/permissions":    {400, 100, "Unsupported request - method type: get"},
		"/somebody":          {400, 803, "aliases you requested do not exist: somebody"},
		"/17900000099999999": {400, 100, "Object with ID '17900000099999999' does not exist"},
	} {
		got := r.get(path, "access_token", token)
		r.refusal(got, want.status, want.code, want.text)
		if want.code == 2500 && got.at("error", "type") != "IGApiException" {
			t.Errorf("%s: %s", path, got.text)
		}
	}
	r.refusal(r.do(r.request(http.MethodPost, "/me", values("access_token", token))), 400, 100, "Unsupported request - method type: post")
}

func TestAppSecretProof(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	mac := hmac.New(sha256.New, []byte(igsim.AppSecret))
	mac.Write([]byte(token))
	good := hex.EncodeToString(mac.Sum(nil))
	ask := func(proof string) reply { return r.get("/me", "access_token", token, "appsecret_proof", proof) }

	if got := ask(good); got.status != 200 {
		t.Error(got.text)
	}
	got := ask(strings.ToUpper(good))
	r.refusal(got, 400, 100, "Invalid appsecret_proof provided in the API argument")
	if got.at("error", "type") != "GraphMethodException" {
		t.Error(got.text)
	}
	r.set(igsim.Switches{AppSecretProof: "off"})
	if got := ask("wrong"); got.status != 200 {
		t.Error(got.text)
	}
	r.set(igsim.Switches{AppSecretProof: "required"})
	r.refusal(ask(""), 400, 100, "require an appsecret_proof argument")
	if got := ask(good); got.status != 200 {
		t.Error(got.text)
	}
}

func TestUsageHeaders(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	for usage, want := range map[string][2]string{
		"":          {"", ""},
		"app":       {`"call_count":76`, ""},
		"business":  {"", `"call_count":76`},
		"both":      {`"call_count":76`, `"estimated_time_to_regain_access":0`},
		"malformed": {`"lots"`, "NaN"},
	} {
		r.set(igsim.Switches{Usage: usage, UsagePercent: 76})
		got := r.get("/me", "access_token", token)
		for i, name := range []string{"X-App-Usage", "X-Business-Use-Case-Usage"} {
			value := got.header.Get(name)
			if !strings.Contains(value, want[i]) || want[i] == "" && value != "" {
				t.Errorf("usage %q: %s: %q", usage, name, value)
			}
			if json.Valid([]byte(value)) != (usage != "malformed") && value != "" {
				t.Errorf("usage %q: %s: %q", usage, name, value)
			}
		}
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	me := r.get("/me", "fields", "profile_picture_url", "access_token", token)
	address := me.json["profile_picture_url"].(string)
	if !strings.HasPrefix(address, r.server.URL+"/_sim/picture/studio_north.png") {
		t.Fatalf("picture at %s", address)
	}
	got := r.open(address)
	picture, err := png.Decode(strings.NewReader(got.text))
	if err != nil || got.header.Get("Content-Type") != "image/png" {
		t.Fatalf("%s, %v", got.header.Get("Content-Type"), err)
	}
	if picture.Bounds().Dx() != 160 {
		t.Errorf("it is %v", picture.Bounds())
	}
	r.sim.Advance(7 * 24 * time.Hour)
	if got := r.open(address); got.status != 200 {
		t.Errorf("after a week: %d", got.status)
	}
	r.set(igsim.Switches{PicturesExpire: true})
	if got := r.open(address); got.status != 403 {
		t.Errorf("after a week, expiring: %d", got.status)
	}
	if got := r.open(r.server.URL + "/_sim/picture/x.jpg"); got.status != 404 {
		t.Errorf("no such picture: %d", got.status)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	r := setup(t)
	if gap := time.Since(r.sim.Now()).Abs(); gap > time.Minute {
		t.Errorf("it begins %v from the machine's time", gap)
	}
	to := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	r.sim.Set(to)
	date, err := http.ParseTime(r.get("/me").header.Get("Date"))
	if err != nil || date.Sub(to) > time.Minute || date.Before(to) {
		t.Errorf("Date %v, %v", date, err)
	}
	page := r.open(r.authorizeURL())
	if date, _ := http.ParseTime(page.header.Get("Date")); date.Before(to) {
		t.Errorf("Date of the page %v", date)
	}
}

func TestAppTrouble(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	r.set(igsim.Switches{AppBlocked: true})
	r.refusal(r.refresh(token), 400, 200, "API access blocked.")
	r.set(igsim.Switches{AppRestricted: true})
	r.refusal(r.get("/me", "access_token", token), 400, 100, "Unsupported request - method type: get")
	r.set(igsim.Switches{})
	if got := r.get("/me", "access_token", token); got.status != 200 {
		t.Errorf("the token did not survive: %s", got.text)
	}
}
