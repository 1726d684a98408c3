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
	// blank is a good answer whose token is empty, lifeless one without expires_in.
	blank, lifeless bool
}

// faults holds every class of error and every form of answer that Instagram was seen to give
// (docs/instagram.md, Errors).
var faults = slices.Concat(
	of(instagram.ClassReconnect,
		igsim.Fault{Code: 190},
		igsim.Fault{Code: 190, Subcode: 458},
		igsim.Fault{Code: 190, Subcode: 459},
		igsim.Fault{Code: 190, Subcode: 460},
		igsim.Fault{Code: 190, Subcode: 463, Status: http.StatusOK},
		igsim.Fault{Code: 102}),
	of(instagram.ClassRetry,
		igsim.Fault{Code: 1},
		igsim.Fault{Code: 2},
		igsim.Fault{Code: 2, Status: http.StatusOK},
		igsim.Fault{Code: 2, AfterWork: true},
		igsim.Fault{Code: 17},
		igsim.Fault{Code: 613},
		igsim.Fault{Code: 80002, RegainMinutes: 30},
		igsim.Fault{Code: 4711, Subcode: 12, Message: "A sentence that nobody has seen yet."}),
	of(instagram.ClassRetry,
		igsim.Fault{Kind: igsim.Page},
		igsim.Fault{Kind: igsim.Page, Status: http.StatusInternalServerError, AfterWork: true},
		igsim.Fault{Kind: igsim.Page, Status: http.StatusOK},
		igsim.Fault{Kind: igsim.Empty},
		igsim.Fault{Kind: igsim.Empty, Status: http.StatusOK},
		igsim.Fault{Kind: igsim.Truncated},
		igsim.Fault{Kind: igsim.Cut},
		igsim.Fault{Kind: igsim.Cut, AfterWork: true}),
	of(instagram.ClassHold,
		igsim.Fault{Code: 4},
		igsim.Fault{Code: 200},
		igsim.Fault{Code: 368},
		igsim.Fault{Code: 25, Subcode: 2207050}),
	of(instagram.ClassOperator,
		igsim.Fault{Code: 10},
		igsim.Fault{Code: 3},
		igsim.Fault{Code: 100}),
	of(instagram.ClassPermanent,
		igsim.Fault{Code: 100, Subcode: 33},
		igsim.Fault{Code: 104},
		igsim.Fault{Code: 803}),
	of(instagram.ClassIgnore,
		igsim.Fault{Code: 100, Subcode: 2108006}),
	[]fault{
		{class: instagram.ClassRetry, blank: true},
		{class: instagram.ClassRetry, blank: true, Fault: igsim.Fault{AfterWork: true}},
		{lifeless: true},
	},
)

func of(class instagram.Class, those ...igsim.Fault) []fault {
	list := make([]fault, len(those))
	for i, f := range those {
		list[i] = fault{Fault: f, class: class}
	}
	return list
}

// toAll is what everybody hears when Instagram refuses everybody: that the owner has to log in.
var toAll = fault{Fault: igsim.Fault{Code: 190}, class: instagram.ClassReconnect}

// astray is an error page for an answer, to a refresh that Instagram has done. It is no cut connection, after
// which net/http may ask again by itself.
var astray = fault{Fault: igsim.Fault{Kind: igsim.Page, Status: http.StatusInternalServerError, AfterWork: true}, class: instagram.ClassRetry}

// spends says that Instagram has done what was asked when the answer goes astray.
func (f fault) spends() bool { return f.AfterWork || f.Kind == igsim.Truncated }

// lies says that the fault asks for an owner who is not needed.
func (f fault) lies() bool { return f.class == instagram.ClassReconnect }

// stops says that the fault makes a client wait with every call, not with this owner's alone.
func (f fault) stops() bool { return f.Code == 4 }

// weight is how often the fault comes beside the others. What stops a server is rare: for as long as
// it does, nothing else can go wrong there.
func (f fault) weight() int {
	if f.stops() {
		return 1
	}
	return 10
}

// fits says whether the fault can come at an endpoint: only answers to a refresh have a token.
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
		sum += f.weight()
	}
	if sum == 0 {
		return fault{}, false
	}
	at := random.IntN(sum)
	for _, f := range allowed {
		if at -= f.weight(); at < 0 {
			return f, true
		}
	}
	panic("unreachable: at is below the sum of the weights")
}

// mode is how the nth refresh of the persona is done, of those that are possible now.
func (p plan) mode(personaID string, nth int, among []mode) mode {
	return among[p.random(personaID, "mode", strconv.Itoa(nth)).IntN(len(among))]
}

// picks is about one in so many personas, others at each occasion.
func (p plan) picks(personaID, occasion string, oneIn int) bool {
	return p.random(personaID, occasion).IntN(max(1, oneIn)) == 0
}

// random is a source of its own for what the words name.
func (p plan) random(words ...string) *rand.Rand {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w + "\x00"))
	}
	return rand.New(rand.NewPCG(p.seed, h.Sum64()))
}
