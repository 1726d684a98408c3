package storetest

import (
	"time"

	"latchkey/internal/store"
)

var sessionCases = []Case{
	{"sessions/one that is not there", script{
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(touchSession(store.HashOf("phone"), noon, noon), store.ErrNotFound),
		does(deleteSession(store.HashOf("phone"))),
		does(deleteSessions("17")),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
	}.checkWithOwners},

	{"sessions/every field is kept", script{
		does(createSession(signedIn("phone", "17", after(time.Hour)))),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/a connection must be there", script{
		fails(createSession(signedIn("phone", "17", after(time.Hour))), store.ErrOwnerGone),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		does(put(bare("17"), happened("17", noon, ""))),
		does(createSession(signedIn("phone", "17", after(time.Hour)))),
		does(deleteConnection("17")),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(createSession(signedIn("phone", "17", after(time.Hour))), store.ErrOwnerGone),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
	}.check},

	{"sessions/a secret that is there already is refused and changes nothing", script{
		does(createSession(signedIn("phone", "17", after(time.Hour)))),
		fails(createSession(signedIn("phone", "17", after(time.Hour))), store.ErrExists),
		fails(createSession(signedIn("phone", "18", after(2*time.Hour))), store.ErrExists),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/a touch moves two times and nothing else", script{
		does(createSession(signedIn("phone", "17", after(time.Hour)))),
		does(createSession(signedIn("desk", "17", after(time.Hour)))),
		does(touchSession(store.HashOf("phone"), after(time.Minute), after(2*time.Hour))),
		gives(session(store.HashOf("phone")), seen(signedIn("phone", "17", after(2*time.Hour)), after(time.Minute))),
		gives(session(store.HashOf("desk")), signedIn("desk", "17", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/a delete removes the one", script{
		does(createSession(signedIn("phone", "17", after(time.Hour)))),
		does(createSession(signedIn("desk", "17", after(time.Hour)))),
		does(deleteSession(store.HashOf("phone"))),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		gives(session(store.HashOf("desk")), signedIn("desk", "17", after(time.Hour))),
		does(deleteSession(store.HashOf("phone"))),
	}.checkWithOwners},

	{"sessions/all of a connection are removed, and nobody else's", script{
		does(createSession(signedIn("phone", "17", after(time.Hour)))),
		does(createSession(signedIn("desk", "17", after(time.Hour)))),
		does(createSession(signedIn("neighbour", "1", after(time.Hour)))),
		does(deleteSessions("17")),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(session(store.HashOf("desk")), store.ErrNotFound),
		gives(session(store.HashOf("neighbour")), signedIn("neighbour", "1", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/one that is over is there until it is swept", script{
		does(createSession(signedIn("phone", "17", after(-1000*time.Hour)))),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(-1000*time.Hour))),
		gives(sweep(noon), 1),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
	}.checkWithOwners},
}

func seen(s store.Session, at time.Time) store.Session {
	s.SeenAt = at
	return s
}
