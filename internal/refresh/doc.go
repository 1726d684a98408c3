// Package refresh keeps the tokens of all connections alive.
//
// It owns the policies: when a token is tried again after a failure, what it takes until an owner
// is asked to log in, when it is not the owners but the app, and which of two answers counts. The
// policies are functions of a connection, an answer and a moment, and change nothing themselves.
// The Keeper around them claims, asks and writes.
//
// It leaves to others what an error of Instagram means (instagram), when a healthy token is due
// (store), what opens and seals one (vault), and telling people (notice): here a connection gets
// its NoticeAt, and an alarm is raised or cleared in the store.
//
// # One refresh
//
// A connection is claimed under a lease, read, and asked whether it is still due. Instagram is
// called outside of every transaction and lock. The answer is written at the version that was read.
// The lease saves work: two processes seldom ask for the same token. The version decides: a write
// that finds another one looks again, gives way to a login since, and else lets the token that was
// issued later win. An answer that cannot be written is kept on disk (Spill) until it can.
//
// # A refresh that fails
//
//	attempt.do ── Instagram says no ──► recordFailure
//	    │                                 ├─ postponed          the next attempt, with backoff and jitter
//	    │                                 ├─ withSuspicion      first answer that asks for the owner: asked again in five minutes
//	    │                                 └─ countFailure       how many failed alike: opens the breaker
//	    └─ the second one agrees, at /me too ──► decide (confirm.go)
//	                                      ├─ compareWithOthers  two other accounts: fail they alike, it is the app
//	                                      ├─ /me once more      a third refusal
//	                                      └─ markReconnect      the owner is needed; only here is a connection given up
//
// The breaker (breaker.go) is for the app as a whole. Closed, everybody is tried. Open, which is an alarm of the
// store that all replicas see, nobody is. Half open (breaker_probe.go), one connection at a time is tried, by one
// process, until enough worked in a row.
package refresh
