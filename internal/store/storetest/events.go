package storetest

import (
	"time"

	"latchkey/internal/store"
)

var eventCases = []Case{
	{"events/none is no error", script{
		gives(events("17", 10), []store.Event(nil)),
	}.check},

	{"events/every field is kept", script{
		does(appendEvent(opened)),
		gives(events("17", 10), []store.Event{opened, wasThere("17")}),
	}.checkWithOwners},

	{"events/a connection must be there, or the event is of none", script{
		fails(appendEvent(happened("17", noon, "")), store.ErrOwnerGone),
		gives(events("17", 10), []store.Event(nil)),
		does(appendEvent(happened("", noon, "of all"))),
		gives(events("", 10), []store.Event{happened("", noon, "of all")}),
		does(put(bare("17"), happened("17", noon, "first"))),
		does(appendEvent(happened("17", noon, "second"))),
		does(deleteConnection("17")),
		fails(appendEvent(happened("17", noon, "third")), store.ErrOwnerGone),
		gives(events("17", 10), []store.Event(nil)),
	}.check},

	{"events/the newest come first, not those added last", script{
		does(appendEvent(happened("17", after(2*time.Second), "middle"))),
		does(appendEvent(happened("17", after(3*time.Second), "newest"))),
		does(appendEvent(happened("17", after(time.Second), "oldest"))),
		gives(events("17", 10), []store.Event{
			happened("17", after(3*time.Second), "newest"), happened("17", after(2*time.Second), "middle"), happened("17", after(time.Second), "oldest"),
			wasThere("17"),
		}),
	}.checkWithOwners},

	{"events/of the same moment, the one added last comes first", script{
		does(appendEvent(happened("17", noon, "first"))),
		does(put(bare("17"), happened("17", noon, "second"))),
		does(appendEvent(happened("17", noon, "third"))),
		does(appendEvent(happened("17", noon, "third"))),
		does(update(at(bare("17"), 2), happened("17", noon, "fifth"))),
		gives(events("17", 10), []store.Event{
			happened("17", noon, "fifth"), happened("17", noon, "third"), happened("17", noon, "third"),
			happened("17", noon, "second"), happened("17", noon, "first"), wasThere("17"),
		}),
	}.checkWithOwners},

	{"events/at most limit, the newest of them", script{
		does(appendEvent(happened("17", noon, "old"))),
		does(appendEvent(happened("17", after(time.Second), "newer"))),
		does(appendEvent(happened("17", after(2*time.Second), "newest"))),
		gives(events("17", 2), []store.Event{happened("17", after(2*time.Second), "newest"), happened("17", after(time.Second), "newer")}),
		gives(events("17", 1), []store.Event{happened("17", after(2*time.Second), "newest")}),
		gives(events("17", 0), []store.Event(nil)),
	}.checkWithOwners},

	{"events/each connection has its own", script{
		does(appendEvent(happened("17", noon, "of 17"))),
		does(appendEvent(happened("1", noon, "of 1"))),
		gives(events("17", 10), []store.Event{happened("17", noon, "of 17"), wasThere("17")}),
		gives(events("1", 10), []store.Event{happened("1", noon, "of 1"), wasThere("1")}),
	}.checkWithOwners},

	{"events/a sweep removes what happened before a moment, whosever it is", script{
		does(appendEvent(happened("17", after(-day), "long before"))),
		does(appendEvent(happened("17", after(-time.Millisecond), "just before"))),
		does(appendEvent(happened("17", noon, "then"))),
		does(appendEvent(happened("17", time.Time{}, "at no time"))),
		does(put(bare("1"), happened("1", after(-time.Hour), "a login before"))),
		does(put(bare("18"), happened("18", after(time.Hour), "a login after"))),
		does(appendEvent(happened("", after(-time.Hour), "before, of nobody"))),
		does(appendEvent(happened("", noon, "then, of nobody"))),
		does(putRecord(until(note("1"), after(-day)))),
		gives(sweepEvents(noon), 7), // with those that were there before
		gives(events("17", 10), []store.Event{happened("17", noon, "then"), happened("17", time.Time{}, "at no time")}),
		gives(events("1", 10), []store.Event(nil)),
		gives(events("18", 10), []store.Event{happened("18", after(time.Hour), "a login after")}),
		gives(events("", 10), []store.Event{happened("", noon, "then, of nobody")}),
		gives(connection("17"), bare("17")),
		gives(record("note", "1"), recordAt(until(note("1"), after(-day)), 1)),
		gives(sweepEvents(noon), 0),
		gives(sweepEvents(after(time.Millisecond)), 2),
	}.checkWithOwners},
}

var opened = store.Event{
	ConnectionID: "17", At: noon, Kind: store.EventTokenOpened, Caller: "command line", Message: "a sentence",
}
