package igsim_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

// saveOf is what a simulator saves.
func saveOf(tb testing.TB, s *igsim.Simulator) string {
	tb.Helper()
	var b bytes.Buffer
	if err := s.Save(&b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// TestAnotherProcess saves a simulator in the middle of its life, and holds that the one that loads it answers for the
// tokens as the first would have.
func TestAnotherProcess(t *testing.T) {
	t.Parallel()
	before, after := setup(t), setup(t)
	works, ended := before.long("studio_north"), before.long("mara_makes")
	if err := before.sim.ChangePassword("mara_makes"); err != nil {
		t.Fatal(err)
	}
	back := before.long("mara_makes")
	before.sim.Advance(48 * hour)
	if err := before.sim.SetSwitches(igsim.Switches{OldTokenDies: true, OldTokenMinutes: 5}); err != nil {
		t.Fatal(err)
	}
	replaced := before.long("tiny_bakery")
	before.sim.Advance(48 * hour)
	if got := before.refresh(replaced); got.status != 200 {
		t.Fatal(got.text)
	}
	if err := before.sim.SetPersona(igsim.Persona{ID: "added", Followers: 7}); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"first", "second"} {
		if err := before.sim.TakeMail("a@example.com", []string{"b@example.com"}, []byte("Subject: "+subject+"\r\n\r\nText\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := after.sim.Load(strings.NewReader(saveOf(t, before.sim))); err != nil {
		t.Fatal(err)
	}
	after.sim.Advance(96 * hour)

	for _, token := range []string{works, back, replaced} {
		if got := after.get("/me", "access_token", token); got.status != 200 {
			t.Errorf("a token that works: %s", got.text)
		}
	}
	after.refusal(after.get("/me", "access_token", ended), 400, 190, "password")
	if got := after.refresh(works); got.status != 200 {
		t.Errorf("refreshed: %s", got.text)
	}
	after.sim.Advance(6 * time.Minute)
	if got := after.get("/me", "access_token", replaced); got.status == 200 {
		t.Error("a token that another replaced works on")
	}
	if got := after.sim.Switches(); got != (igsim.Switches{OldTokenDies: true, OldTokenMinutes: 5}) {
		t.Errorf("switches %+v", got)
	}
	if got, want := after.sim.Personas(), before.sim.Personas(); !reflect.DeepEqual(got, want) {
		t.Errorf("personas\n%+v, want\n%+v", got, want)
	}
	if got, want := after.sim.Mails(), before.sim.Mails(); !reflect.DeepEqual(got, want) {
		t.Errorf("mails\n%+v, want\n%+v", got, want)
	}
	if err := after.sim.TakeMail("a@example.com", []string{"b@example.com"}, []byte("\r\n")); err != nil || after.sim.Mails()[0].ID != 3 {
		t.Errorf("the next mail is %+v, %v", after.sim.Mails()[0], err)
	}
}

// TestSavedByARelease loads what the first release that could save wrote.
func TestSavedByARelease(t *testing.T) {
	t.Parallel()
	r := setup(t)
	text, err := os.ReadFile("testdata/saved-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.sim.Load(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if got := saveOf(t, r.sim); got != string(text) {
		t.Errorf("it is saved again as\n%s", got)
	}
	if got := r.get("/me", "fields", "username", "access_token", "IGAAold"); got.status != 200 || got.at("username") != "studio_north" {
		t.Errorf("%d %s", got.status, got.text)
	}
}

// TestNothingHalfLoaded holds that what is refused changes nothing, and that no refusal repeats a token.
func TestNothingHalfLoaded(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/saved-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"another version":       {`"version":1`, `"version":2`},
		"broken off":            {`"mails_ever":1}`, ``},
		"more behind it":        {`"mails_ever":1}`, `"mails_ever":1}{}`},
		"a switch out of range": {`"old_token_minutes":0`, `"old_token_minutes":-1`},
		"a persona without id":  {`"id":"studio_north"`, `"id":""`},
		"a token of nobody":     {`"persona":"studio_north"`, `"persona":"nobody"`},
		"a token without text":  {`"IGAAold"`, `""`},
		"of a later life":       {`"epoch":0`, `"epoch":1`},
		"before all lives":      {`"epoch":0`, `"epoch":-1`},
		"more mails than came":  {`"mails_ever":1`, `"mails_ever":0`},
	} {
		r := setup(t)
		was := saveOf(t, r.sim)
		broken := strings.Replace(string(text), change[0], change[1], 1)
		if broken == string(text) {
			t.Errorf("%s: nothing was changed", name)
		}
		if err := r.sim.Load(strings.NewReader(broken)); err == nil || strings.Contains(err.Error(), "IGAA") {
			t.Errorf("%s: %v", name, err)
		}
		if got := saveOf(t, r.sim); got != was {
			t.Errorf("%s: the simulator is\n%s, was\n%s", name, got, was)
		}
	}
}

// TestMailsThatAreTooMany loads more mails than are kept.
func TestMailsThatAreTooMany(t *testing.T) {
	t.Parallel()
	for n, ok := range map[int]bool{200: true, 201: false} {
		mails := strings.TrimSuffix(strings.Repeat(`{"id":1,"to":[]},`, n), ",")
		err := igsim.New().Load(strings.NewReader(`{"version":1,"mails_ever":300,"mails":[` + mails + `]}`))
		if (err == nil) != ok {
			t.Errorf("%d mails: %v", n, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	text, err := os.ReadFile("testdata/saved-v1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"version":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		s := igsim.New()
		was := saveOf(t, s)
		if err := s.Load(strings.NewReader(text)); err != nil {
			if got := saveOf(t, s); got != was {
				t.Errorf("refused with %v, it is\n%s", err, got)
			}
			return
		}
		once := saveOf(t, s)
		if err := s.Load(strings.NewReader(once)); err != nil {
			t.Errorf("what was saved is refused: %v", err)
		}
		if got := saveOf(t, s); got != once {
			t.Errorf("saved as\n%s\nand then as\n%s", once, got)
		}
	})
}
