package instagram_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"latchkey/instagram"
)

// TestShownTexts is the table of what the names of an account lose, and what they keep.
func TestShownTexts(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"Studio North":                         "Studio North",
		"two\nlines\tand\u2028on":              "two lines and on",
		"a\x00b\x1bc\x7fd\u0085":               "abcd",
		"evil\u202egnp.exe\u202c":              "evilgnp.exe",
		"\u2066in\u2069\u200e\u200f\u061cside": "inside",
		"in\u200bvis\ufeffible\u2060":          "invisible",
		"👩\u200d👩\u200d👧 and न्\u200dय":        "👩\u200d👩\u200d👧 and न्\u200dय",
		strings.Repeat("é", 200):               strings.Repeat("é", 200),
		strings.Repeat("é", 201):               strings.Repeat("é", 200),
		strings.Repeat("é", 199) + "\u200dxyz": strings.Repeat("é", 199),
	} {
		body, err := json.Marshal(map[string]string{"user_id": "17841400000000123", "username": sent, "name": sent, "account_type": sent})
		if err != nil {
			t.Fatal(err)
		}
		got, err := setup(t, &conversation{body: string(body)}).Me(t.Context(), token())
		if err != nil || got.Name != want || got.Username != want {
			t.Errorf("%q became %q and %q, want %q: %v", sent, got.Name, got.Username, want, err)
		}
	}
}

// TestIDs is the table of what an account is known by.
func TestIDs(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"1":                       "1",
		strings.Repeat("7", 32):   strings.Repeat("7", 32),
		strings.Repeat("7", 33):   "",
		strings.Repeat("7", 5000): "",
		"0":                       "",
		"":                        "",
		"17x":                     "",
		"../etc":                  "",
	} {
		body := fmt.Sprintf(`{"id":"28547559528000001","user_id":%q,"username":"studio_north"}`, sent)
		got, err := setup(t, &conversation{body: body}).Me(t.Context(), token())
		if err != nil || got.ID != want {
			t.Errorf("%.40q became %.40q: %v", sent, got.ID, err)
		}
	}
}

// TestCounts holds that a number of things below nought is not known.
func TestCounts(t *testing.T) {
	t.Parallel()
	body := `{"user_id":"17841400000000123","followers_count":-1,"follows_count":0,"media_count":"7"}`
	got, err := setup(t, &conversation{body: body}).Me(t.Context(), token())
	if err != nil || got.Followers != nil || got.Follows == nil || *got.Follows != 0 || got.Media == nil || *got.Media != 7 {
		t.Errorf("%+v: %v", got, err)
	}
}

// TestCaptionsKeepTheirLines holds that what may have lines keeps them and loses the rest.
func TestCaptionsKeepTheirLines(t *testing.T) {
	t.Parallel()
	var m instagram.Media
	var c instagram.Comment
	body := `{"caption":"one\r\ntwo\u202e\n\nfour","text":"a\nb\u0007","username":"x\ny","from":{"username":"u\u2066"}}`
	if err := json.Unmarshal([]byte(body), &m); err != nil || m.Caption != "one\ntwo\n\nfour" || m.Username != "x y" {
		t.Errorf("%+v: %v", m, err)
	}
	if err := json.Unmarshal([]byte(body), &c); err != nil || c.Text != "a\nb" || c.Username != "x y" || c.From.Username != "u" {
		t.Errorf("%+v: %v", c, err)
	}
}

// TestNumberAsText holds that a number may be written as a text, and that no number is none.
func TestNumberAsText(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]instagram.Number{
		`7`: {Value: 7, Known: true}, `"7.5"`: {Value: 7.5, Known: true}, `"NaN"`: {}, `"Inf"`: {}, `""`: {}, `null`: {}, `"seven"`: {},
	} {
		var got instagram.Number
		if err := json.Unmarshal([]byte(sent), &got); err != nil || got != want {
			t.Errorf("%s became %+v: %v", sent, got, err)
		}
	}
}

func FuzzShownTexts(f *testing.F) {
	for _, seed := range []string{"Studio North", "a\nb", "\u202e", "\xff\xfe", strings.Repeat("👩\u200d", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		body, err := json.Marshal(map[string]string{"user_id": "1", "name": sent})
		if err != nil {
			return
		}
		got, err := through(canned{status: 200, body: string(body)}).Me(t.Context(), token())
		if err != nil {
			t.Fatal(err)
		}
		bad := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
		if !utf8.ValidString(got.Name) || utf8.RuneCountInString(got.Name) > 200 || strings.ContainsFunc(got.Name, bad) {
			t.Errorf("%s became %s", strconv.Quote(sent), strconv.Quote(got.Name))
		}
	})
}
