package storetest

import (
	"time"

	"latchkey/internal/store"
)

const (
	ms = time.Millisecond
	// next is when what the cases of this file put is due.
	next = 7 * day
)

var abandonedCases = []Case{
	{"abandoned/a lease that ended without a release makes due", script{
		gives(makeAbandonedDue(noon), 0),
		does(put(lastTried("17", after(-day), after(next)), happened("17", noon, ""))),
		gives(makeAbandonedDue(noon), 0), // it never was under a lease
		does(claim("17", "a", noon)),
		gives(makeAbandonedDue(after(term-ms)), 0),
		gives(connection("17"), lastTried("17", after(-day), after(next))),
		gives(makeAbandonedDue(after(term)), 1),
		gives(connection("17"), at(lastTried("17", after(-day), after(term)), 2)),
		gives(makeAbandonedDue(after(term)), 0),
		gives(claimDue("b", after(term), 10), []string{"17"}),
	}.check},

	{"abandoned/a lease that ends later than two terms from now makes due", script{
		does(put(lastTried("17", after(-day), after(next)), happened("17", noon, ""))),
		does(claim("17", "a", noon)),
		gives(makeAbandonedDue(after(-term)), 0),
		gives(makeAbandonedDue(after(-term-ms)), 1),
		gives(connection("17"), at(lastTried("17", after(-day), after(-term-ms)), 2)),
	}.check},

	{"abandoned/two terms are those of the call", script{
		does(put(lastTried("17", after(-day), after(next)), happened("17", noon, ""))),
		does(claim("17", "a", noon)),
		gives(makeAbandonedDueFor(after(-2*term), 2*term), 0),
		gives(makeAbandonedDueFor(noon, term/2), 0),
		gives(makeAbandonedDueFor(noon, term/4), 1),
	}.check},

	{"abandoned/a released lease makes nothing due", leaseGivenBack},

	{"abandoned/a try or a login that was written makes nothing due", script{
		does(put(lastTried("tried before", after(-ms), after(next)), happened("tried before", noon, ""))),
		does(put(lastTried("tried", noon, after(next)), happened("tried", noon, ""))),
		does(put(loggedIn("logged in before", after(-ms), after(next)), happened("logged in before", noon, ""))),
		does(put(loggedIn("logged in", noon, after(next)), happened("logged in", noon, ""))),
		does(put(due("nothing known", after(next)), happened("nothing known", noon, ""))),
		does(claim("tried before", "a", noon)),
		does(claim("tried", "a", noon)),
		does(claim("logged in before", "a", noon)),
		does(claim("logged in", "a", noon)),
		does(claim("nothing known", "a", noon)),
		gives(makeAbandonedDue(after(term)), 3),
		gives(connection("tried before"), at(lastTried("tried before", after(-ms), after(term)), 2)),
		gives(connection("tried"), lastTried("tried", noon, after(next))),
		gives(connection("logged in before"), at(loggedIn("logged in before", after(-ms), after(term)), 2)),
		gives(connection("logged in"), loggedIn("logged in", noon, after(next))),
		gives(connection("nothing known"), at(due("nothing known", after(term)), 2)),
	}.check},

	{"abandoned/what is due already, or never, stays so", script{
		does(put(due("due", after(term)), happened("due", noon, ""))),
		does(put(due("due soon", after(term+ms)), happened("due soon", noon, ""))),
		does(put(due("never", time.Time{}), happened("never", noon, ""))),
		does(claim("due", "a", noon)),
		does(claim("due soon", "a", noon)),
		does(claim("never", "a", noon)),
		gives(makeAbandonedDue(after(term)), 1),
		gives(connection("due"), due("due", after(term))),
		gives(connection("due soon"), at(due("due soon", after(term)), 2)),
		gives(connection("never"), due("never", time.Time{})),
	}.check},
}

// lastTried returns an active connection that was tried at a moment, long after its login.
func lastTried(id string, tried, next time.Time) store.Connection {
	c := triedDue(id, tried, next)
	c.ConnectedAt = after(-30 * day)
	return c
}

// loggedIn returns an active connection that was not tried since its login.
func loggedIn(id string, at, next time.Time) store.Connection {
	c := due(id, next)
	c.ConnectedAt = at
	return c
}

func leaseGivenBack(t TB, s store.Store) {
	does(put(lastTried("17", after(-day), after(next)), happened("17", noon, ""))).check(t, s)
	l := claimed(t, s, "a", noon)
	script{
		does(release(l)),
		gives(makeAbandonedDue(after(term)), 0),
		gives(connection("17"), lastTried("17", after(-day), after(next))),
	}.check(t, s)
}
