package mail_test

import (
	"strings"
	"testing"

	"latchkey/internal/mail"
)

func TestServerAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		url, address, user, password string
		tls, loopback                bool
	}{
		{url: "smtp://mail.example.com", address: "mail.example.com:587"},
		{url: "smtps://mail.example.com/", address: "mail.example.com:465", tls: true},
		{url: "smtp://mail.example.com:25", address: "mail.example.com:25"},
		{url: "smtp://a%40b:" + escaped + "@mail.example.com", address: "mail.example.com:587", user: "a@b", password: password},
		{url: "smtp://localhost:1025", address: "localhost:1025", loopback: true},
		{url: "smtp://127.0.0.1", address: "127.0.0.1:587", loopback: true},
		{url: "smtp://[::1]:25", address: "[::1]:25", loopback: true},
		{url: "smtp://localhost.example.com", address: "localhost.example.com:587"},
		{url: "smtp://128.0.0.1", address: "128.0.0.1:587"},
	} {
		s, err := mail.New(tt.url, "latchkey@example.net")
		if err != nil {
			t.Errorf("%s: %v", tt.url, err)
			continue
		}
		address, user, password, tls, loopback := mail.Server(s)
		if address != tt.address || user != tt.user || password != tt.password || tls != tt.tls || loopback != tt.loopback {
			t.Errorf("%s is %s, user %q, password %q, TLS %v, loopback %v", tt.url, address, user, password, tls, loopback)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	const good = "smtp://mail.example.com"
	for _, tt := range []struct{ url, from string }{
		{"", "a@example.net"},
		{"mail.example.com:25", "a@example.net"},
		{"http://CANARY:CANARY@mail.example.com", "a@example.net"},
		{"smtp://", "a@example.net"},
		{"smtp://:25", "a@example.net"},
		{"smtp://CANARY:CANARY@", "a@example.net"},
		{"smtp://CANARY@mail.example.com", "a@example.net"},
		{"smtp://:CANARY@mail.example.com", "a@example.net"},
		{"smtp://CANARY:CANARY@mail.example.com:0", "a@example.net"},
		{"smtp://CANARY:CANARY@mail.example.com:65536", "a@example.net"},
		{"smtp://CANARY:CANARY@mail.example.com:CANARY", "a@example.net"},
		{"smtp://mail.example.com/CANARY", "a@example.net"},
		{"smtp://mail.example.com?CANARY", "a@example.net"},
		{"smtp://mail.example.com?", "a@example.net"},
		{"smtp://mail.example.com#CANARY", "a@example.net"},
		{"smtp://u:CANARY/x@mail.example.com", "a@example.net"},
		{"smtp://u:%zzCANARY@mail.example.com", "a@example.net"},
		{good, ""},
		{good, "CANARY"},
		{good, "a@example.net, b@example.net"},
		{good, "a@example.net\r\nBcc: b@example.net"},
		{good, `"a b"@example.net`},
	} {
		s, err := mail.New(tt.url, tt.from)
		if err == nil || s != nil {
			t.Errorf("took %q and %q", tt.url, tt.from)
			continue
		}
		if strings.Contains(err.Error(), "CANARY") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error repeats it: %v", tt.url, err)
		}
	}
}

func FuzzNew(f *testing.F) {
	for _, url := range []string{"smtp://mail.example.com", "smtps://u:p@[::1]:25/", "smtp://u:%70@localhost?", "smtp://a\x00b", "SMTP://A"} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		s, err := mail.New(url, "latchkey@example.net")
		if err != nil {
			if len(err.Error()) > 300 || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%q: %v", url, err)
			}
			return
		}
		address, user, password, _, _ := mail.Server(s)
		if strings.ContainsAny(address, " \r\n/@\x00") || (user == "") != (password == "") {
			t.Errorf("%q is %q, user %q, password %q", url, address, user, password)
		}
	})
}
