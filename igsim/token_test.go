package igsim_test

import (
	"testing"
	"time"

	"latchkey/igsim"
)

func TestTokenTellsWhatLives(t *testing.T) {
	t.Parallel()
	r := setup(t)
	if _, known := r.sim.Token("IGAAgarbage"); known {
		t.Error("garbage is known")
	}
	r.set(igsim.Switches{OldTokenDies: true, OldTokenMinutes: 10})
	text := r.long("studio_north")
	got, known := r.sim.Token(text)
	if !known || got.Persona != "studio_north" || !got.Long || !got.Works || !got.Replaced.IsZero() {
		t.Errorf("a new token: %+v, %v", got, known)
	}
	if life := got.Expires.Sub(got.Issued); life != 5183944*time.Second {
		t.Errorf("it lives %v", life)
	}

	r.sim.Advance(25 * hour)
	calls := r.sim.Calls(igsim.AnyEndpoint)
	next, _ := r.refresh(text).json["access_token"].(string)
	if got, _ := r.sim.Token(text); !got.Works || got.Replaced.IsZero() {
		t.Errorf("replaced, and not over yet: %+v", got)
	}
	r.sim.Advance(10 * time.Minute)
	if got, _ := r.sim.Token(text); got.Works {
		t.Errorf("ten minutes later: %+v", got)
	}
	if got, _ := r.sim.Token(next); !got.Works {
		t.Errorf("the next one: %+v", got)
	}
	if err := r.sim.RemoveApp("studio_north"); err != nil {
		t.Fatal(err)
	}
	if got, _ := r.sim.Token(next); got.Works {
		t.Errorf("the app was removed: %+v", got)
	}
	if n := r.sim.Calls(igsim.AnyEndpoint) - calls; n != 1 {
		t.Errorf("%d calls were counted, want the refresh alone", n)
	}
}
