package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/seal"
)

// TestDoctorExplainsEveryRefusedLogin pastes the address of each page that ends a login, and the line of the
// log that tells of it. Each has a meaning of its own, and something to do.
func TestDoctorExplainsEveryRefusedLogin(t *testing.T) {
	t.Parallel()
	kinds := append(login.Kinds(), "records away", "records closed", "our fault")
	if len(refusedLogins) != len(kinds) {
		t.Errorf("%d pages are explained, and there are %d", len(refusedLogins), len(kinds))
	}
	seen := map[string]login.Kind{}
	for _, kind := range kinds {
		word := strings.ReplaceAll(string(kind), " ", "-")
		for _, pasted := range []string{
			"https://latchkey.example.com/auth?refused=" + word,
			"/AUTH?REFUSED=" + strings.ToUpper(word),
			"refused%3D" + word,
			"login refused: " + string(kind),
			`level=INFO msg="login refused" kind="` + string(kind) + `" account=17841400000000123 username=studio_north`,
			`{"level":"INFO","msg":"login refused","kind":"` + string(kind) + `","account":"17841400000000123"}`,
			`"{\"msg\":\"login refused\",\"kind\":\"` + string(kind) + `\"}"`,
		} {
			x := lookUp(pasted)
			if !x.Known || len(x.Findings) != 1 || string(x.Findings[0].Cause) != word || x.Findings[0].Text != "/auth?refused="+word {
				t.Errorf("%q: %+v", pasted, x)
			}
		}
		f := lookUp("/auth?refused=" + word).Findings[0]
		if other, twice := seen[f.Meaning]; twice || f.Cure == "" || classWords[f.Class] == "" {
			t.Errorf("%s says %+v, as %s does", kind, f, other)
		}
		seen[f.Meaning] = kind
	}
}

// TestDoctorExplainsItsOwnTroubles has what Latchkey says itself and what may be its own doing.
func TestDoctorExplainsItsOwnTroubles(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string][]instagram.Cause{
		"sealed":                                                   {"sealed"},
		"cause=sealed class=operator":                              {"sealed"},
		`{"cause":"sealed","code":190}`:                            {"sealed"},
		`"{\"cause\":\"sealed\"}"`:                                 {"sealed"},
		"class operator, sealed":                                   {"sealed"},
		"open: " + seal.ErrNotOpened.Error():                       {"sealed"},
		"The keyring does not open the tokens of some connections": {"sealed"},

		"could not be decrypted":                          {"token_unreadable", "sealed"},
		"THE ACCESS TOKEN COULD NOT BE DECRYPTED":         {"token_unreadable", "sealed"},
		"Cannot parse access token":                       {"token_unreadable"},
		"502 Bad Gateway":                                 {"outage", "server_away"},
		"Instagram says 502 Bad Gateway":                  {"outage"},
		"instagram: me: status 502, outage":               {"outage"},
		`path=/readyz status=503`:                         {"outage", "server_away"},
		"/auth?refused=nonsense":                          nil,
		"kind=nonsense kind=blocked":                      {"blocked"},
		`kind=misconfigured instagram.cause=redirect_uri`: {"redirect_uri"},
		`kind=unclear instagram.code=191`:                 {"unclear"},
		"https://x.example/auth?refused=blocked&code=190": {"blocked"},
	} {
		var got []instagram.Cause
		for _, f := range lookUp(pasted).Findings {
			got = append(got, f.Cause)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", pasted, got, want)
		}
	}
	if x := lookUp("path=/readyz status=503"); x.Known {
		t.Errorf("a status alone is known: %+v", x)
	}
}

// TestDoctorExplainsLinesOfItsLog holds that each line is one that the program writes, and that it is explained
// in the form in which it stands in the log.
func TestDoctorExplainsLinesOfItsLog(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	for _, pattern := range []string{"*.go", "../../internal/*/*.go"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, file := range files {
			if file != "doctorown.go" && !strings.HasSuffix(file, "_test.go") {
				text, err := os.ReadFile(file)
				must(t, err)
				source.WriteString(strings.ToLower(string(text)))
			}
		}
	}
	for _, l := range ownLines {
		if !strings.Contains(source.String(), l.text) {
			t.Errorf("nothing says %q", l.text)
		}
		for _, pasted := range []string{
			`time=2026-11-23T10:00:00Z level=WARN msg="` + strings.ToUpper(l.text) + `" connection=17841400000000123`,
			`{"level":"ERROR","msg":"alarm: ` + l.text + `; and more","advice":"something"}`,
		} {
			x := lookUp(pasted)
			if !x.Known || len(x.Findings) != 1 || x.Findings[0].Text != l.text || x.Findings[0].Meaning != l.meaning+"." {
				t.Errorf("%q: %+v", pasted, x)
			}
		}
	}
}

// FuzzDoctorExplains pastes anything, beside a token. The answer says something, does not repeat the token,
// and has no code 0.
func FuzzDoctorExplains(f *testing.F) {
	for _, pasted := range []string{"", "190/460", "2108006", "/auth?refused=in-progress", "kind=in progress", "status 503", "decrypt", `{"error":{"code":0}}`, "token expired", "\xff\\u0000%00&#0;<b>"} {
		f.Add(pasted)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		const canary = "IGAAinventedlongtoken0001"
		for _, text := range []string{pasted + " " + canary, canary + pasted, pasted + canary} {
			said := lookUp(text).String()
			if said == "" || strings.Contains(said, canary) || strings.Contains(said, "code 0") || strings.Contains(said, "%!") {
				t.Errorf("%q: %s", text, said)
			}
		}
	})
}
