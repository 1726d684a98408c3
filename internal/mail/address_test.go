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

		"info@münchen.example":       "info@xn--mnchen-3ya.example",
		"info@MÜNCHEN.example":       "info@xn--mnchen-3ya.example",
		"info@mu\u0308nchen.example": "info@xn--mnchen-3ya.example",
		"info@例え。テスト":                "info@xn--r8jz45g.xn--zckzah",
		"info@straße.example":        "info@xn--strae-oqa.example",

		"":                                 "",
		"info@mün chen.example":            "",
		"info@mün_chen.example":            "",
		"info@-münchen.example":            "",
		"info@münchen":                     "",
		"info@mün\x00chen.example":         "",
		"info@\xffmünchen.example":         "",
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

// TestErrLocal holds that letters before the @ that are not ASCII are told apart from what is no
// address at all.
func TestErrLocal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"grün@münchen.example": true, "grün@example.org": true, "gru\u0308n@example.org": true, "用户@例え.テスト": true,
		"grün@example": false, "gr ün@example.org": false, "grün": false, "“a”@example.org": false, "ü..a@example.org": false,
		strings.Repeat("ü", 65) + "@example.org": false, "owner@example": false, "grün@mün_chen.example": false,
	} {
		if _, err := mail.ParseAddress(text); errors.Is(err, mail.ErrLocal) != want || !errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParseSender(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]netmail.Address{
		"latchkey@Example.com":               {Address: "latchkey@example.com"},
		"Latchkey <latchkey@bücher.example>": {Name: "Latchkey", Address: "latchkey@xn--bcher-kva.example"},
		`"Ada, Bob" <a@b.example>`:           {Name: "Ada, Bob", Address: "a@b.example"},
		"Für alle <a@b.example>":             {Name: "Für alle", Address: "a@b.example"},
		"latchkey@intranet":                  {},
		"Latchkey":                           {},
		"Lätchkey <lätchkey@example.com>":    {},
		"a@b.example\r\n <c@d.example>":      {},
		"\"Ada\x00\" <a@b.example>":          {},
		"a@b.example, c@d.example":           {},
	} {
		got, err := mail.ParseSender(text)
		if got != want || (want.Address == "") != errors.Is(err, mail.ErrAddress) {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestForReading(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"info@xn--mnchen-3ya.example": "info@münchen.example", "owner@example.org": "owner@example.org",
		"a@xn--0.example": "a@xn--0.example",
	} {
		if got := mail.ForReading(address); got != want {
			t.Errorf("%s reads %s, want %s", address, got, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, text := range []string{"owner@example.org", `"a"@example.org`, "a@b.c (d)", "A <a@b.c>", "a@[::1]", "\r\na@b.c", "=?utf-8?q?a?=@b.c", "a@bü.c", "ü@b.c", "a@xn--b-xga.c"} {
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
