package mail_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"latchkey/internal/mail"
	"latchkey/internal/mail/mailtest"
)

// TestGreetShowsNothing holds that a greeting shows neither a password nor a mail.
func TestGreetShowsNothing(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.User, server.Password = user, password
	s := sender(t, "smtp://"+user+":"+escaped+"@"+server.Addr())
	if err := s.Greet(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := func(line string) bool { return !strings.HasPrefix(line, "EHLO ") && line != "QUIT" }
	if heard := server.Heard(); len(heard) != 2 || slices.ContainsFunc(heard, other) {
		t.Errorf("the server heard %q", heard)
	}
}

func TestGreetOfAServerThatIsAway(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	server.Answer(mailtest.Greeting, "554 5.7.1 not for CANARY")
	for _, address := range []string{server.URL(), "smtps://" + server.Addr(), "smtp://127.0.0.1:1"} {
		err := sender(t, address).Greet(t.Context())
		if !errors.Is(err, mail.ErrAway) {
			t.Errorf("%s: %v, want %v", address, err, mail.ErrAway)
			continue
		}
		quiet(t, err)
	}
}
