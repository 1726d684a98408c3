// Package store says what Latchkey keeps and what every database under it must promise.
//
// It owns the kept types, the contract (the roles below, composed in [Store]) and the sentinels.
// It leaves to the adapters how a row or a document looks, and to the callers every decision: a
// store never retries, never calls out, and never asks what time it is.
//
// # The contract
//
// Absence is an error: what is looked up by its key and is not there is [ErrNotFound]. A list that
// finds nothing is empty.
//
// Times are kept in UTC to the millisecond, cut, not rounded. The zero time means never and comes
// back as the zero time. A nil slice or pointer means unknown and comes back nil; an empty slice
// means none and comes back empty.
//
// Values are copies: what a caller does to a value after a call, or to what a call returned,
// changes nothing that is stored.
//
// Every method is atomic for the one connection, record or session that it names, also
// between processes, and no method is atomic across several of them unless it says so. Every
// method is safe for concurrent use and returns soon after its context ends, with the context's
// error in the chain.
//
// What a call wrote outlives the process when the call returns, and a loss of power too, but for
// fleeting records, the going on of sessions, leases and the record of the last sweep:
// those a store may put on the disk a little later (docs/decisions/0005).
//
// The cost of a call follows what it finds, not what is stored.
package store
