package mongo_test

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/internal/store/mongo"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, uri, want string }{
		{"no database", "mongodb://localhost:27017", "names no database"},
		{"a slash and no database", "mongodb://localhost/?appName=x", "names no database"},
		{"no database behind a password", "mongodb://ada:canary@localhost/", "names no database"},
		{"another scheme", "postgres://ada:canary@localhost/latchkey", "scheme"},
		{"no scheme", "ada:canary@localhost/latchkey", "scheme"},
		{"no host", "mongodb://ada:canary@/latchkey", "host"},
		{"a bad port", "mongodb://ada:canary@localhost:99999/latchkey", "port"},
		{"an unescaped @ in the password", "mongodb://ada:can@ry-canary@localhost/latchkey", "%XX"},
		{"an unescaped / in the password", "mongodb://ada:can/canary@localhost/latchkey", "%XX"},
		{"no database behind an odd password", "mongodb://ada:can?/canary@localhost?appName=x/y", "%XX"},
		{"a bad escape in the password", "mongodb://ada:canary%zz@localhost/latchkey", "%XX"},
		{"a bad option", "mongodb://localhost/latchkey?w=canary&j=canary&timeoutMS=canary", "options"},
		{"options that exclude each other", "mongodb://a,b/latchkey?directConnection=true&proxyPassword=canary", "options"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := mongo.Open(t.Context(), tt.uri)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "LATCHKEY_STORE") {
				t.Errorf("error %q, want one that names LATCHKEY_STORE and has %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error %q has the password", err)
			}
		})
	}
}

func TestOpenAccepts(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{
		"mongodb://localhost/latchkey",
		"mongodb://ada:p%40ss%2Fword@a:27017,b:27018/latch%20key?replicaSet=rs&w=0&readPreference=secondary",
		"mongodb://ada:p?ss@localhost/latchkey?appName=a/b",
		"mongodb://localhost/latchkey?appName=other&timeoutMS=50&maxPoolSize=3",
	} {
		s, err := mongo.Open(t.Context(), uri)
		if err != nil {
			t.Errorf("%s: %v", uri, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

// Whatever surrounds a password, no error has it.
func FuzzParse(f *testing.F) {
	f.Add("", "", "localhost/latchkey")
	f.Add("a@b:c/", "%zz?", "localhost:1,[::1]:99999/a/b?w=x&authMechanism=GSSAPI")
	f.Add("%", "@", "")
	f.Fuzz(func(t *testing.T, before, after, rest string) {
		const password = "canary"
		if strings.Contains(rest, password) {
			t.Skip()
		}
		err := mongo.Parse("mongodb://ada:" + before + password + after + "@" + rest)
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("the password is in %q", err)
		}
	})
}

func TestThePasswordIsNotPrinted(t *testing.T) {
	t.Parallel()
	s, err := mongo.Open(t.Context(), "mongodb://ada:canary@127.0.0.1:1/latchkey?timeoutMS=50")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.Ping(t.Context())
	if err == nil {
		t.Fatal("an answer from nobody")
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%v %+v %#v", s, s, s)} {
		if strings.Contains(text, "canary") {
			t.Errorf("the password is in %q", text)
		}
	}
}
