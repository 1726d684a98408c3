package storetest

import (
	"time"

	"latchkey/internal/store"
)

var leaseCases = []Case{
	{"leases/due are those at their time, whatever their status", script{
		does(put(due("due now", noon), happened("due now", noon, ""))),
		does(put(due("due long since", after(-1000*time.Hour)), happened("due long since", noon, ""))),
		does(put(due("due soon", after(time.Millisecond)), happened("due soon", noon, ""))),
		does(put(due("never due", time.Time{}), happened("never due", noon, ""))),
		does(put(waiting("reconnect", store.StatusReconnect, after(-3*time.Hour)), happened("reconnect", noon, ""))),
		does(put(waiting("disconnected", store.StatusDisconnected, after(-2*time.Hour)), happened("disconnected", noon, ""))),
		does(put(waiting("to come", "a status to come", after(-time.Hour)), happened("to come", noon, ""))),
		does(put(waiting("never", store.StatusReconnect, time.Time{}), happened("never", noon, ""))),
		gives(claimDue("a", noon, 10), []string{"due long since", "reconnect", "disconnected", "to come", "due now"}),
		gives(claimDue("a", after(time.Millisecond), 10), []string{"due soon"}),
	}.check},

	{"leases/the most overdue are claimed first, at most limit", script{
		does(put(due("1", after(-1*time.Hour)), happened("1", noon, ""))),
		does(put(due("2", after(-4*time.Hour)), happened("2", noon, ""))),
		does(put(due("3", after(-2*time.Hour)), happened("3", noon, ""))),
		does(put(due("4", after(-3*time.Hour)), happened("4", noon, ""))),
		gives(claimDue("a", noon, 0), []string(nil)),
		gives(claimDue("a", noon, 3), []string{"2", "4", "3"}),
		gives(claimDue("a", noon, 3), []string{"1"}),
		gives(claimDue("a", noon, 3), []string(nil)),
	}.check},

	{"leases/what is claimed is not claimed again until the lease ends", script{
		does(put(due("17", noon), happened("17", noon, ""))),
		gives(claimDue("a", noon, 10), []string{"17"}),
		gives(claimDue("b", noon, 10), []string(nil)),
		gives(claimDue("a", after(term-time.Millisecond), 10), []string(nil)),
		fails(claim("17", "b", after(term-time.Millisecond)), store.ErrLeaseLost),
		gives(claimDue("b", after(term), 10), []string{"17"}),
		fails(claim("17", "a", after(2*term-time.Millisecond)), store.ErrLeaseLost),
		does(claim("17", "a", after(2*term))),
	}.check},

	{"leases/a claim by id asks neither for the status nor for the time", script{
		fails(claim("17", "a", noon), store.ErrNotFound),
		does(put(bare("17"), happened("17", noon, ""))),
		does(claim("17", "a", noon)),
		does(put(due("18", after(time.Hour)), happened("18", noon, ""))),
		does(claim("18", "a", noon)),
	}.check},

	{"leases/whoever holds a lease cannot claim it again", script{
		does(put(bare("17"), happened("17", noon, ""))),
		does(claim("17", "a", noon)),
		fails(claim("17", "a", noon), store.ErrLeaseLost),
		fails(claim("17", "b", noon), store.ErrLeaseLost),
	}.check},

	{"leases/one that ends later than two terms from now is over", script{
		does(put(due("17", after(-day)), happened("17", noon, ""))),
		does(put(due("18", after(-day)), happened("18", noon, ""))),
		does(claim("17", "a", noon)),
		does(claim("18", "a", noon)),
		fails(claim("17", "b", after(-term)), store.ErrLeaseLost),
		gives(claimDue("b", after(-term), 10), []string(nil)),
		does(claim("17", "b", after(-term-time.Millisecond))),
		gives(claimDue("b", after(-term-time.Millisecond), 10), []string{"18"}),
		gives(claimDue("c", after(-term-time.Millisecond), 10), []string(nil)),
		gives(claimDue("c", after(-time.Millisecond), 10), []string{"17", "18"}),
	}.check},

	{"leases/two terms are those of the call", script{
		does(put(due("17", after(-day)), happened("17", noon, ""))),
		does(put(due("18", after(-day)), happened("18", noon, ""))),
		does(claim("17", "a", noon)),
		does(claim("18", "a", noon)),
		fails(claimFor("17", "b", after(-2*term), 2*term), store.ErrLeaseLost),
		gives(claimDueFor("b", after(-2*term), 2*term, 10), []string(nil)),
		fails(claimFor("17", "b", noon, term/2), store.ErrLeaseLost),
		gives(claimDueFor("b", noon, term/2, 10), []string(nil)),
		does(claimFor("17", "b", noon, term/4)),
		gives(claimDueFor("b", noon, term/4, 10), []string{"18"}),
	}.check},

	{"leases/a clock that jumps a day locks nobody out", leaseJump},
	{"leases/a claim says who, which and until when", leaseFields},
	{"leases/the term grows with each claim, however the last one ended", leaseTerms},
	{"leases/a renewed lease runs on from now", leaseRenewed},
	{"leases/a lease that ended cannot be renewed", leaseEnded},
	{"leases/a released lease is free at once, and over", leaseReleased},
	{"leases/an old term can neither be renewed nor released", leaseOldTerm},
	{"leases/a lease outlives the writes of its connection", leaseOutlives},
	{"leases/no lease changes the connection", leaseNoWrite},
	{"leases/a lease goes with its connection", leaseDeleted},
}

// waiting returns a connection of that status that is due at the moment.
func waiting(id string, status store.Status, at time.Time) store.Connection {
	c := due(id, at)
	c.Status = status
	return c
}

// claimed claims connection 17.
func claimed(t TB, s store.Store, holder string, now time.Time) store.Lease {
	t.Helper()
	l, err := s.Claim(t.Context(), "17", holder, now, term)
	if err != nil {
		t.Fatalf("%s claims 17: %v", holder, err)
	}
	return l
}

func leaseFields(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	leases, err := s.ClaimDue(t.Context(), "a", noon, term, 1)
	if err != nil || len(leases) != 1 {
		t.Fatalf("claim due: %v, %v; want one lease", leases, err)
	}
	by := leases[0]
	want := store.Lease{ConnectionID: "17", Holder: "a", Term: by.Term, Until: after(term)}
	if diff := difference(want, by); diff != "" {
		t.Errorf("claim due: (-want +got)\n%s", diff)
	}

	got := claimed(t, s, "b", after(term))
	want = store.Lease{ConnectionID: "17", Holder: "b", Term: got.Term, Until: after(2 * term)}
	if diff := difference(want, got); diff != "" {
		t.Errorf("claim: (-want +got)\n%s", diff)
	}
}

func leaseTerms(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	first := claimed(t, s, "a", noon)
	does(release(first)).check(t, s)
	second := claimed(t, s, "a", noon)
	third := claimed(t, s, "b", after(term))
	leases, err := s.ClaimDue(t.Context(), "c", after(2*term), term, 1)
	if err != nil || len(leases) != 1 {
		t.Fatalf("claim due: %v, %v; want one lease", leases, err)
	}
	if first.Term >= second.Term || second.Term >= third.Term || third.Term >= leases[0].Term {
		t.Errorf("the terms are %d, %d, %d, %d", first.Term, second.Term, third.Term, leases[0].Term)
	}
}

// leaseJump has a clock run a day ahead, go back, and run ahead again.
func leaseJump(t TB, s store.Store) {
	does(put(due("17", after(-day)), happened("17", noon, ""))).check(t, s)
	does(put(due("18", after(-day+time.Hour)), happened("18", noon, ""))).check(t, s)
	ahead := claimed(t, s, "a", after(day))
	script{
		gives(claimDue("a", after(day), 10), []string{"18"}),
		gives(claimDue("b", noon, 10), []string{"17", "18"}),
		fails(renew(ahead, noon), store.ErrLeaseLost),
		fails(release(ahead), store.ErrLeaseLost),
		fails(claim("17", "a", noon), store.ErrLeaseLost), // b's lease is like any other
		gives(claimDue("a", after(term-time.Millisecond), 10), []string(nil)),
		gives(claimDue("c", after(day), 10), []string{"17", "18"}),
	}.check(t, s)
}

func leaseRenewed(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	l := claimed(t, s, "a", noon)
	renewed := l
	renewed.Until = after(term/2 + term)
	script{
		gives(renew(l, after(term/2)), renewed),
		fails(claim("17", "b", after(term)), store.ErrLeaseLost),
		gives(claimDue("b", after(term), 1), []string(nil)),
		gives(claimDue("b", renewed.Until, 1), []string{"17"}),
	}.check(t, s)
}

func leaseEnded(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	l := claimed(t, s, "a", noon)
	script{
		fails(renew(l, after(term+time.Millisecond)), store.ErrLeaseLost),
		does(release(l)), // nobody else has it yet
	}.check(t, s)
}

func leaseReleased(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	l := claimed(t, s, "a", noon)
	script{
		does(release(l)),
		fails(renew(l, noon), store.ErrLeaseLost),
		fails(release(l), store.ErrLeaseLost),
		gives(claimDue("b", noon, 1), []string{"17"}),
		fails(release(l), store.ErrLeaseLost),
	}.check(t, s)
	other := claimed(t, s, "a", after(term))
	does(release(other)).check(t, s)
	claimed(t, s, "b", after(term))
}

func leaseOldTerm(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	old := claimed(t, s, "a", noon)
	now := claimed(t, s, "a", after(term)) // even by the same process
	script{
		fails(renew(old, after(term)), store.ErrLeaseLost),
		fails(release(old), store.ErrLeaseLost),
		fails(claim("17", "b", after(term)), store.ErrLeaseLost), // neither had an effect
		does(renew(now, after(term))),
		does(release(now)),
	}.check(t, s)
}

func leaseOutlives(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	l := claimed(t, s, "a", noon)
	script{
		gives(put(due("17", noon), happened("17", noon, "")), at(due("17", noon), 2)),
		fails(claim("17", "b", noon), store.ErrLeaseLost),
		gives(update(at(due("17", noon), 2), happened("17", noon, "")), at(due("17", noon), 3)),
		gives(claimDue("b", noon, 1), []string(nil)),
		does(renew(l, noon)),
		does(release(l)),
	}.check(t, s)
	if next := claimed(t, s, "b", noon); next.Term <= l.Term {
		t.Errorf("the term went from %d to %d", l.Term, next.Term)
	}
}

func leaseNoWrite(t TB, s store.Store) {
	does(put(full("17"), happened("17", noon, "first"))).check(t, s)
	l := claimed(t, s, "a", noon)
	script{
		does(renew(l, noon)),
		gives(connection("17"), full("17")),
		does(release(l)),
		gives(connection("17"), full("17")),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		gives(update(sameLogin(other("17")), happened("17", noon, "second")), at(sameLogin(other("17")), 2)),
	}.check(t, s)
}

func leaseDeleted(t TB, s store.Store) {
	does(put(due("17", noon), happened("17", noon, ""))).check(t, s)
	l := claimed(t, s, "a", noon)
	script{
		does(deleteConnection("17")),
		fails(renew(l, noon), store.ErrLeaseLost),
		fails(release(l), store.ErrLeaseLost),
		fails(connection("17"), store.ErrNotFound),
		gives(claimDue("b", noon, 1), []string(nil)),
	}.check(t, s)
}
