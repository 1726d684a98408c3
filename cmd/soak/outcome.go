package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// outcome is what came of a course, or of several together.
type outcome struct {
	counts
	connections, days, kills int
	lost, lostOldTokenDead   int
	wronglyMarked            int
	// runway is the shortest life that any token had left that was to live.
	runway time.Duration
	wrong  []string
}

const longest = time.Duration(math.MaxInt64)

// twiceAtMost is the share of refreshes that may be one too many.
const twiceAtMost = 0.01

func (o outcome) twiceShare() float64 { return float64(o.twice) / float64(max(1, o.refreshes)) }

// good says whether the promises were kept.
func (o outcome) good() bool {
	return o.lost == 0 && o.wronglyMarked == 0 && o.twiceShare() <= twiceAtMost && len(o.wrong) == 0
}

// add puts the outcome of another fleet to this one.
func (o outcome) add(p outcome) outcome {
	o.connections += p.connections
	o.days = max(o.days, p.days)
	o.calls += p.calls
	o.faults += p.faults
	o.astray += p.astray
	o.torn += p.torn
	o.kills += p.kills
	o.lost += p.lost
	o.lostOldTokenDead += p.lostOldTokenDead
	o.wronglyMarked += p.wronglyMarked
	o.refreshes += p.refreshes
	o.twice += p.twice
	o.runway = min(o.runway, p.runway)
	o.wrong = append(o.wrong, p.wrong...)
	return o
}

func (o outcome) runwayDays() float64 {
	return math.Round(o.runway.Hours()/24*100) / 100
}

// String is the outcome for a person.
func (o outcome) String() string {
	return fmt.Sprintf("%d of %d answers wrong, %d refreshes, %d too soon, %d kills took %d answers, lost %d, and %d with the old token, wrongly marked %d, runway %.1f days",
		o.faults, o.calls, o.refreshes, o.twice, o.kills, o.torn, o.lost, o.lostOldTokenDead, o.wronglyMarked, o.runwayDays())
}

// line is the outcome for a program: one JSON object.
func (o outcome) line() string {
	b, err := json.Marshal(struct {
		Connections         int     `json:"connections"`
		Days                int     `json:"days"`
		Faults              int     `json:"faults"`
		Kills               int     `json:"kills"`
		Lost                int     `json:"lost"`
		LostOldTokenDead    int     `json:"lost_old_token_dead"`
		WronglyMarked       int     `json:"wrongly_marked"`
		RefreshedTwiceShare float64 `json:"refreshed_twice_share"`
		LowestRunwayDays    float64 `json:"lowest_runway_days"`
	}{
		o.connections, o.days, o.faults, o.kills, o.lost, o.lostOldTokenDead, o.wronglyMarked,
		math.Round(o.twiceShare()*1e5) / 1e5, o.runwayDays(),
	})
	if err != nil {
		panic(err) // only numbers
	}
	return string(b)
}

// count brings the outcome up to date with what was seen.
func (f *fleet) count(all []seen, o *outcome) {
	o.counts = f.world.counted()
	o.kills = f.killer.count()
	o.lost, o.lostOldTokenDead, o.wronglyMarked = 0, 0, 0
	now := f.world.sim.Now()
	for _, s := range all {
		if s.lost() {
			o.lost++
		}
		if s.deadWithOld() {
			o.lostOldTokenDead++
		}
		if s.wronglyMarked() {
			o.wronglyMarked++
		}
		if left, lives := s.runway(now); lives {
			o.runway = min(o.runway, left)
		}
	}
}

// inspect looks at the end of a day. What is lost then is lost for good, so that it is named at
// once.
func (f *fleet) inspect(ctx context.Context, o *outcome) error {
	all, err := f.see(ctx, false)
	if err != nil {
		return err
	}
	f.count(all, o)
	f.name(ctx, all)
	return nil
}

// name adds those to the findings that are wrong and were not named before.
func (f *fleet) name(ctx context.Context, all []seen) {
	now := f.world.sim.Now()
	for _, s := range all {
		what := s.fault(now)
		if what == "" || f.named[s.persona] {
			continue
		}
		f.named[s.persona] = true
		if s.events == nil {
			s.events, _ = f.store.Events(ctx, s.connection.ID, eventsRead) // the finding stands without them
		}
		f.find(what, s)
	}
}

// find adds what is wrong with a connection to the findings, with all that is known of it.
func (f *fleet) find(what string, s seen) {
	f.finding("%s: %v%s", what, s, timeline(f.world.history(s.persona), s.events))
}

// twiceNamed is how many of those are told in full that were refreshed too soon: they are alike.
const twiceNamed = 3

// nameTwice adds some of those to the findings that were refreshed too soon, when they are too many.
func (f *fleet) nameTwice(all []seen, o outcome) {
	if o.twiceShare() <= twiceAtMost {
		return
	}
	named := 0
	for _, s := range all {
		if s.twice && named < twiceNamed {
			named++
			f.find(fmt.Sprintf("one of %d refreshes too soon among %d", o.twice, o.refreshes), s)
		}
	}
}

// toldWithin is how long, on the machine's own time, the owners of what is lost may wait to be told
// so.
const toldWithin = 90 * time.Second

// conclude looks at the end of the course, with every connection's history.
func (f *fleet) conclude(ctx context.Context, o *outcome) error {
	deadline := time.Now().Add(toldWithin)
	for {
		all, err := f.see(ctx, true)
		if err != nil {
			return err
		}
		missing := 0
		for _, s := range all {
			if s.unanswered() != "" {
				missing++
			}
		}
		if missing > 0 && time.Now().Before(deadline) {
			if err := pause(ctx, time.Second); err != nil {
				return err
			}
			continue
		}
		f.count(all, o)
		f.name(ctx, all)
		now := f.world.sim.Now()
		for _, s := range all {
			if what := s.unanswered(); what != "" {
				f.find("a kill took the only token, and "+what, s)
			}
			if s.unnoticed(now) {
				f.find("the owner ended the permission, and nobody noticed", s)
			}
		}
		f.nameTwice(all, *o)
		o.wrong = f.findings()
		return nil
	}
}
