package mail_test

import (
	"errors"
	netmail "net/mail"
	"strings"
	"testing"

	"latchkey/internal/mail"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	for text, want := range map[string]string{
		"owner@example.org":           "owner@example.org",
		" Owner@Example.ORG\n":        "Owner@example.org",
		"a.b+c_d-e@sub.example.co.uk": "a.b+c_d-e@sub.example.co.uk",
		"o'hara@example.org":          "o'hara@example.org",
		"root@localhost":              "root@localhost",
		"a@xn--mller-kva.example":     "a@xn--mller-kva.example",
		long + "@example.org":         long + "@example.org",

		"":                                 "",
		"owner":                            "",
		"@example.org":                     "",
		"owner@":                           "",
		"owner@example":                    "",
		"owner@example.":                   "",
		"owner@.org":                       "",
		"owner@-a.org":                     "",
		"owner@a-.org":                     "",
		"owner@127.0.0.1":                  "",
		"owner@[127.0.0.1]":                "",
		"owner@a_b.org":                    "",
		"owner@müller.example":             "",
		"öwner@example.org":                "",
		"a..b@example.org":                 "",
		".a@example.org":                   "",
		`"a b"@example.org`:                "",
		`"a"@example.org`:                  "",
		"Owner <owner@example.org>":        "",
		"<owner@example.org>":              "",
		"owner@example.org (work)":         "",
		"owner@example.org, b@example.org": "",
		"owner@example.org\r\nBcc: b@example.org": "",
		"owner @example.org":                      "",
		"a@b@example.org":                         "",
		long + "a@example.org":                    "",
		"a@" + strings.Repeat("a.", 130) + "org":  "",
		"a@" + long + ".org":                      "",
	} {
		got, err := mail.ParseAddress(text)
		if got != want || (want == "") != errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, text := range []string{"owner@example.org", `"a"@example.org`, "a@b.c (d)", "A <a@b.c>", "a@[::1]", "\r\na@b.c", "=?utf-8?q?a?=@b.c"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := mail.ParseAddress(text)
		if err != nil {
			if got != "" || !errors.Is(err, mail.ErrAddress) {
				t.Errorf("%q: %q beside %v", text, got, err)
			}
			return
		}
		if again, err := mail.ParseAddress(got); again != got || err != nil {
			t.Errorf("%q became %q, and that %q, %v", text, got, again, err)
		}
		parsed, err := netmail.ParseAddress(got)
		if err != nil || parsed.Address != got || parsed.String() != "<"+got+">" {
			t.Errorf("%q is %q, which in a header is %v, %v", text, got, parsed, err)
		}
		if strings.ContainsAny(got, "\r\n<>\", ") || len(got) > 254 {
			t.Errorf("%q has what does not belong in a command", got)
		}
	})
}
