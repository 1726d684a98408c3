package clock

import (
	"context"
	"time"
)

const (
	// glance is how often Pause looks whether the clock jumped.
	glance = 250 * time.Millisecond
	// jump is by how much a clock may run off the machine's before that is a jump.
	jump = time.Second
)

// Pause waits until d of the machine's own time has passed. It ends early when the clock now jumps
// against the machine's, so that whoever lives by that clock sees it soon. It returns false when
// ctx ended.
func Pause(ctx context.Context, now func() time.Time, d time.Duration) bool {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	ahead := now().Sub(time.Now())
	for begun := time.Now(); time.Since(begun) < d; {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		if (now().Sub(time.Now()) - ahead).Abs() > jump {
			return true
		}
	}
	return true
}
