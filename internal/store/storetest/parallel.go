package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"latchkey/internal/store"
)

// callers is how many race in a parallel case. It is small because a case also runs on databases
// that take one command at a time.
const callers = 10

var parallelCases = []Case{
	{"parallel/no update is lost", noLostUpdate},
	{"parallel/every put counts", everyPutCounts},
	{"parallel/of several tokens for one version one is kept", oneToken},
	{"parallel/each due connection is claimed by one", oneWinnerEach},
	{"parallel/a claim has one winner", oneClaim},
	{"parallel/an ended lease goes to one, and the old term is over", oneHeir},
	{"parallel/a login goes through claims, and claims through logins", loginsAmongClaims},
	{"parallel/an alarm is raised once, and each of its versions replaced once", oneAlarm},
	{"parallel/of the same link one is created", oneLink},
	{"parallel/a link is used up once", oneUse},
	{"parallel/of several sweeps one is remembered", oneSweep},
	{"parallel/of the same record one is put", oneRecord},
	{"parallel/at one place one entry is kept, and none is lost elsewhere", oneEntry},
	{"parallel/nothing that is written beside an erase outlives it", nothingOutlivesAnErase},
	{"parallel/one first fingerprint is recorded", oneFingerprint},
}

// race runs work in as many goroutines as there are callers, from one start, and waits.
func race(work func(caller int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range callers {
		all.Go(func() {
			<-start
			work(i)
		})
	}
	close(start)
	all.Wait()
}

// oneSucceeds races the call and fails unless one succeeds and the others have the error.
func oneSucceeds(t TB, others error, call func(caller int) error) (winner int) {
	t.Helper()
	errs := make([]error, callers)
	race(func(caller int) { errs[caller] = call(caller) })
	winner = -1
	for i, err := range errs {
		switch {
		case err == nil && winner >= 0:
			t.Fatalf("both %d and %d succeeded", winner, i)
		case err == nil:
			winner = i
		case !errors.Is(err, others):
			t.Fatalf("caller %d: error %v, want %v", i, err, others)
		}
	}
	if winner < 0 {
		t.Fatalf("nobody succeeded")
	}
	return winner
}

// noLostUpdate has each caller count some followers, and to look again when somebody was faster.
func noLostUpdate(t TB, s store.Store) {
	const each = 10
	c := bare("17")
	c.Followers = new(int64)
	does(put(c, happened("17", noon, ""))).check(t, s)
	errs := make([]error, callers)
	race(func(caller int) {
		for counted := 0; counted < each && errs[caller] == nil; {
			switch err := countOne(t, s); {
			case err == nil:
				counted++
			case !errors.Is(err, store.ErrConflict):
				errs[caller] = err
			}
		}
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("an update: %v", err)
	}
	got, err := s.Connection(t.Context(), "17")
	if err != nil {
		t.Fatalf("connection: %v", err)
	}
	if *got.Followers != callers*each || got.Version != 1+callers*each {
		t.Errorf("after %d updates of version 1: %d followers at version %d", callers*each, *got.Followers, got.Version)
	}
	history, err := s.Events(t.Context(), "17", 2*callers*each)
	if err != nil || len(history) != 1+callers*each {
		t.Errorf("after a put and %d updates: %d events, %v", callers*each, len(history), err)
	}
}

func countOne(t TB, s store.Store) error {
	c, err := s.Connection(t.Context(), "17")
	if err != nil {
		return err
	}
	*c.Followers++
	_, err = s.UpdateConnection(t.Context(), c, happened("17", noon, ""))
	return err
}

func everyPutCounts(t TB, s store.Store) {
	versions, errs := make([]int64, callers), make([]error, callers)
	race(func(caller int) {
		c, err := s.PutConnection(t.Context(), bare("17"), happened("17", noon, ""))
		versions[caller], errs[caller] = c.Version, err
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("a put: %v", err)
	}
	slices.Sort(versions)
	for i, version := range versions {
		if version != int64(i+1) {
			t.Fatalf("the versions are %v, want 1 to %d", versions, callers)
		}
	}
	gives(connection("17"), at(bare("17"), callers)).check(t, s)
	if history, err := s.Events(t.Context(), "17", 2*callers); err != nil || len(history) != callers {
		t.Errorf("after %d puts: %d events, %v", callers, len(history), err)
	}
}

// oneToken has workers that refreshed the same token at once write what each of them got.
func oneToken(t TB, s store.Store) {
	does(put(full("17"), happened("17", noon, "login"))).check(t, s)
	got := func(caller int) store.Connection {
		c := full("17")
		c.SealedToken = fmt.Appendf(nil, "the token of %d", caller)
		c.RefreshedAt = after(time.Duration(caller) * time.Hour)
		return c
	}
	winner := oneSucceeds(t, store.ErrConflict, func(caller int) error {
		_, err := s.UpdateConnection(t.Context(), got(caller), happened("17", noon, fmt.Sprint(caller)))
		return err
	})
	script{
		gives(connection("17"), at(got(winner), 2)),
		gives(events("17", 10), []store.Event{
			happened("17", noon, fmt.Sprint(winner)), happened("17", noon, "login"),
		}),
	}.check(t, s)
}

// oneWinnerEach has the callers claim until nothing is due.
func oneWinnerEach(t TB, s store.Store) {
	const stored = 25
	for i := range stored {
		id := fmt.Sprint(i)
		does(put(due(id, noon), happened(id, noon, ""))).check(t, s)
	}
	won, errs := make([][]store.Lease, callers), make([]error, callers)
	race(func(caller int) {
		for {
			leases, err := s.ClaimDue(t.Context(), fmt.Sprint(caller), noon, term, 3)
			if err != nil || len(leases) == 0 {
				errs[caller] = err
				return
			}
			won[caller] = append(won[caller], leases...)
		}
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("a claim: %v", err)
	}
	// Who gives up early may leave some.
	rest, err := s.ClaimDue(t.Context(), "last", noon, term, stored)
	if err != nil {
		t.Fatalf("the last claim: %v", err)
	}
	claims := map[string]int{}
	for _, l := range slices.Concat(append(won, rest)...) {
		claims[l.ConnectionID]++
	}
	for i := range stored {
		if n := claims[fmt.Sprint(i)]; n != 1 {
			t.Errorf("connection %d was claimed %d times", i, n)
		}
	}
}

func oneClaim(t TB, s store.Store) {
	does(put(bare("17"), happened("17", noon, ""))).check(t, s)
	leases := make([]store.Lease, callers)
	winner := oneSucceeds(t, store.ErrLeaseLost, func(caller int) (err error) {
		leases[caller], err = s.Claim(t.Context(), "17", fmt.Sprint(caller), noon, term)
		return err
	})
	does(renew(leases[winner], noon)).check(t, s)
}

// oneHeir races claims of a lease that ended against its old holder.
func oneHeir(t TB, s store.Store) {
	does(put(bare("17"), happened("17", noon, ""))).check(t, s)
	old := claimed(t, s, "old", noon)
	ended := after(term + time.Millisecond)
	leases := make([]store.Lease, callers)
	winner := oneSucceeds(t, store.ErrLeaseLost, func(caller int) (err error) {
		if caller == 0 {
			_, err = s.RenewLease(t.Context(), old, ended, term)
			return err
		}
		leases[caller], err = s.Claim(t.Context(), "17", fmt.Sprint(caller), ended, term)
		return err
	})
	if winner == 0 {
		t.Fatalf("the old holder renewed a lease that had ended")
	}
	script{
		fails(renew(old, ended), store.ErrLeaseLost),
		fails(release(old), store.ErrLeaseLost),
		does(renew(leases[winner], ended)),
		does(release(leases[winner])),
	}.check(t, s)
}

// loginsAmongClaims has every other caller log in again and again while the rest claim, renew and
// release.
func loginsAmongClaims(t TB, s store.Store) {
	const each = 10
	does(put(full("17"), happened("17", noon, ""))).check(t, s)
	errs := make([]error, callers)
	race(func(caller int) {
		for i := 0; i < each && errs[caller] == nil; i++ {
			if caller%2 == 0 {
				_, errs[caller] = s.PutConnection(t.Context(), other("17"), happened("17", noon, ""))
			} else {
				errs[caller] = holdOnce(t, s, fmt.Sprint(caller))
			}
		}
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("a login or a claim: %v", err)
	}
	script{
		gives(connection("17"), at(other("17"), 1+each*callers/2)),
		does(claim("17", "last", noon)),
	}.check(t, s)
}

// holdOnce claims connection 17, if nobody holds it, and has the lease to itself until it gives it
// back.
func holdOnce(t TB, s store.Store, holder string) error {
	l, err := s.Claim(t.Context(), "17", holder, noon, term)
	if errors.Is(err, store.ErrLeaseLost) {
		return nil
	}
	if err == nil {
		_, err = s.RenewLease(t.Context(), l, noon, term)
	}
	if err == nil {
		err = s.ReleaseLease(t.Context(), l)
	}
	return err
}
