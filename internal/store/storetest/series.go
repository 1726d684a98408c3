package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/internal/store"
)

var seriesCases = []Case{
	{"series/none is no error", script{
		gives(entriesAfter("day", "17", store.Place{}, 10), []store.Entry(nil)),
		gives(entriesBefore("day", "17", store.Place{}, 10), []store.Entry(nil)),
		gives(sweepEntries("day", noon), 0),
		does(putEntries("day", "17")),
		gives(allEntries("day", "17"), []store.Entry(nil)),
	}.checkWithOwners},

	{"series/every field is kept", script{
		does(putEntries("day", "17", entry(0, "reach", "{\x00\xff}"), entry(1, odd, odd), store.Entry{At: after(2 * day), Key: "bare"})),
		gives(allEntries("day", "17"), []store.Entry{
			entry(0, "reach", "{\x00\xff}"), entry(1, odd, odd), entry(2, "bare", ""),
		}),
		does(putEntries("day", "", entry(0, "reach", "of nobody"))),
		gives(allEntries("day", ""), []store.Entry{entry(0, "reach", "of nobody")}),
	}.checkWithOwners},

	{"series/a put replaces what is at its place, and nothing else", script{
		does(putEntries("day", "17", entry(0, "reach", "1"), entry(0, "views", "2"), entry(1, "reach", "3"))),
		does(putEntries("day", "17", entry(0, "reach", "4"), entry(2, "reach", "5"))),
		gives(allEntries("day", "17"), []store.Entry{
			entry(0, "reach", "4"), entry(0, "views", "2"), entry(1, "reach", "3"), entry(2, "reach", "5"),
		}),
	}.checkWithOwners},

	{"series/a page goes on from a place, and back", script{
		does(putEntries("day", "17", entry(1, "b", "2b"), entry(0, "a", "1a"), entry(2, "a", "3a"), entry(1, "a", "2a"), entry(1, "c", "2c"))),
		gives(entriesAfter("day", "17", store.Place{}, 2), []store.Entry{entry(0, "a", "1a"), entry(1, "a", "2a")}),
		gives(entriesAfter("day", "17", place(1, "a"), 2), []store.Entry{entry(1, "b", "2b"), entry(1, "c", "2c")}),
		gives(entriesAfter("day", "17", place(1, "c"), 2), []store.Entry{entry(2, "a", "3a")}),
		gives(entriesAfter("day", "17", place(2, "a"), 2), []store.Entry(nil)),
		gives(entriesAfter("day", "17", place(1, ""), 1), []store.Entry{entry(1, "a", "2a")}),
		gives(entriesBefore("day", "17", store.Place{}, 2), []store.Entry{entry(2, "a", "3a"), entry(1, "c", "2c")}),
		gives(entriesBefore("day", "17", place(1, "c"), 2), []store.Entry{entry(1, "b", "2b"), entry(1, "a", "2a")}),
		gives(entriesBefore("day", "17", place(1, "a"), 2), []store.Entry{entry(0, "a", "1a")}),
		gives(entriesBefore("day", "17", place(0, "a"), 2), []store.Entry(nil)),
		gives(entriesBefore("day", "17", place(1, ""), 2), []store.Entry{entry(0, "a", "1a")}),
		gives(entriesAfter("day", "17", store.Place{}, 0), []store.Entry(nil)),
		gives(entriesBefore("day", "17", store.Place{}, 0), []store.Entry(nil)),
	}.checkWithOwners},

	{"series/places are in the order of their moments, and keys in that of their bytes", script{
		does(putEntries("day", "17",
			store.Entry{At: time.UnixMilli(0).UTC(), Key: "a"}, store.Entry{At: time.UnixMilli(-1).UTC(), Key: "z"},
			store.Entry{At: time.UnixMilli(1).UTC(), Key: "10"}, store.Entry{At: time.UnixMilli(1).UTC(), Key: "9"},
			store.Entry{At: time.UnixMilli(1).UTC(), Key: "Z"}, store.Entry{At: time.UnixMilli(1).UTC(), Key: "a"},
			store.Entry{At: time.UnixMilli(1).UTC(), Key: "a/"}, store.Entry{At: time.UnixMilli(1).UTC(), Key: "a0"},
			store.Entry{At: time.UnixMilli(1).UTC(), Key: "é"}, store.Entry{At: after(100_000 * time.Hour), Key: "!"},
		)),
		gives(allEntries("day", "17"), []store.Entry{
			{At: time.UnixMilli(-1).UTC(), Key: "z", Body: []byte{}},
			{At: time.UnixMilli(0).UTC(), Key: "a", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "10", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "9", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "Z", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "a", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "a/", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "a0", Body: []byte{}},
			{At: time.UnixMilli(1).UTC(), Key: "é", Body: []byte{}},
			{At: after(100_000 * time.Hour), Key: "!", Body: []byte{}},
		}),
	}.checkWithOwners},

	{"series/each kind and each owner has its own", func(t TB, s store.Store) {
		does(put(bare("17/x"), happened("17/x", noon, ""))).check(t, s)
		script{
			does(putEntries("day", "17", entry(0, "reach", "17"))),
			does(putEntries("day", "1", entry(0, "reach", "1"))),
			does(putEntries("day", "17/x", entry(0, "reach", "17/x"))),
			does(putEntries("day", "", entry(0, "reach", "nobody"))),
			does(putEntries("days", "17", entry(0, "reach", "another kind"))),
			gives(allEntries("day", "17"), []store.Entry{entry(0, "reach", "17")}),
			gives(allEntries("day", "1"), []store.Entry{entry(0, "reach", "1")}),
			gives(allEntries("day", "17/x"), []store.Entry{entry(0, "reach", "17/x")}),
			gives(allEntries("day", ""), []store.Entry{entry(0, "reach", "nobody")}),
			gives(allEntries("days", "17"), []store.Entry{entry(0, "reach", "another kind")}),
			gives(allEntries("da", "17"), []store.Entry(nil)),
			gives(entriesBefore("day", "17", store.Place{}, 10), []store.Entry{entry(0, "reach", "17")}),
			gives(entriesBefore("day", "17", place(1, "a"), 10), []store.Entry{entry(0, "reach", "17")}),
			gives(entriesBefore("day", "1", place(1, "a"), 10), []store.Entry{entry(0, "reach", "1")}),
		}.checkWithOwners(t, s)
	}},

	{"series/a place skips nothing while entries come and go", comesAndGoes},

	{"series/moments are cut to the millisecond and come back in UTC", script{
		does(putEntries("day", "17", store.Entry{At: precise, Key: "reach"})),
		gives(allEntries("day", "17"), []store.Entry{{At: milli, Key: "reach", Body: []byte{}}}),
		does(putEntries("day", "17", store.Entry{At: milli, Key: "reach", Body: []byte("the same")})),
		gives(allEntries("day", "17"), []store.Entry{{At: milli, Key: "reach", Body: []byte("the same")}}),
		gives(entriesAfter("day", "17", store.Place{At: precise, Key: "reach"}, 10), []store.Entry(nil)),
		gives(entriesBefore("day", "17", store.Place{At: precise, Key: "reach"}, 10), []store.Entry(nil)),
		gives(sweepEntries("day", precise), 0),
	}.checkWithOwners},

	{"series/an owner must be there", script{
		fails(putEntries("day", "17", entry(0, "reach", "1"), entry(1, "reach", "2")), store.ErrOwnerGone),
		gives(allEntries("day", "17"), []store.Entry(nil)),
		does(putEntries("day", "", entry(0, "reach", "1"))),
		does(put(full("17"), happened("17", noon, ""))),
		gives(allEntries("day", "17"), []store.Entry(nil)),
		does(putEntries("day", "17", entry(0, "reach", "1"))),
		fails(putEntries("day", "1", entry(0, "reach", "1")), store.ErrOwnerGone),
	}.check},

	{"series/they go with their owner", script{
		does(putEntries("day", "17", entry(0, "reach", "1"), entry(1, "reach", "2"))),
		does(putEntries("post", "17", entry(0, "4711", "3"))),
		does(putEntries("day", "1", entry(0, "reach", "neighbour"))),
		does(putEntries("day", "", entry(0, "reach", "nobody"))),
		does(deleteConnection("17")),
		gives(allEntries("day", "17"), []store.Entry(nil)),
		gives(entriesBefore("post", "17", store.Place{}, 10), []store.Entry(nil)),
		gives(allEntries("day", "1"), []store.Entry{entry(0, "reach", "neighbour")}),
		gives(allEntries("day", ""), []store.Entry{entry(0, "reach", "nobody")}),
		fails(putEntries("day", "17", entry(0, "reach", "late")), store.ErrOwnerGone),
		does(put(full("17"), happened("17", noon, ""))),
		gives(allEntries("day", "17"), []store.Entry(nil)),
	}.checkWithOwners},

	{"series/a sweep removes what is of a kind and before a moment, whosever it is", script{
		does(putEntries("answer", "17", entry(-1, "a", "1"), entry(0, "a", "2"), entry(1, "a", "3"))),
		does(putEntries("answer", "1", store.Entry{At: after(-time.Millisecond), Key: "a"})),
		does(putEntries("answer", "", entry(-1, "a", "4"))),
		does(putEntries("day", "17", entry(-1, "a", "5"))),
		gives(sweepEntries("answer", noon), 3),
		gives(allEntries("answer", "17"), []store.Entry{entry(0, "a", "2"), entry(1, "a", "3")}),
		gives(allEntries("answer", "1"), []store.Entry(nil)),
		gives(allEntries("answer", ""), []store.Entry(nil)),
		gives(allEntries("day", "17"), []store.Entry{entry(-1, "a", "5")}),
		gives(sweepEntries("answer", noon), 0),
		gives(sweepEntries("answer", after(time.Millisecond)), 1),
		gives(sweep(after(10_000*day)), 0),
		gives(allEntries("day", "17"), []store.Entry{entry(-1, "a", "5")}),
	}.checkWithOwners},

	{"series/what was given is copied", func(t TB, s store.Store) {
		given := []store.Entry{entry(0, "reach", "1")}
		does(put(bare("17"), happened("17", noon, ""))).check(t, s)
		does(putEntries("day", "17", given...)).check(t, s)
		given[0].Body[0], given[0].Key = '!', "changed"
		gives(allEntries("day", "17"), []store.Entry{entry(0, "reach", "1")}).check(t, s)
	}},
}

// entry returns an entry of so many days after noon.
func entry(days int, key, body string) store.Entry {
	return store.Entry{At: after(time.Duration(days) * day), Key: key, Body: []byte(body)}
}

// place returns a place at so many days after noon.
func place(days int, key string) store.Place {
	return store.Place{At: after(time.Duration(days) * day), Key: key}
}

// comesAndGoes walks through a series both ways, a few entries at a time, while others are put in front of the
// place, behind it and at it, and those read last are swept away.
func comesAndGoes(t TB, s store.Store) {
	does(put(bare("17"), happened("17", noon, ""))).check(t, s)
	const days = 20
	fill := func() {
		for n := range days {
			does(putEntries("day", "17", entry(n, "b", fmt.Sprint(n)))).check(t, s)
		}
	}
	var want []string
	for n := range days {
		want = append(want, fmt.Sprint(n))
	}
	walk := func(page func(store.Place) ([]store.Entry, error), meanwhile func(last store.Entry)) (seen []string) {
		var at store.Place
		for range 2 * days {
			found, err := page(at)
			if err != nil {
				t.Fatalf("a page from %v: %v", at, err)
			}
			if len(found) == 0 {
				break
			}
			for _, e := range found {
				if e.Key == "b" {
					seen = append(seen, string(e.Body))
				}
			}
			last := found[len(found)-1]
			at = last.Place()
			meanwhile(last)
		}
		return seen
	}
	fill()
	on := walk(func(at store.Place) ([]store.Entry, error) { return s.EntriesAfter(t.Context(), "day", "17", at, 3) },
		func(last store.Entry) {
			script{
				does(putEntries("day", "17", store.Entry{At: last.At, Key: "a"}, store.Entry{At: last.At.Add(-day), Key: "c"})),
				does(sweepEntries("day", last.At.Add(time.Millisecond))),
			}.check(t, s)
		})
	if diff := difference(want, on); diff != "" {
		t.Errorf("on through the series (-want +got)\n%s", diff)
	}
	fill()
	back := walk(func(at store.Place) ([]store.Entry, error) { return s.EntriesBefore(t.Context(), "day", "17", at, 3) },
		func(last store.Entry) {
			does(putEntries("day", "17", store.Entry{At: last.At, Key: "c"}, store.Entry{At: last.At.Add(day), Key: "a"})).check(t, s)
		})
	slices.Reverse(back)
	if diff := difference(want, back); diff != "" {
		t.Errorf("back through the series (-want +got)\n%s", diff)
	}
}

// oneEntry races puts at one place, and each caller's at places of its own.
func oneEntry(t TB, s store.Store) {
	does(put(bare("17"), happened("17", noon, ""))).check(t, s)
	errs := make([]error, callers)
	race(func(caller int) {
		body := fmt.Sprint(caller)
		errs[caller] = s.PutEntries(t.Context(), "day", "17", entry(0, "shared", body), entry(1, body, body))
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("a put: %v", err)
	}
	all, err := s.EntriesAfter(t.Context(), "day", "17", store.Place{}, 2*callers)
	if err != nil || len(all) != 1+callers || all[0].Key != "shared" {
		t.Fatalf("kept are %v, %v; want one shared and one of each of %d", all, err, callers)
	}
	for _, e := range all[1:] {
		if e.Key != string(e.Body) {
			t.Errorf("%s says %q", e.Key, e.Body)
		}
	}
}
