package igsim

import "time"

// Now is the simulator's time. It begins at the machine's, or at that of the clock that it follows,
// and runs at its pace.
func (s *Simulator) Now() time.Time {
	return s.base().Add(time.Duration(s.offset.Load()))
}

// Follow lets the simulator's time run on another clock than the machine's. It is called before
// the first request.
func (s *Simulator) Follow(clock func() time.Time) { s.base = clock }

// Advance moves the clock forward by d, or back if d is negative.
func (s *Simulator) Advance(d time.Duration) {
	s.offset.Add(int64(d))
}

// Set moves the clock to t.
func (s *Simulator) Set(t time.Time) {
	s.offset.Store(int64(t.Sub(s.base())))
}
