package main

import (
	"context"
	"fmt"
	"time"
)

// scenario is what a fleet goes through.
type scenario struct {
	connections, days int
	// stepsADay is into how many jumps a day is cut.
	stepsADay int
	plan      plan
	// modes are those of which each refresh has one.
	modes []mode
	// moments are those at which servers are killed, once a day, or when it is not zero as often
	// as kills says, at every step.
	moments []moment
	kills   int
	// cuts is how often the store is cut off; the last time a server is restarted meanwhile.
	cuts int
	// refusal is whether Instagram once refuses everybody for a quarter of a day.
	refusal bool
	// jumps is whether the clock of a server is wrong now and then.
	jumps bool
}

// quietDays is how long nothing goes wrong at the end, so that what is in doubt is decided.
const quietDays = 2

// share is the part of the calls that is to be answered wrongly. A few are spared, so that a fifth of
// all is.
const share = 0.21

// soakScenario is the whole of what can go wrong.
func soakScenario(connections, days, stepsADay int, seed uint64) scenario {
	return scenario{
		connections: connections, days: days, stepsADay: stepsADay, plan: plan{seed: seed, share: share},
		modes: modes, moments: []moment{withheld, kept, delivered}, cuts: 2, refusal: true, jumps: true,
	}
}

// killScenario is kills alone, each between an answer and its write.
func killScenario(kills int, seed uint64) scenario {
	return scenario{
		connections: 56, days: 10 + kills, stepsADay: 4, plan: plan{seed: seed},
		modes: survivable, moments: []moment{withheld, kept}, kills: kills,
	}
}

func (c scenario) step() time.Duration { return 24 * time.Hour / time.Duration(c.stepsADay) }

// cut says whether the store is cut off on a day, and whether for the last time.
func (c scenario) cut(day int) (cuts, last bool) {
	for i := range c.cuts {
		if day == c.days*(i+1)/(c.cuts+1) {
			return true, i == c.cuts-1
		}
	}
	return false, false
}

// refusalDay says whether it is the day on which Instagram refuses everybody.
func (c scenario) refusalDay(day int) bool { return c.refusal && day == c.days/2+1 }

// refuses says whether Instagram refuses everybody during a step.
func (c scenario) refuses(day, step int) bool {
	quarter := max(1, c.stepsADay/4)
	return c.refusalDay(day) && step >= quarter && step < 2*quarter
}

// run takes the fleet through the course and reports what came of it.
func (f *fleet) run(ctx context.Context, c scenario) (outcome, error) {
	if err := f.connect(ctx); err != nil {
		return outcome{}, fmt.Errorf("connect the owners: %w", err)
	}
	f.say("%d owners are connected", c.connections)
	f.world.hush(false)
	total := outcome{connections: c.connections, runway: longest}
	for day := range c.days {
		if err := f.day(ctx, c, day); err != nil {
			return total, fmt.Errorf("day %d: %w", day+1, err)
		}
		total.days++
		if err := f.inspect(ctx, &total); err != nil {
			return total, fmt.Errorf("look after day %d: %w", day+1, err)
		}
		f.say("day %d of %d: %v", day+1, c.days, total)
		if c.kills > 0 && f.killer.count() >= c.kills {
			break
		}
	}
	f.killer.disarm()
	f.world.hush(true)
	for range quietDays * c.stepsADay {
		if err := f.step(ctx, c.step()); err != nil {
			return total, fmt.Errorf("the quiet days: %w", err)
		}
	}
	f.prove(c)
	err := f.conclude(ctx, &total)
	return total, err
}

// prove holds that the course was what it claims to be: one in which nothing went wrong shows nothing.
func (f *fleet) prove(c scenario) {
	kills, torn := f.killer.count(), f.world.counted().torn
	switch {
	case c.kills > 0 && (kills < c.kills || torn < kills):
		f.finding("%d of %d kills, and %d answers lost by them", kills, c.kills, torn)
	case c.kills == 0 && kills < c.days/2:
		f.finding("only %d kills in %d days", kills, c.days)
	case c.kills == 0 && f.world.counted().astray < max(1, c.days/(2*astrayEvery)):
		f.finding("only %d answers went astray while the old token faded, in %d days", f.world.counted().astray, c.days)
	}
}

// day is one simulated day.
func (f *fleet) day(ctx context.Context, c scenario, day int) error {
	f.world.shift(c.modes...)
	if c.refusalDay(day) {
		f.world.shift(oldLives) // no token is in danger for it
	}
	if c.kills == 0 {
		if err := f.receive(ctx, day, c.days); err != nil {
			return err
		}
	}
	if cuts, last := c.cut(day); cuts {
		f.world.shift(oldDies) // the answer that cannot be written is then the only one there is
		if err := f.cutOff(ctx, c.step(), last); err != nil {
			return err
		}
		f.world.shift(c.modes...)
	}
	for i := range c.stepsADay {
		f.arm(c, day, i)
		f.world.refuse(c.refuses(day, i))
		if err := f.pass(ctx, c, day, i); err != nil {
			return err
		}
		if err := f.shelter(ctx); err != nil {
			return err
		}
		if c.refuses(day, i) && !c.refuses(day, i+1) {
			if err := f.recover(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// recover lets Instagram answer again after it refused everybody, and time go by the hour until the
// servers trust it: they ask with single connections first.
func (f *fleet) recover(ctx context.Context) error {
	f.world.refuse(false)
	for hours := range 48 {
		alarmed := 0.0
		for _, r := range f.replicas {
			on, err := r.metric(ctx, `latchkey_alarm{kind="app"}`)
			if err != nil {
				return err
			}
			alarmed += on
		}
		if alarmed == 0 {
			f.say("Instagram refused everybody; the servers trusted it again after %d hours", hours)
			return nil
		}
		if err := f.step(ctx, time.Hour); err != nil {
			return err
		}
		if err := f.shelter(ctx); err != nil { // a server may have been killed over an answer in that hour
			return err
		}
	}
	f.finding("the servers do not trust Instagram again, two days after it refused everybody")
	return nil
}

// victimsADay is over how many good answers a day a server may be killed, as a rule. The first of
// them is taken.
const victimsADay = 3

// callsEvery is after how many days an owner logs in while a server refreshes her token.
const callsEvery = 3

// astrayEvery is after how many days an answer goes astray while the old token fades.
const astrayEvery = 3

// arm prepares what goes wrong in one step of a day.
func (f *fleet) arm(c scenario, day, step int) {
	random := c.plan.random("kill", fmt.Sprint(day, step))
	how := c.moments[random.IntN(len(c.moments))]
	switch {
	case c.kills > 0 && f.killer.count() < c.kills:
		f.killer.arm(nil, how)
	case c.kills > 0:
	case step == 0:
		f.killer.arm(func(personaID string) bool {
			return c.plan.picks(personaID, fmt.Sprint("killed over on day ", day), c.connections/(7*victimsADay))
		}, how)
	case step == c.stepsADay/2:
		f.killer.anybody() // the one that it waited for had nothing to do
	}
	if c.kills == 0 && step == 1 && day%callsEvery == 1 {
		f.calling.Store(true)
	}
	if c.kills == 0 && step == 0 && day%astrayEvery == 0 && !c.refusalDay(day) {
		f.world.goAstray()
	}
}
