package work

import (
	"context"
	"time"
)

const (
	// glance is how often repeat looks whether the clock jumped.
	glance = 250 * time.Millisecond
	// jump is by how much a clock may run off the machine's before that is a jump.
	jump = time.Second
)

// repeat calls do, and calls it again whenever it is over and every of the machine's own time has
// passed, until ctx ends. It calls it sooner when the clock now has jumped against the machine's,
// also while do ran, so that what lives by that clock need not wait.
func repeat(ctx context.Context, now func() time.Time, every time.Duration, do func()) {
	for ctx.Err() == nil {
		ahead := time.Until(now())
		do()
		pause(ctx, now, every, ahead)
	}
}

// pause waits, and no longer than until the clock is no longer ahead by so much, or ctx ends.
func pause(ctx context.Context, now func() time.Time, every, ahead time.Duration) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for begun := time.Now(); time.Since(begun) < every; {
		if (time.Until(now()) - ahead).Abs() > jump {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
