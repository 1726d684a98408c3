package storetest

import (
	"context"
	"errors"

	"latchkey/internal/store"
)

var everywhereCases = []Case{
	{"everywhere/an ended context ends every call", func(t TB, s store.Store) {
		does(put(full("17"), happened("17", noon, "first"))).check(t, s)
		l := claimed(t, s, "a", noon)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, o := range everyOp(l) {
			if _, err := o.do(ctx, s); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, want %v", o.name, err, context.Canceled)
			}
		}
		script{ // and had no effect
			gives(connection("17"), full("17")),
			gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
			gives(listIDs("", 10), []string{"17"}),
			fails(record("note", "2"), store.ErrNotFound),
			gives(allEntries("day", "17"), []store.Entry(nil)),
			fails(fingerprint(), store.ErrNotFound),
			fails(session(store.HashOf("phone")), store.ErrNotFound),
			fails(lastSweep(), store.ErrNotFound),
			gives(alarms(), []store.Alarm(nil)),
			fails(link(store.HashOf("mail")), store.ErrNotFound),
			does(renew(l, noon)),
		}.check(t, s)
	}},
}

// everyOp is a call of every method that takes a context. All would have an effect or a result.
func everyOp(l store.Lease) []op {
	return []op{
		put(full("18"), happened("18", noon, "")),
		connection("17"),
		update(other("17"), happened("17", noon, "")),
		deleteConnection("17"),
		listIDs("", 10),
		appendEvent(happened("17", noon, "")),
		events("17", 10),
		sweepEvents(after(day)),
		claimDue("b", after(10_000*term), 10),
		claim("17", "b", after(term)),
		renew(l, noon),
		release(l),
		makeAbandonedDue(after(365 * day)),
		countFailures("code 2", noon),
		makeDue(after(-365 * day)),
		countAll(noon),
		dueNotices(after(46*day), 10),
		recordSweep(noon),
		lastSweep(),
		alarms(),
		putAlarm(version(raised(store.AlarmApp), 0), told("raised")),
		createLink(sent("mail", "17")),
		link(store.HashOf("mail")),
		useLink(store.HashOf("mail"), noon),
		countLinks("17", store.LinkConfirm, noon),
		deleteExpiredLinks(noon),
		putRecord(note("2")),
		record("note", "1"),
		putEntries("day", "17", entry(0, "reach", "1")),
		allEntries("day", "17"),
		entriesBefore("day", "17", store.Place{}, 10),
		sweepEntries("day", after(day)),
		session(store.HashOf("phone")),
		touchSession(store.HashOf("phone"), noon, noon),
		deleteSession(store.HashOf("phone")),
		deleteSessions("17"),
		fingerprint(),
		replaceFingerprint("", "first"),
		holdsSealed(),
		prepare(),
		identity(),
		ping(),
		checkWrite(),
		sweep(noon),
	}
}
