package i18n

import (
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

const sample = `
plain = "Words."
said = "{who} says {what}, and {who} means it."
list = ["One {a}.", "Two {b}.", "Three."]
empty = []
days = { one = "{n} day", other = "{n} days" }
[room.inner]
more = { x = "deep" }
one = "first"
`

// spoken is a language with the texts of a source.
func spoken(t testing.TB, tag language.Tag, source string) *Language {
	t.Helper()
	texts, err := parse(source)
	if err != nil {
		t.Fatal(err)
	}
	return &Language{tag: tag, texts: texts, printer: message.NewPrinter(tag)}
}

func TestText(t *testing.T) {
	t.Parallel()
	l := spoken(t, language.English, sample)
	for _, tt := range []struct{ got, want string }{
		{l.Text("plain"), "Words."},
		{l.Text("said", "what", "{who}", "who", "Ada"), "Ada says {who}, and Ada means it."},
		{l.Text("days", "n", 1), "1 day"},
		{l.Text("days", "n", 0), "0 days"},
		{l.Text("days", "n", int64(2000)), "2,000 days"},
		{l.Text("room.inner.more.x"), "deep"},
		{l.Text("room.inner.one"), "first"},
		{l.Fill("said", func(arg any) string { return "<" + arg.(string) + ">" }, "who", "a", "what", "b"), "<a> says <b>, and <a> means it."},
		{strings.Join(l.List("list", "a", "A", "b", 1000), "|"), "One A.|Two 1,000.|Three."},
		{strings.Join(l.List("empty"), "|"), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
	if !l.Has("said") || l.Has("room") || l.Has("room.inner.more") {
		t.Error("a table is a text, or a text is none")
	}
	polish := spoken(t, language.Polish, `d = { one = "{n} dzień", few = "{n} dni", many = "{n} dni.", other = "{n} dnia" }`)
	for n, want := range map[int]string{1: "1 dzień", 2: "2 dni", 5: "5 dni.", 22: "22 dni"} {
		if got := polish.Text("d", "n", n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// TestMistakes holds that what only a mistake of the program can ask for does not pass in silence.
func TestMistakes(t *testing.T) {
	t.Parallel()
	l := spoken(t, language.English, sample)
	for name, ask := range map[string]func(){
		"no such text":          func() { l.Text("nothing") },
		"an argument too few":   func() { l.Text("said", "who", "Ada") },
		"an argument too many":  func() { l.Text("plain", "who", "Ada") },
		"no number":             func() { l.Text("days") },
		"half a pair":           func() { l.Text("said", "who", "Ada", "what") },
		"a list as a text":      func() { l.Text("list", "a", "A", "b", "B") },
		"a text as a list":      func() { l.List("plain") },
		"a list, and too few":   func() { l.List("list", "a", "A") },
		"neither text nor sum":  func() { l.Text("said", "who", 1.5, "what", "b") },
		"no list of that name":  func() { l.List("nothing") },
		"a table of more texts": func() { l.Text("room") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: nothing was said", name)
				}
			}()
			ask()
		}()
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`a = 1`:                                 "a: is a int64 and no text",
		`a = ""`:                                "a: is empty",
		`a = "  "`:                              "a: is empty",
		`a = "b {c"`:                            `no name between braces after "b "`,
		`a = "b {}"`:                            "no name between braces",
		`a = "b {c d}"`:                         "no name between braces",
		`a = "b }"`:                             "a } without a {",
		`a = "{b} }"`:                           "a } without a {",
		`a = ["b", 1]`:                          "has a int64 in its list",
		`a = ["b", "{"]`:                        "no name between braces",
		`a = [""]`:                              "a: is empty",
		`a = { one = 1, other = "b" }`:          `has a int64 for "one"`,
		`a = { one = "{", other = "b" }`:        "no name between braces",
		`a = { b = { c = 1 } }`:                 "a: a.b: a.b.c: is a int64",
		`a = "b"` + "\n" + `a = "c"`:            "a",
		`a = {{ .B }}`:                          "",
		"a = \"b\"\n[a]\nc = \"d\"":             "",
		`a = { one = "x", other = { one="y" }}`: `has a map[string]interface {} for "other"`,
	} {
		_, err := parse(source)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", source, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add(`a = "{b}{c}"`)
	f.Fuzz(func(t *testing.T, source string) {
		texts, err := parse(source)
		if err != nil {
			return
		}
		for key, text := range texts {
			for _, s := range append(text.list, text.forms[plural.Other]) {
				if text.list == nil && len(s.words) != len(s.args)+1 {
					t.Errorf("%q has %d words around %d arguments", key, len(s.words), len(s.args))
				}
			}
		}
	})
}
