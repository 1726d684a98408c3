package main

import (
	"testing"
	"time"
)

// TestCourse holds that a soak has all of what it is for, each thing on a day of its own.
func TestCourse(t *testing.T) {
	t.Parallel()
	c := soakScenario(100, 60, 8, 1)
	cuts, last, refused := 0, 0, 0
	wrong, by := map[int]int{}, map[time.Duration]int{}
	for day := range c.days {
		if cut, isLast := c.cut(day); cut {
			cuts++
			if isLast {
				last++
			}
			if c.refusalDay(day) {
				t.Errorf("day %d: the store is away and Instagram refuses everybody", day)
			}
		}
		for step := range c.stepsADay {
			if c.refuses(day, step) {
				refused++
			}
			server, ahead, jumps := c.jump(day, step, 2)
			if !jumps {
				continue
			}
			if wrong[server]++; ahead.Abs() <= 5*time.Minute || c.refusalDay(day) {
				t.Errorf("day %d: a clock that is off by %v", day, ahead)
			}
			by[ahead]++
		}
	}
	if cuts != 2 || last != 1 || refused != c.stepsADay/4 {
		t.Errorf("%d cuts, %d last ones, refused for %d steps", cuts, last, refused)
	}
	if wrong[0]+wrong[1] != 10 || len(by) < 3 {
		t.Errorf("clocks were wrong %v times, by %v", wrong, by)
	}
	if _, _, jumps := killScenario(10, 1).jump(2, 0, 2); jumps {
		t.Error("a course of kills has wrong clocks")
	}
}

// TestCallsRepeat holds that what an owner's call meets hangs on the seed, on her and on the number of
// the call, and on nothing else.
func TestCallsRepeat(t *testing.T) {
	t.Parallel()
	p, other := plan{seed: 7, share: 0.5}, plan{seed: 8, share: 0.5}
	anything := func(fault) bool { return true }
	same, others := 0, 0
	for n := range 200 {
		f, strikes := p.fault("owner_00001", "refresh", n, anything)
		again, strikesAgain := p.fault("owner_00001", "refresh", n, anything)
		m, modeAgain := p.mode("owner_00001", n, modes), p.mode("owner_00001", n, modes)
		if f != again || strikes != strikesAgain || m != modeAgain {
			t.Errorf("call %d does not repeat", n)
		}
		if m != other.mode("owner_00001", n, modes) {
			others++
		}
		if m == p.mode("owner_00002", n, modes) {
			same++
		}
	}
	if others < 100 || same > 100 {
		t.Errorf("of 200 refreshes %d are done otherwise by another seed, %d alike for two owners", others, same)
	}
	picked := 0
	for n := range 1000 {
		if p.picks("owner_00001", string(rune(n)), 10) {
			picked++
		}
	}
	if picked < 60 || picked > 140 || !p.picks("anybody", "", 0) {
		t.Errorf("%d of 1000 picked, want about 100", picked)
	}
}
