package igsim

import "time"

// stepping is how the control page and the JSON API move the clock.
type stepping struct {
	// turn has room for the one jump that runs. Calls go on being answered meanwhile.
	turn chan struct{}
	step time.Duration
	each func()
}

// InSteps makes the jumps that the pages and POST /_sim/clock order, by advance_seconds, run in steps
// of at most this length, which is above 0. After every step, the last included, each is called, and
// the next one begins when it returns: whatever lives on this clock can finish what has become due,
// calls to the simulator included. The answer comes after the last step. Two jumps at once run one
// after the other. A jump that began goes to its end, also when the client that ordered it is gone:
// half a jump is what nobody asked for. One that still waits for another is given up with its client.
//
// [Simulator.Advance], [Simulator.Set] and {"set": …} move the clock at once and call nothing.
// InSteps is called before the first request; each must not order a jump.
func (s *Simulator) InSteps(step time.Duration, each func()) {
	s.stepping.step, s.stepping.each = step, each
}

// walk moves the clock forward by d, in steps where there are any. After each of them shown is told
// how far the clock still has to go. The caller has the turn.
func (s *Simulator) walk(d time.Duration, shown func(left time.Duration)) {
	if s.stepping.each == nil {
		s.Advance(d)
		return
	}
	for d > 0 {
		step := min(d, s.stepping.step)
		s.Advance(step)
		d -= step
		s.stepping.each()
		shown(d)
	}
}
