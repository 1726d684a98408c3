package usage_test

import (
	"testing"
	"time"

	"latchkey/instagram"
	"latchkey/internal/usage"
)

const account = "17841400000000123"

// meter is a Meter whose clock the test moves.
func meter() (m *usage.Meter, pass func(time.Duration)) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	return &usage.Meter{Now: func() time.Time { return now }}, func(d time.Duration) { now = now.Add(d) }
}

func app(percent float64) instagram.Usage {
	return instagram.Usage{App: &instagram.Limit{Calls: percent}}
}

// business is what Instagram tells of an account, under the ids of the business and of itself.
func business(percent float64, regain time.Duration) instagram.Usage {
	return instagram.Usage{Business: map[string][]instagram.Limit{
		"880": {{Type: "instagram", Calls: 1}},
		"881": {{Type: "instagram", CPU: percent, Regain: regain}},
	}}
}

func TestPace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		heard func(*usage.Meter)
		want  usage.Pace
	}{
		{"nothing heard", func(*usage.Meter) {}, usage.Free},
		{"room enough", func(m *usage.Meter) { m.Heard(account, app(74.9)) }, usage.Free},
		{"slow from 75 percent", func(m *usage.Meter) { m.Heard(account, app(75)) }, usage.Slow},
		{"slow until 90 percent", func(m *usage.Meter) { m.Heard(account, business(89.9, 0)) }, usage.Slow},
		{"stop from 90 percent", func(m *usage.Meter) { m.Heard(account, business(90, 0)) }, usage.Stop},
		{"the app counts for all", func(m *usage.Meter) { m.Heard("another", app(95)) }, usage.Stop},
		{"the app counts without an account", func(m *usage.Meter) { m.Heard("", app(80)) }, usage.Slow},
		{"another account counts for itself", func(m *usage.Meter) { m.Heard("another", business(95, 0)) }, usage.Free},
		{"no account has no limit of its own", func(m *usage.Meter) { m.Heard("", business(95, 0)) }, usage.Free},
		{"the worse of both", func(m *usage.Meter) {
			m.Heard(account, app(76))
			m.Heard(account, business(91, 0))
		}, usage.Stop},
		{"the app's is no part of an account's", func(m *usage.Meter) {
			both := business(10, 0)
			both.App = app(95).App
			m.Heard(account, both)
			m.Heard(account, app(10))
		}, usage.Free},
		{"what was heard last", func(m *usage.Meter) {
			m.Heard(account, business(95, 0))
			m.Heard(account, business(10, 0))
		}, usage.Free},
		{"what says nothing changes nothing", func(m *usage.Meter) {
			m.Heard(account, business(95, 0))
			m.Heard(account, instagram.Usage{})
			m.Heard(account, app(10))
		}, usage.Stop},
		{"waiting is using all", func(m *usage.Meter) { m.Heard(account, business(40, time.Minute)) }, usage.Stop},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, _ := meter()
			tt.heard(m)
			if got := m.Pace(account); got != tt.want {
				t.Errorf("pace %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWhatWasHeardIsForgotten(t *testing.T) {
	t.Parallel()
	m, pass := meter()
	m.Heard(account, business(95, 3*time.Hour))
	m.Heard("another", business(96, 0))
	m.Heard(account, app(80))

	pass(time.Hour - time.Second)
	if got := m.Pace("another"); got != usage.Stop {
		t.Errorf("within the hour: %v", got)
	}
	pass(time.Second)
	if got := m.Pace("another"); got != usage.Free {
		t.Errorf("after an hour: %v", got)
	}
	pass(2*time.Hour - time.Second)
	if got := m.Pace(account); got != usage.Stop {
		t.Errorf("while Instagram says that calls fail: %v", got)
	}
	pass(time.Second)
	if got := m.Pace(account); got != usage.Free {
		t.Errorf("when they work again: %v", got)
	}
}

func TestHighest(t *testing.T) {
	t.Parallel()
	m, pass := meter()
	m.Heard(account, business(30, 0))
	m.Heard("another", business(150, 0))
	m.Heard("", app(12))
	if a, b := m.Highest(); a != 0.12 || b != 1.5 {
		t.Errorf("app %v, account %v", a, b)
	}
	pass(time.Hour)
	m.Heard("third", business(20, 0)) // the others are dropped with it
	if a, b := m.Highest(); a != 0 || b != 0.2 {
		t.Errorf("an hour later: app %v, account %v", a, b)
	}
}

func TestNoMeter(t *testing.T) {
	t.Parallel()
	var m *usage.Meter
	m.Heard(account, app(95))
	if a, b := m.Highest(); m.Pace(account) != usage.Free || a != 0 || b != 0 {
		t.Error("a nil Meter knows something")
	}
	var ready usage.Meter
	ready.Heard(account, app(95))
	if got := ready.Pace(account); got != usage.Stop || got.String() != "stop" {
		t.Errorf("the zero value: %v", got)
	}
}
