package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/internal/store"
)

// everyCallerIsThere puts a connection for each caller.
func everyCallerIsThere(t TB, s store.Store) {
	for caller := range callers {
		id := fmt.Sprint(caller)
		does(put(bare(id), happened(id, noon, ""))).check(t, s)
	}
}

func oneFingerprint(t TB, s store.Store) {
	winner := oneSucceeds(t, store.ErrConflict, func(caller int) error {
		return s.ReplaceKeyringFingerprint(t.Context(), "", fmt.Sprint(caller))
	})
	gives(fingerprint(), fmt.Sprint(winner)).check(t, s)
}

// oneAlarm races the first alarm of its kind, and then the first change of it.
func oneAlarm(t TB, s store.Store) {
	by := func(caller int, at int64) store.Alarm {
		a := version(raised(store.AlarmApp), at)
		a.Message = fmt.Sprint(caller)
		return a
	}
	var history []store.Event
	for at := range int64(2) {
		winner := oneSucceeds(t, store.ErrConflict, func(caller int) error {
			_, err := s.PutAlarm(t.Context(), by(caller, at), told(fmt.Sprint(caller)))
			return err
		})
		history = append([]store.Event{told(fmt.Sprint(winner))}, history...)
		script{
			gives(alarms(), []store.Alarm{by(winner, at+1)}),
			gives(events("", 2*callers), history),
		}.check(t, s)
	}
}

func oneLink(t TB, s store.Store) {
	everyCallerIsThere(t, s)
	winner := oneSucceeds(t, store.ErrExists, func(caller int) error {
		return s.CreateLink(t.Context(), sent("mail", fmt.Sprint(caller)))
	})
	gives(link(store.HashOf("mail")), sent("mail", fmt.Sprint(winner))).check(t, s)
}

func oneUse(t TB, s store.Store) {
	does(put(bare("17"), happened("17", noon, ""))).check(t, s)
	does(createLink(sent("mail", "17"))).check(t, s)
	seen := make([]store.Link, callers)
	at := func(caller int) time.Time { return after(time.Duration(caller) * time.Second) }
	winner := oneSucceeds(t, store.ErrTaken, func(caller int) (err error) {
		seen[caller], err = s.UseLink(t.Context(), store.HashOf("mail"), at(caller))
		return err
	})
	for _, got := range seen { // the others learn when it was used
		if diff := difference(used(sent("mail", "17"), at(winner)), got); diff != "" {
			t.Errorf("used: (-want +got)\n%s", diff)
		}
	}
}

func oneSweep(t TB, s store.Store) {
	errs, ends := make([]error, callers), make([]time.Time, callers)
	race(func(caller int) {
		ends[caller] = after(time.Duration(caller) * time.Second)
		errs[caller] = s.RecordSweep(t.Context(), ends[caller])
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("a record: %v", err)
	}
	if last, err := s.LastSweep(t.Context()); err != nil || !slices.Contains(ends, last) {
		t.Errorf("the last sweep: %v, %v; want one of %v", last, err, ends)
	}
}
