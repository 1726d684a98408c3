package storetest

import (
	"strings"
	"time"

	"latchkey/internal/store"
)

var connectionCases = []Case{
	{"connections/one that is not there", script{
		fails(connection("17"), store.ErrNotFound),
		fails(update(full("17"), happened("17", noon, "")), store.ErrNotFound),
		fails(deleteConnection("17"), store.ErrNotFound),
		gives(events("17", 10), []store.Event(nil)),
	}.check},

	{"connections/put creates at version 1, whatever version is given", script{
		gives(put(at(full("17"), 41), happened("17", noon, "first")), full("17")),
		gives(connection("17"), full("17")),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
	}.check},

	{"connections/put replaces every field and counts on", script{
		does(put(full("17"), happened("17", noon, "first"))),
		gives(put(at(other("17"), 41), happened("17", after(time.Second), "second")), at(other("17"), 2)),
		gives(connection("17"), at(other("17"), 2)),
		gives(put(bare("17"), happened("17", after(2*time.Second), "third")), at(bare("17"), 3)),
		gives(connection("17"), at(bare("17"), 3)),
		gives(put(full("17"), happened("17", after(3*time.Second), "fourth")), at(full("17"), 4)),
		gives(connection("17"), at(full("17"), 4)),
	}.check},

	{"connections/put adds its event each time", script{
		does(put(full("17"), happened("17", noon, "first"))),
		does(put(full("17"), happened("17", noon, "second"))),
		gives(events("17", 10), []store.Event{happened("17", noon, "second"), happened("17", noon, "first")}),
	}.check},

	{"connections/put leaves the others alone", script{
		does(put(full("17"), happened("17", noon, "17"))),
		does(put(other("18"), happened("18", noon, "18"))),
		gives(connection("17"), full("17")),
		gives(connection("18"), other("18")),
		gives(events("17", 10), []store.Event{happened("17", noon, "17")}),
	}.check},

	{"connections/update replaces every field and counts on", script{
		does(put(full("17"), happened("17", noon, "first"))),
		gives(update(sameLogin(other("17")), happened("17", noon, "second")), at(sameLogin(other("17")), 2)),
		gives(connection("17"), at(sameLogin(other("17")), 2)),
		gives(update(at(sameLogin(bare("17")), 2), happened("17", noon, "third")), at(sameLogin(bare("17")), 3)),
		gives(connection("17"), at(sameLogin(bare("17")), 3)),
		gives(events("17", 10), []store.Event{
			happened("17", noon, "third"), happened("17", noon, "second"), happened("17", noon, "first"),
		}),
	}.check},

	{"connections/an update is of its own login, though an erase begins the versions anew", script{
		does(put(full("17"), happened("17", noon, "erased"))),
		does(deleteConnection("17")),
		does(put(ofLogin(full("17"), after(time.Millisecond)), happened("17", noon, "first"))),
		fails(update(full("17"), happened("17", noon, "late")), store.ErrConflict),
		fails(update(ofLogin(full("17"), time.Time{})), store.ErrConflict),
		gives(connection("17"), ofLogin(full("17"), after(time.Millisecond))),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		does(update(ofLogin(full("17"), after(time.Millisecond)))),
		does(put(bare("18"), happened("18", noon, ""))),
		fails(update(full("18")), store.ErrConflict),
		does(update(bare("18"))),
	}.check},

	{"connections/update adds its events in their order", script{
		does(put(full("17"), happened("17", noon, "first"))),
		gives(update(full("17")), at(full("17"), 2)),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		does(update(at(full("17"), 2), happened("17", noon, "second"))),
		does(update(at(full("17"), 3), happened("17", noon, "third"), happened("17", noon, "fourth"), happened("17", noon, "fifth"))),
		gives(events("17", 10), []store.Event{
			happened("17", noon, "fifth"), happened("17", noon, "fourth"), happened("17", noon, "third"),
			happened("17", noon, "second"), happened("17", noon, "first"),
		}),
		gives(connection("17"), at(full("17"), 4)),
	}.check},

	{"connections/update without an event asks for the version too", script{
		fails(update(full("17")), store.ErrNotFound),
		does(put(full("17"), happened("17", noon, "first"))),
		fails(update(at(sameLogin(other("17")), 2)), store.ErrConflict),
		gives(update(sameLogin(other("17"))), at(sameLogin(other("17")), 2)),
		fails(update(full("17")), store.ErrConflict),
		gives(connection("17"), at(sameLogin(other("17")), 2)),
	}.check},

	{"connections/update of another version is a conflict", script{
		does(put(full("17"), happened("17", noon, "first"))),
		does(put(full("17"), happened("17", noon, "second"))),
		fails(update(at(sameLogin(other("17")), 1), happened("17", noon, "older")), store.ErrConflict),
		fails(update(at(sameLogin(other("17")), 3), happened("17", noon, "newer")), store.ErrConflict),
		fails(update(at(sameLogin(other("17")), 0), happened("17", noon, "none")), store.ErrConflict),
		gives(connection("17"), at(full("17"), 2)),
	}.check},

	{"connections/an update that was refused leaves no event", script{
		fails(update(full("17"), happened("17", noon, "not there"), happened("17", noon, "nor this")), store.ErrNotFound),
		does(put(full("17"), happened("17", noon, "first"))),
		fails(update(at(sameLogin(other("17")), 2), happened("17", noon, "conflict")), store.ErrConflict),
		fails(update(at(sameLogin(other("17")), 2), happened("17", noon, "one"), happened("17", noon, "another")), store.ErrConflict),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
	}.check},

	{"connections/delete takes the events and the sessions along", script{
		does(put(full("17"), happened("17", noon, "17"), signedIn("phone", "17", after(time.Second)), signedIn("desk", "17", after(time.Second)))),
		does(put(full("18"), happened("18", noon, "18"), signedIn("neighbour", "18", after(time.Second)))),
		does(deleteConnection("17")),
		fails(connection("17"), store.ErrNotFound),
		gives(events("17", 10), []store.Event(nil)),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(session(store.HashOf("desk")), store.ErrNotFound),
		gives(connection("18"), full("18")),
		gives(events("18", 10), []store.Event{happened("18", noon, "18")}),
		gives(session(store.HashOf("neighbour")), signedIn("neighbour", "18", after(time.Second))),
		fails(deleteConnection("17"), store.ErrNotFound),
	}.check},

	{"connections/delete takes the links along", script{
		does(put(full("17"), happened("17", noon, "17"))),
		does(put(full("1"), happened("1", noon, "1"))),
		does(createLink(sent("confirm", "17"))),
		does(createLink(used(sent("stop", "17"), noon))),
		does(createLink(sent("neighbour", "1"))),
		does(createLink(sent("nobody", ""))),
		does(deleteConnection("17")),
		fails(link(store.HashOf("confirm")), store.ErrNotFound),
		fails(useLink(store.HashOf("stop"), noon), store.ErrNotFound),
		gives(link(store.HashOf("neighbour")), sent("neighbour", "1")),
		gives(link(store.HashOf("nobody")), sent("nobody", "")),
		does(put(full("17"), happened("17", noon, "again"))),
		fails(link(store.HashOf("confirm")), store.ErrNotFound),
	}.check},

	{"connections/to delete nobody leaves what nobody owns", script{
		does(appendEvent(happened("", noon, "of nobody"))),
		does(createLink(sent("nobody", ""))),
		does(putRecord(note("1"))),
		does(putEntries("day", "", entry(0, "reach", "of nobody"))),
		fails(deleteConnection(""), store.ErrNotFound),
		gives(events("", 10), []store.Event{happened("", noon, "of nobody")}),
		gives(link(store.HashOf("nobody")), sent("nobody", "")),
		gives(record("note", "1"), recordAt(note("1"), 1)),
		gives(allEntries("day", ""), []store.Entry{entry(0, "reach", "of nobody")}),
	}.check},

	{"connections/one that was deleted begins anew", script{
		does(put(full("17"), happened("17", noon, "first"))),
		does(claim("17", "a", noon)),
		does(deleteConnection("17")),
		gives(put(full("17"), happened("17", after(time.Second), "again")), full("17")),
		gives(events("17", 10), []store.Event{happened("17", after(time.Second), "again")}),
		does(claim("17", "b", noon)),
	}.check},

	{"connections/a list is in the order of the bytes of the ids", listOrder},

	{"connections/a list goes on after an id, there or not", script{
		does(put(bare("10"), happened("10", noon, ""))),
		does(put(bare("30"), happened("30", noon, ""))),
		does(put(bare("20"), happened("20", noon, ""))),
		gives(listIDs("", 2), []string{"10", "20"}),
		gives(listIDs("20", 2), []string{"30"}),
		gives(listIDs("15", 1), []string{"20"}),
		gives(listIDs("1", 3), []string{"10", "20", "30"}),
		gives(listIDs("30", 2), []string(nil)),
	}.check},

	{"connections/a list has at most limit, and none of none", script{
		gives(firstPage(10), []store.Connection(nil)),
		does(put(full("17"), happened("17", noon, ""))),
		does(put(bare("18"), happened("18", noon, ""))),
		gives(firstPage(1), []store.Connection{full("17")}),
		gives(firstPage(2), []store.Connection{full("17"), bare("18")}),
		gives(firstPage(3), []store.Connection{full("17"), bare("18")}),
		gives(firstPage(0), []store.Connection(nil)),
	}.check},

	{"connections/an error names the connection", func(t TB, s store.Store) {
		ctx := t.Context()
		_, notThere := s.Connection(ctx, "1789")
		_, notUpdated := s.UpdateConnection(ctx, full("1789"), happened("1789", noon, ""))
		for _, err := range []error{notThere, notUpdated, s.DeleteConnection(ctx, "1789")} {
			if err == nil || !strings.Contains(err.Error(), "1789") {
				t.Errorf("the error %q does not name connection 1789", err)
			}
		}
	}},
}

// oddIDs are in the order of their bytes.
var oddIDs = []string{
	" ", "\"'\\", "$ne", "%", "*", ".", "/", "007", "10", "17841400000000001", "2", "9007199254740993", "A", "[1]",
	"_", "a", "a\tb\n", "a b", "a.b", "aa", "null", "{}", "~", "ä", "日本", "😀",
}

func listOrder(t TB, s store.Store) {
	for i := range oddIDs {
		id := oddIDs[(i*7+3)%len(oddIDs)] // in no order
		does(put(bare(id), happened(id, noon, "of "+id))).check(t, s)
	}
	gives(listIDs("", 100), oddIDs).check(t, s)
	for i, id := range oddIDs {
		gives(connection(id), bare(id)).check(t, s)
		gives(events(id, 10), []store.Event{happened(id, noon, "of "+id)}).check(t, s)
		gives(listIDs(id, 100), orNil(oddIDs[i+1:])).check(t, s)
	}
}
