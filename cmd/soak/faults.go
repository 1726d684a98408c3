package main

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"

	"latchkey/igsim"
	"latchkey/instagram"
)

// fault is a wrong answer. Most are faults of the simulator.
type fault struct {
	igsim.Fault
	// class is what a client should make of it; empty when the answer brings what was asked for.
	class instagram.Class
	// weight is how often it comes, beside the others.
	weight int
	// blank is a good answer whose token is empty.
	blank bool
	// lifeless is a good answer without expires_in.
	lifeless bool
}

// faults holds every class of error and every form of answer that Instagram was seen to give
// (docs/instagram.md, Errors).
var faults = []fault{
	{igsim.Fault{Code: 190}, instagram.ClassReconnect, 2, false, false},
	{igsim.Fault{Code: 190, Subcode: 458}, instagram.ClassReconnect, 2, false, false},
	{igsim.Fault{Code: 190, Subcode: 459}, instagram.ClassReconnect, 1, false, false},
	{igsim.Fault{Code: 190, Subcode: 460}, instagram.ClassReconnect, 2, false, false},
	{igsim.Fault{Code: 190, Subcode: 463, Status: http.StatusOK}, instagram.ClassReconnect, 1, false, false},
	{igsim.Fault{Code: 102}, instagram.ClassReconnect, 1, false, false},

	{igsim.Fault{Code: 1}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Code: 2}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Code: 2, Status: http.StatusOK}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Code: 2, AfterWork: true}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Code: 17}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Code: 613}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Code: 80002, RegainMinutes: 30}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Code: 4711, Subcode: 12, Message: "A sentence that nobody has seen yet."}, instagram.ClassRetry, 3, false, false},

	{igsim.Fault{Code: 4}, instagram.ClassHold, 1, false, false},
	{igsim.Fault{Code: 200}, instagram.ClassHold, 2, false, false},
	{igsim.Fault{Code: 368}, instagram.ClassHold, 2, false, false},
	{igsim.Fault{Code: 25, Subcode: 2207050}, instagram.ClassHold, 1, false, false},

	{igsim.Fault{Code: 10}, instagram.ClassOperator, 2, false, false},
	{igsim.Fault{Code: 3}, instagram.ClassOperator, 1, false, false},
	{igsim.Fault{Code: 100}, instagram.ClassOperator, 2, false, false},

	{igsim.Fault{Code: 100, Subcode: 33}, instagram.ClassPermanent, 2, false, false},
	{igsim.Fault{Code: 104}, instagram.ClassPermanent, 1, false, false},
	{igsim.Fault{Code: 803}, instagram.ClassPermanent, 1, false, false},

	{igsim.Fault{Code: 100, Subcode: 2108006}, instagram.ClassIgnore, 2, false, false},

	{igsim.Fault{Kind: igsim.Page}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Kind: igsim.Page, Status: http.StatusInternalServerError, AfterWork: true}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Kind: igsim.Page, Status: http.StatusOK}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Kind: igsim.Empty}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Kind: igsim.Empty, Status: http.StatusOK}, instagram.ClassRetry, 2, false, false},
	{igsim.Fault{Kind: igsim.Truncated}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Kind: igsim.Cut}, instagram.ClassRetry, 3, false, false},
	{igsim.Fault{Kind: igsim.Cut, AfterWork: true}, instagram.ClassRetry, 3, false, false},

	{igsim.Fault{}, instagram.ClassRetry, 3, true, false},
	{igsim.Fault{AfterWork: true}, instagram.ClassRetry, 2, true, false},
	{igsim.Fault{}, "", 3, false, true},
}

// toAll is what everybody hears when Instagram refuses everybody: that the owner has to log in.
var toAll = fault{Fault: igsim.Fault{Code: 190}, class: instagram.ClassReconnect}

// spends says that Instagram has done what was asked when the answer goes astray.
func (f fault) spends() bool { return f.AfterWork || f.Kind == igsim.Truncated }

// lies says that the fault asks for an owner who is not needed.
func (f fault) lies() bool { return f.class == instagram.ClassReconnect }

// stops says that the fault makes a client wait with every call, not with this owner's alone.
func (f fault) stops() bool { return f.Code == 4 }

// only the answers to a refresh have a token in them.
func (f fault) fits(e igsim.Endpoint) bool { return e == igsim.Refresh || !f.blank && !f.lifeless }

// plan decides which calls meet which fault.
type plan struct {
	seed  uint64
	share float64
}

// fault is what the call meets: the nth of the persona at the endpoint. may says which faults are
// allowed now; where the one drawn is not, another one comes.
func (p plan) fault(personaID string, e igsim.Endpoint, nth int, may func(fault) bool) (fault, bool) {
	random := p.random(personaID, string(e), strconv.Itoa(nth))
	if random.Float64() >= p.share {
		return fault{}, false
	}
	allowed := slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return !f.fits(e) || !may(f) })
	sum := 0
	for _, f := range allowed {
		sum += f.weight
	}
	if sum == 0 {
		return fault{}, false
	}
	at := random.IntN(sum)
	for _, f := range allowed {
		if at -= f.weight; at < 0 {
			return f, true
		}
	}
	panic("unreachable: at is below the sum of the weights")
}

// random is a source of its own for what the words name.
func (p plan) random(words ...string) *rand.Rand {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w + "\x00"))
	}
	return rand.New(rand.NewPCG(p.seed, h.Sum64()))
}
