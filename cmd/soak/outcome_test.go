package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLastLine(t *testing.T) {
	t.Parallel()
	o := outcome{
		counts: counts{calls: 10, faults: 2, refreshes: 300, twice: 1}, connections: 40, days: 8, kills: 5,
		lostOldTokenDead: 1, runway: 50*24*time.Hour + 6*time.Hour,
	}
	const want = `{"connections":40,"days":8,"faults":2,"kills":5,"lost":0,"lost_old_token_dead":1,` +
		`"wrongly_marked":0,"refreshed_twice_share":0.00333,"lowest_runway_days":50.25}`
	if got := o.line(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPromises(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		o    outcome
		good bool
	}{
		"nothing happened":        {outcome{}, true},
		"what nobody can save":    {outcome{lostOldTokenDead: 3}, true},
		"one lost":                {outcome{lost: 1}, false},
		"one wrongly marked":      {outcome{wronglyMarked: 1}, false},
		"one in a hundred twice":  {outcome{counts: counts{refreshes: 100, twice: 1}}, true},
		"two in a hundred twice":  {outcome{counts: counts{refreshes: 100, twice: 2}}, false},
		"something else is wrong": {outcome{wrong: []string{"dropped"}}, false},
	} {
		if got := tt.o.good(); got != tt.good {
			t.Errorf("%s: good %v", name, got)
		}
	}
}

func TestOutcomesAddUp(t *testing.T) {
	t.Parallel()
	a := outcome{
		counts: counts{1, 2, 3, 4, 5, 6}, connections: 6, days: 60, kills: 7, lost: 8, lostOldTokenDead: 9,
		wronglyMarked: 10, runway: time.Hour, wrong: []string{"a"},
	}
	b := outcome{
		counts: counts{10, 20, 30, 40, 50, 60}, connections: 60, days: 60, kills: 70, lost: 80, lostOldTokenDead: 90,
		wronglyMarked: 100, runway: time.Minute, wrong: []string{"b"},
	}
	got := a.add(b)
	if got.counts != (counts{11, 22, 33, 44, 55, 66}) || got.connections != 66 || got.days != 60 || got.kills != 77 || got.lost != 88 ||
		got.lostOldTokenDead != 99 || got.wronglyMarked != 110 || got.runway != time.Minute || len(got.wrong) != 2 {
		t.Errorf("%+v", got)
	}
}

// TestTooManyRefreshesAreTold holds that the report tells call by call of a few that were refreshed too soon, when
// they are too many, and else of none.
func TestTooManyRefreshesAreTold(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	f := &fleet{world: v.world}
	for range 3 { // the old token lives on, as if each answer had been forgotten
		if _, err := v.client.Refresh(t.Context(), v.token); err != nil {
			t.Fatal(err)
		}
	}
	all := v.world.truth()
	f.nameTwice(all, outcome{counts: counts{refreshes: 300, twice: 3}})
	if len(f.findings()) != 0 {
		t.Errorf("one in a hundred: %v", f.findings())
	}
	f.nameTwice(append(slices.Repeat(all, 5), seen{}), outcome{counts: counts{refreshes: 299, twice: 3}})
	got := f.findings()
	if len(got) != twiceNamed || !strings.Contains(got[0], "one of 3 refreshes too soon among 299: "+v.owner().persona) ||
		strings.Count(got[0], "again too soon: true") != 2 {
		t.Errorf("told: %v", got)
	}
}
