package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// jumps are by how much the clock of a server is ahead of what it should be: more than a minute or two
// of real machines, and up to what a wrong year or a dead battery makes of it.
var jumps = []time.Duration{
	90 * 24 * time.Hour, -90 * 24 * time.Hour, 55 * 24 * time.Hour, 7 * time.Hour, -7 * time.Hour,
	12 * time.Minute, -12 * time.Minute,
}

// jumpsEvery is after how many days the clock of a server is wrong.
const jumpsEvery = 6

// jump says whether the clock of a server is wrong during a step, whose, and by how much.
func (c scenario) jump(day, step, servers int) (server int, ahead time.Duration, wrong bool) {
	random := c.plan.random("jump", fmt.Sprint(day))
	if !c.jumps || day%jumpsEvery != 2 || c.refusalDay(day) || step != random.IntN(c.stepsADay) {
		return 0, 0, false
	}
	return random.IntN(servers), jumps[random.IntN(len(jumps))], true
}

// pass lets one step of a day go by, if need be with a clock that is wrong from before its beginning
// until after its end. A server that is to be killed on that day is killed in a try that is made then, if any.
func (f *fleet) pass(ctx context.Context, c scenario, day, step int) error {
	server, ahead, wrong := c.jump(day, step, len(f.replicas))
	if !wrong {
		return f.step(ctx, c.step())
	}
	f.killer.anybody()
	f.say("the clock of server %d is off by %v", server, ahead)
	for _, act := range []func() error{
		func() error { return f.misset(ctx, server, ahead) },
		func() error { return f.shelter(ctx) }, // of a try that only the wrong clock had made due
		func() error { return f.step(ctx, c.step()) },
		func() error { return f.shelter(ctx) },
		func() error { return f.misset(ctx, server, 0) },
	} {
		if err := act(); err != nil {
			return err
		}
	}
	return nil
}

// misset sets the clock of a server wrong, or with 0 right, and waits until it has looked what is due. Until
// then it counts as wrong. It waits for more than a second first, so that by the whole seconds of a Date the
// look comes after it.
func (f *fleet) misset(ctx context.Context, server int, ahead time.Duration) error {
	r := f.replicas[server]
	f.world.misset(true)
	r.ahead = ahead
	if err := errors.Join(pause(ctx, 3*dateSlack/2), r.setClock(f.offset)); err != nil {
		return err
	}
	if err := f.wait(ctx); err != nil {
		return err
	}
	f.world.misset(ahead != 0)
	return nil
}
