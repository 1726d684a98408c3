package main

import (
	"context"
	"sync"
	"time"
)

// moment is when a kill strikes, as the work on one connection goes.
type moment int

const (
	withheld  moment = iota // Instagram has answered; the server has not heard it
	kept                    // the server has heard it and the store does not let it write
	delivered               // the server has just heard it; it may have written it
)

func (m moment) String() string { return [...]string{"withheld", "kept", "delivered"}[m] }

// killer kills a server in the middle of its work.
type killer struct {
	mu    sync.Mutex
	armed bool
	// victim says over whose answer it strikes; nil is anybody's.
	victim func(personaID string) bool
	moment
	kills int
}

// arm prepares one kill. One that has not struck yet is replaced.
func (k *killer) arm(victim func(personaID string) bool, m moment) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed, k.victim, k.moment = true, victim, m
}

// disarm takes a kill back that has not struck.
func (k *killer) disarm() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed = false
}

// anybody lets a kill that has not struck take whoever comes next.
func (k *killer) anybody() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.victim = nil
}

// strikes says whether the server that is about to hear a good answer about a persona is killed now,
// and how.
func (k *killer) strikes(personaID string) (moment, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.armed || k.victim != nil && !k.victim(personaID) {
		return 0, false
	}
	k.armed = false
	k.kills++
	return k.moment, true
}

func (k *killer) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kills
}

// hearing is how long a server has to take an answer in before it is killed over it.
const hearing = 5 * time.Millisecond

// answering is what happens between a good answer of Instagram and the server that asked.
func (f *fleet) answering(replica int, o *owner, deliver func()) bool {
	ctx := context.Background() // the call goes on although a killed server hung up
	if f.cutting.CompareAndSwap(true, false) {
		f.cutStore(ctx)
	}
	f.visit(ctx, replica, o)
	how, strikes := f.killer.strikes(o.persona)
	if !strikes {
		deliver()
		return true
	}
	f.turn.Lock()
	defer f.turn.Unlock()
	f.kill(ctx, replica, how, deliver)
	return how != withheld
}

// cutStore takes the store away, after a login that is under way.
func (f *fleet) cutStore(ctx context.Context) {
	f.turn.Lock()
	defer f.turn.Unlock()
	if err := f.outage.begin(ctx); err != nil {
		f.finding("the store could not be cut off: %v", err)
	}
	f.cut.Store(true)
}

// visit lets one owner in four log in at another server before hers hears a good answer, if such a login
// is wanted and the store is there for it.
func (f *fleet) visit(ctx context.Context, replica int, o *owner) {
	f.turn.Lock()
	defer f.turn.Unlock()
	other := f.replicas[(replica+1)%len(f.replicas)]
	if f.cut.Load() || !other.answers() || !f.world.plan.picks(o.persona, "logs in meanwhile", 4) || !f.calling.CompareAndSwap(true, false) {
		return
	}
	if err := f.login(ctx, o, other); err != nil {
		f.finding("%s could not log in while she was being refreshed: %v", o.persona, err)
	}
}

// kill ends a server over a good answer.
func (f *fleet) kill(ctx context.Context, replica int, how moment, deliver func()) {
	switch how {
	case withheld:
	case delivered:
		deliver()
	case kept:
		if err := f.outage.begin(ctx); err != nil {
			f.finding("the store could not be cut off for a kill: %v", err)
		}
		deliver()
		_ = pause(ctx, hearing) // nothing ends this context
	}
	f.replicas[replica].kill()
	if err := f.outage.end(); err != nil {
		f.finding("the store could not be given back after a kill: %v", err)
	}
}
