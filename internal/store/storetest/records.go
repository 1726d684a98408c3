package storetest

import (
	"fmt"
	"time"

	"latchkey/internal/store"
)

var recordCases = []Case{
	{"records/one that is not there", script{
		fails(record("note", "1"), store.ErrNotFound),
		fails(record("", ""), store.ErrNotFound),
		fails(putRecord(recordAt(note("1"), 1)), store.ErrConflict),
		fails(record("note", "1"), store.ErrNotFound),
	}.check},

	{"records/every field is kept", script{
		does(put(full("17"), happened("17", noon, ""))),
		gives(putRecord(owned(note("1"), "17")), recordAt(owned(note("1"), "17"), 1)),
		gives(record("note", "1"), recordAt(owned(note("1"), "17"), 1)),
		gives(putRecord(store.Record{Kind: "note", Key: "bare"}), recordAt(store.Record{Kind: "note", Key: "bare", Body: []byte{}}, 1)),
		gives(record("note", "bare"), recordAt(store.Record{Kind: "note", Key: "bare", Body: []byte{}}, 1)),
		gives(putRecord(note(odd)), recordAt(note(odd), 1)),
		gives(record("note", odd), recordAt(note(odd), 1)),
	}.check},

	{"records/a put replaces every field at its version", script{
		does(put(full("17"), happened("17", noon, ""))),
		does(putRecord(owned(note("1"), "17"))),
		gives(putRecord(recordAt(otherNote(), 1)), recordAt(otherNote(), 2)),
		gives(record("note", "1"), recordAt(otherNote(), 2)),
		gives(putRecord(recordAt(owned(note("1"), "17"), 2)), recordAt(owned(note("1"), "17"), 3)),
		gives(record("note", "1"), recordAt(owned(note("1"), "17"), 3)),
	}.check},

	{"records/another version changes nothing", script{
		does(putRecord(note("1"))),
		fails(putRecord(otherNote()), store.ErrConflict),
		fails(putRecord(recordAt(otherNote(), 2)), store.ErrConflict),
		gives(record("note", "1"), recordAt(note("1"), 1)),
		does(putRecord(recordAt(note("1"), 1))),
		fails(putRecord(recordAt(otherNote(), 1)), store.ErrConflict),
		fails(putRecord(recordAt(otherNote(), 3)), store.ErrConflict),
		gives(record("note", "1"), recordAt(note("1"), 2)),
	}.check},

	{"records/a key is one of its kind", script{
		does(putRecord(note("1"))),
		gives(putRecord(store.Record{Kind: "mark", Key: "1", Body: []byte("mark")}),
			store.Record{Kind: "mark", Key: "1", Body: []byte("mark"), Version: 1}),
		does(putRecord(note("note"))),
		gives(record("note", "1"), recordAt(note("1"), 1)),
		gives(record("mark", "1"), store.Record{Kind: "mark", Key: "1", Body: []byte("mark"), Version: 1}),
		fails(record("note1", ""), store.ErrNotFound),
	}.check},

	{"records/a fleeting one is kept as others are", script{
		gives(putRecord(fleeting(note("1"))), recordAt(note("1"), 1)),
		gives(record("note", "1"), recordAt(note("1"), 1)),
		fails(putRecord(fleeting(otherNote())), store.ErrConflict),
		gives(putRecord(fleeting(recordAt(otherNote(), 1))), recordAt(otherNote(), 2)),
		gives(record("note", "1"), recordAt(otherNote(), 2)),
	}.check},

	{"records/one that is over is there until a sweep", script{
		does(putRecord(until(note("over"), after(-time.Hour)))),
		does(putRecord(until(note("just over"), noon))),
		does(putRecord(until(note("running"), after(time.Millisecond)))),
		does(putRecord(until(note("for ever"), time.Time{}))),
		gives(record("note", "over"), recordAt(until(note("over"), after(-time.Hour)), 1)),
		gives(sweep(noon), 2),
		fails(record("note", "over"), store.ErrNotFound),
		fails(record("note", "just over"), store.ErrNotFound),
		gives(record("note", "running"), recordAt(until(note("running"), after(time.Millisecond)), 1)),
		gives(sweep(after(10_000*time.Hour)), 1),
		gives(record("note", "for ever"), recordAt(until(note("for ever"), time.Time{}), 1)),
		gives(putRecord(note("over")), recordAt(note("over"), 1)),
	}.check},

	{"records/an owner must be there", script{
		fails(putRecord(owned(note("1"), "17")), store.ErrOwnerGone),
		fails(record("note", "1"), store.ErrNotFound),
		does(put(full("17"), happened("17", noon, ""))),
		does(putRecord(owned(note("1"), "17"))),
		fails(putRecord(recordAt(owned(otherNote(), "18"), 1)), store.ErrOwnerGone),
		fails(putRecord(owned(note("2"), "1")), store.ErrOwnerGone),
		does(putRecord(note("3"))),
	}.check},

	{"records/they go with their owner", script{
		does(put(full("17"), happened("17", noon, ""))),
		does(put(full("18"), happened("18", noon, ""))),
		does(putRecord(owned(note("1"), "17"))),
		does(putRecord(owned(note("2"), "17"))),
		does(putRecord(owned(note("3"), "18"))),
		does(putRecord(note("4"))),
		does(deleteConnection("17")),
		fails(record("note", "1"), store.ErrNotFound),
		fails(record("note", "2"), store.ErrNotFound),
		gives(record("note", "3"), recordAt(owned(note("3"), "18"), 1)),
		gives(record("note", "4"), recordAt(note("4"), 1)),
		fails(putRecord(owned(note("1"), "17")), store.ErrOwnerGone),
		fails(record("note", "1"), store.ErrNotFound),
		does(put(full("17"), happened("17", noon, ""))),
		gives(putRecord(owned(note("1"), "17")), recordAt(owned(note("1"), "17"), 1)),
		does(sweep(after(-time.Second))),
		gives(record("note", "1"), recordAt(owned(note("1"), "17"), 1)),
	}.check},
}

// note returns a record that nobody owns, with a value in every other field.
func note(key string) store.Record {
	return store.Record{Kind: "note", Key: key, Body: []byte("{\x00\xff}"), ExpiresAt: after(time.Hour)}
}

// otherNote differs from note("1") in every field but its kind and key.
func otherNote() store.Record {
	return store.Record{Kind: "note", Key: "1", Body: []byte("another"), ExpiresAt: after(2 * time.Hour)}
}

func recordAt(r store.Record, version int64) store.Record {
	r.Version = version
	return r
}

func owned(r store.Record, owner string) store.Record {
	r.Owner = owner
	return r
}

func until(r store.Record, end time.Time) store.Record {
	r.ExpiresAt = end
	return r
}

func fleeting(r store.Record) store.Record {
	r.Fleeting = true
	return r
}

// oneRecord races the first put of a key, and then the first change of it.
func oneRecord(t TB, s store.Store) {
	by := func(caller int, at int64) store.Record {
		r := recordAt(note("1"), at)
		r.Body = []byte(fmt.Sprint(caller))
		return r
	}
	for at := range int64(2) {
		winner := oneSucceeds(t, store.ErrConflict, func(caller int) error {
			_, err := s.PutRecord(t.Context(), by(caller, at))
			return err
		})
		gives(record("note", "1"), by(winner, at+1)).check(t, s)
	}
}
