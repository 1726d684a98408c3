package storetest

import (
	"time"

	"latchkey/internal/store"
)

var upkeepCases = []Case{
	{"upkeep/a store answers", script{does(ping())}.check},

	{"upkeep/a store has one identity", func(t TB, s store.Store) {
		gives(identity(), true).check(t, s)
		first, err := s.Identity(t.Context())
		if err != nil {
			t.Fatalf("identity: %v", err)
		}
		script{does(prepare()), does(sweep(noon)), does(checkWrite())}.check(t, s)
		if now, err := s.Identity(t.Context()); err != nil || now != first {
			t.Errorf("identity %q became %q, %v", first, now, err)
		}
	}},

	{"upkeep/a write can be tried", script{
		does(put(full("17"), happened("17", noon, "first"))),
		does(checkWrite()),
		does(checkWrite()),
		gives(connection("17"), full("17")),
		gives(listIDs("", 10), []string{"17"}),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		fails(lastSweep(), store.ErrNotFound),
	}.check},

	{"upkeep/to prepare again changes nothing", script{
		does(replaceFingerprint("", "first")),
		does(put(full("17"), happened("17", noon, "first"), signedIn("phone", "17", after(time.Hour)))),
		does(putRecord(note("1"))),
		does(putEntries("day", "17", entry(0, "reach", "1"))),
		does(putAlarm(version(raised(store.AlarmApp), 0))),
		does(createLink(sent("mail", "17"))),
		does(recordSweep(noon)),
		does(prepare()),
		gives(fingerprint(), "first"),
		gives(connection("17"), full("17")),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Hour))),
		gives(record("note", "1"), recordAt(note("1"), 1)),
		gives(allEntries("day", "17"), []store.Entry{entry(0, "reach", "1")}),
		gives(alarms(), []store.Alarm{raised(store.AlarmApp)}),
		gives(link(store.HashOf("mail")), sent("mail", "17")),
		gives(lastSweep(), noon),
	}.check},

	{"upkeep/a sweep removes the sessions that are over", script{
		does(put(bare("17"), happened("17", noon, ""))),
		gives(sweep(noon), 0),
		does(signIn(signedIn("over", "17", after(-1*time.Hour)), signedIn("just over", "17", noon))),
		does(signIn(signedIn("running", "17", after(time.Millisecond)), signedIn("for ever", "17", time.Time{}))),
		gives(sweep(noon), 2),
		fails(session(store.HashOf("over")), store.ErrNotFound),
		fails(session(store.HashOf("just over")), store.ErrNotFound),
		gives(session(store.HashOf("running")), signedIn("running", "17", after(time.Millisecond))),
		gives(session(store.HashOf("for ever")), signedIn("for ever", "17", time.Time{})),
		gives(sweep(noon), 0),
	}.check},

	{"upkeep/a sweep leaves everything else", script{
		does(replaceFingerprint("", "first")),
		does(put(full("17"), happened("17", noon, "first"))),
		does(putAlarm(version(raised(store.AlarmApp), 0))),
		does(createLink(sent("mail", "17"))),
		does(recordSweep(noon)),
		gives(sweep(after(10_000*time.Hour)), 0),
		gives(connection("17"), full("17")),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		gives(fingerprint(), "first"),
		gives(alarms(), []store.Alarm{raised(store.AlarmApp)}),
		gives(link(store.HashOf("mail")), sent("mail", "17")),
		gives(lastSweep(), noon),
	}.check},
}
