package storetest

import (
	"strings"
	"time"

	"latchkey/internal/store"
)

var contactCases = []Case{
	{"contacts/one that is not there", script{
		fails(contact("17"), store.ErrNotFound),
		does(deleteContact("17")),
		fails(contact("17"), store.ErrNotFound),
	}.check},

	{"contacts/every field is kept", script{
		does(putContact(confirmed("17", "ada@example.org"))),
		gives(contact("17"), confirmed("17", "ada@example.org")),
	}.check},

	{"contacts/a put replaces every field", script{
		does(putContact(confirmed("17", "ada@example.org"))),
		does(putContact(store.Contact{ConnectionID: "17", Address: "grace@example.org", AskedAt: after(day)})),
		gives(contact("17"), store.Contact{ConnectionID: "17", Address: "grace@example.org", AskedAt: after(day)}),
		does(putContact(confirmed("17", "ada@example.org"))),
		gives(contact("17"), confirmed("17", "ada@example.org")),
	}.check},

	{"contacts/a delete removes the one, as often as it is asked", script{
		does(putContact(confirmed("17", "ada@example.org"))),
		does(putContact(confirmed("1", "neighbour@example.org"))),
		does(deleteContact("17")),
		fails(contact("17"), store.ErrNotFound),
		does(deleteContact("17")),
		gives(contact("1"), confirmed("1", "neighbour@example.org")),
		does(putContact(confirmed("17", "grace@example.org"))),
		gives(contact("17"), confirmed("17", "grace@example.org")),
	}.check},

	{"contacts/two connections may have one address", script{
		does(putContact(confirmed("17", "ada@example.org"))),
		does(putContact(confirmed("18", "ada@example.org"))),
		does(deleteContact("18")),
		gives(contact("17"), confirmed("17", "ada@example.org")),
	}.check},

	{"contacts/one outlives the writes of its connection", script{
		does(put(full("17"), happened("17", noon, ""))),
		does(putContact(confirmed("17", "ada@example.org"))),
		does(put(other("17"), happened("17", noon, ""))),
		does(update(at(ofLogin(bare("17"), after(time.Hour)), 2))),
		gives(contact("17"), confirmed("17", "ada@example.org")),
		gives(connection("17"), at(ofLogin(bare("17"), after(time.Hour)), 3)),
	}.check},

	{"contacts/an error names the connection", func(t TB, s store.Store) {
		if _, err := s.Contact(t.Context(), "1789"); err == nil || !strings.Contains(err.Error(), "1789") {
			t.Errorf("the error %q does not name connection 1789", err)
		}
	}},
}
