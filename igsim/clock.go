package igsim

import "time"

// Now is the simulator's time. It begins at the machine's and runs at its pace.
func (s *Simulator) Now() time.Time {
	return time.Now().Add(time.Duration(s.offset.Load()))
}

// Advance moves the clock forward by d, or back if d is negative.
func (s *Simulator) Advance(d time.Duration) {
	s.offset.Add(int64(d))
}

// Set moves the clock to t.
func (s *Simulator) Set(t time.Time) {
	s.offset.Store(int64(time.Until(t)))
}
