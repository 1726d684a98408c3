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
	// target is whom it waits for, anybody when it is negative.
	target int
	// after is how many more good answers it lets pass.
	after int
	moment
	kills int
}

// arm prepares one kill. One that has not struck yet is replaced.
func (k *killer) arm(target, after int, m moment) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed, k.target, k.after, k.moment = true, target, after, m
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
	k.target, k.after = -1, 0
}

// strikes says whether the server that is about to hear a good answer is killed now, and how.
func (k *killer) strikes(replica int) (moment, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.armed || k.target >= 0 && k.target != replica {
		return 0, false
	}
	if k.after > 0 {
		k.after--
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
		if err := f.outage.begin(ctx); err != nil {
			f.finding("the store could not be cut off: %v", err)
		}
		f.cut.Store(true)
	}
	if f.calling.CompareAndSwap(true, false) {
		f.turn.Lock()
		err := f.login(ctx, o, f.replicas[(replica+1)%len(f.replicas)])
		f.turn.Unlock()
		if err != nil {
			f.finding("%s could not log in while she was being refreshed: %v", o.persona, err)
		}
	}
	how, strikes := f.killer.strikes(replica)
	if !strikes {
		deliver()
		return true
	}
	f.turn.Lock()
	defer f.turn.Unlock()
	f.kill(ctx, replica, how, deliver)
	return how != withheld
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
