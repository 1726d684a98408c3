package storetest

import (
	"strings"
	"time"

	"latchkey/internal/store"
)

var alarmCases = []Case{
	{"alarms/none at first", script{
		gives(alarms(), []store.Alarm(nil)),
	}.check},

	{"alarms/version 0 raises the first of a kind", script{
		gives(putAlarm(version(raised(store.AlarmApp), 0)), raised(store.AlarmApp)),
		gives(alarms(), []store.Alarm{raised(store.AlarmApp)}),
		fails(putAlarm(version(changedAlarm(store.AlarmApp), 0)), store.ErrConflict),
		gives(alarms(), []store.Alarm{raised(store.AlarmApp)}),
	}.check},

	{"alarms/a put replaces every field and counts on", script{
		does(putAlarm(version(raised(store.AlarmApp), 0))),
		gives(putAlarm(changedAlarm(store.AlarmApp)), version(changedAlarm(store.AlarmApp), 2)),
		gives(alarms(), []store.Alarm{version(changedAlarm(store.AlarmApp), 2)}),
		gives(putAlarm(store.Alarm{Kind: store.AlarmApp, Version: 2}), store.Alarm{Kind: store.AlarmApp, Version: 3}),
		gives(alarms(), []store.Alarm{{Kind: store.AlarmApp, Version: 3}}),
		gives(putAlarm(version(raised(store.AlarmApp), 3)), version(raised(store.AlarmApp), 4)),
		gives(alarms(), []store.Alarm{version(raised(store.AlarmApp), 4)}),
	}.check},

	{"alarms/a put of another version is a conflict", script{
		fails(putAlarm(raised(store.AlarmApp)), store.ErrConflict),
		gives(alarms(), []store.Alarm(nil)),
		does(putAlarm(version(raised(store.AlarmApp), 0))),
		does(putAlarm(raised(store.AlarmApp))),
		fails(putAlarm(version(changedAlarm(store.AlarmApp), 1)), store.ErrConflict),
		fails(putAlarm(version(changedAlarm(store.AlarmApp), 3)), store.ErrConflict),
		fails(putAlarm(version(changedAlarm(store.AlarmApp), 0)), store.ErrConflict),
		gives(alarms(), []store.Alarm{version(raised(store.AlarmApp), 2)}),
	}.check},

	{"alarms/each kind is apart, in the order of the bytes", script{
		does(putAlarm(store.Alarm{Kind: "b", Worked: 1})),
		does(putAlarm(version(changedAlarm(store.AlarmOperator), 0))),
		does(putAlarm(version(raised(store.AlarmApp), 0))),
		does(putAlarm(store.Alarm{Kind: "B", Worked: 2})),
		gives(alarms(), []store.Alarm{
			{Kind: "B", Worked: 2, Version: 1},
			raised(store.AlarmApp),
			{Kind: "b", Worked: 1, Version: 1},
			changedAlarm(store.AlarmOperator),
		}),
	}.check},

	{"alarms/a put adds its events in their order", script{
		does(putAlarm(version(raised(store.AlarmApp), 0))),
		gives(events("", 10), []store.Event(nil)),
		does(putAlarm(raised(store.AlarmApp), told("first"))),
		does(put(bare("17"), happened("17", noon, "first of 17"))),
		does(putAlarm(version(raised(store.AlarmApp), 2), told("second"), happened("17", noon, "of 17"), told("third"))),
		gives(events("", 10), []store.Event{told("third"), told("second"), told("first")}),
		gives(events("17", 10), []store.Event{happened("17", noon, "of 17"), happened("17", noon, "first of 17")}),
	}.check},

	{"alarms/a put that was refused leaves no event", script{
		fails(putAlarm(raised(store.AlarmApp), told("none there")), store.ErrConflict),
		does(putAlarm(version(raised(store.AlarmApp), 0), told("first"))),
		fails(putAlarm(version(raised(store.AlarmApp), 0), told("again"), told("and again")), store.ErrConflict),
		fails(putAlarm(version(raised(store.AlarmApp), 2), told("newer")), store.ErrConflict),
		gives(events("", 10), []store.Event{told("first")}),
	}.check},

	{"alarms/an error names the kind", func(t TB, s store.Store) {
		_, err := s.PutAlarm(t.Context(), store.Alarm{Kind: "a kind to come", Version: 3})
		if err == nil || !strings.Contains(err.Error(), "a kind to come") {
			t.Errorf("the error %q does not name the kind", err)
		}
	}},

	{"alarms/one outlives the connections", script{
		does(put(full("17"), happened("17", noon, ""))),
		does(putAlarm(version(raised(store.AlarmOperator), 0), told("raised"))),
		does(deleteConnection("17")),
		gives(alarms(), []store.Alarm{raised(store.AlarmOperator)}),
		gives(events("", 10), []store.Event{told("raised")}),
		does(sweep(after(10_000 * time.Hour))),
		gives(alarms(), []store.Alarm{raised(store.AlarmOperator)}),
	}.check},
}
