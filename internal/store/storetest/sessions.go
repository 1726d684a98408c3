package storetest

import (
	"fmt"
	"time"

	"latchkey/internal/store"
)

var sessionCases = []Case{
	{"sessions/one that is not there", script{
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(touchSession(store.HashOf("phone"), noon, noon), store.ErrNotFound),
		does(deleteSession(store.HashOf("phone"))),
		does(deleteSessions("17")),
		does(deleteSessions("of nobody")),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
	}.checkWithOwners},

	{"sessions/every field is kept", script{
		does(signIn(signedIn("phone", "17", after(time.Hour)))),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/one comes with its connection, as it is now", script{
		does(put(full("17"), happened("17", noon, ""), signedIn("phone", "17", after(time.Hour)))),
		gives(connectionOfSession(store.HashOf("phone")), full("17")),
		does(update(sameLogin(other("17")), happened("17", noon, ""))),
		gives(connectionOfSession(store.HashOf("phone")), at(sameLogin(other("17")), 2)),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Hour))),
	}.check},

	{"sessions/no write of one is a write of its connection", script{
		does(put(full("17"), happened("17", noon, ""), signedIn("phone", "17", after(time.Hour)), signedIn("desk", "17", after(time.Hour)))),
		does(touchSession(store.HashOf("phone"), after(time.Minute), after(2*time.Hour))),
		gives(connection("17"), full("17")),
		does(deleteSession(store.HashOf("phone"))),
		gives(connection("17"), full("17")),
		does(deleteSessions("17")),
		gives(connection("17"), full("17")),
	}.check},

	{"sessions/a login leaves those that are there", script{
		does(signIn(signedIn("phone", "17", after(time.Hour)))),
		does(put(other("17"), happened("17", noon, ""))),
		does(signIn(signedIn("desk", "17", after(2*time.Hour)))),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Hour))),
		gives(session(store.HashOf("desk")), signedIn("desk", "17", after(2*time.Hour))),
	}.check},

	{"sessions/of too many those that began first are over", func(t TB, s store.Store) {
		began := func(i int) store.Session {
			b := signedIn(fmt.Sprint(i), "17", after(time.Hour))
			b.CreatedAt = after(time.Duration(i) * time.Second)
			return b
		}
		does(signIn(signedIn("neighbour", "18", after(time.Hour)))).check(t, s)
		for i := range store.MaxSessions {
			does(signIn(began(i))).check(t, s)
		}
		gives(session(store.HashOf("0")), began(0)).check(t, s)
		does(signIn(began(store.MaxSessions))).check(t, s)
		fails(session(store.HashOf("0")), store.ErrNotFound).check(t, s)
		gives(session(store.HashOf("1")), began(1)).check(t, s)
		does(signIn(began(store.MaxSessions+1), began(store.MaxSessions+2))).check(t, s)
		for i := range store.MaxSessions + 3 {
			if i < 3 {
				fails(session(store.HashOf(fmt.Sprint(i))), store.ErrNotFound).check(t, s)
			} else {
				gives(session(store.HashOf(fmt.Sprint(i))), began(i)).check(t, s)
			}
		}
		gives(session(store.HashOf("neighbour")), signedIn("neighbour", "18", after(time.Hour))).check(t, s)
	}},

	{"sessions/one goes with its connection", script{
		does(signIn(signedIn("phone", "17", after(time.Hour)))),
		does(deleteConnection("17")),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(touchSession(store.HashOf("phone"), noon, noon), store.ErrNotFound),
		does(put(bare("17"), happened("17", noon, ""))),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
	}.check},

	{"sessions/a touch moves two times and nothing else", script{
		does(signIn(signedIn("phone", "17", after(time.Hour)))),
		does(signIn(signedIn("desk", "17", after(time.Hour)))),
		does(touchSession(store.HashOf("phone"), after(time.Minute), after(2*time.Hour))),
		gives(session(store.HashOf("phone")), seen(signedIn("phone", "17", after(2*time.Hour)), after(time.Minute))),
		gives(session(store.HashOf("desk")), signedIn("desk", "17", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/a delete removes the one", script{
		does(signIn(signedIn("phone", "17", after(time.Hour)))),
		does(signIn(signedIn("desk", "17", after(time.Hour)))),
		does(deleteSession(store.HashOf("phone"))),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		gives(session(store.HashOf("desk")), signedIn("desk", "17", after(time.Hour))),
		does(deleteSession(store.HashOf("phone"))),
	}.checkWithOwners},

	{"sessions/all of a connection are removed, and nobody else's", script{
		does(signIn(signedIn("phone", "17", after(time.Hour)))),
		does(signIn(signedIn("desk", "17", after(time.Hour)))),
		does(signIn(signedIn("neighbour", "1", after(time.Hour)))),
		does(deleteSessions("17")),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
		fails(session(store.HashOf("desk")), store.ErrNotFound),
		gives(session(store.HashOf("neighbour")), signedIn("neighbour", "1", after(time.Hour))),
	}.checkWithOwners},

	{"sessions/one that is over is there until it is swept", script{
		does(signIn(signedIn("phone", "17", after(-1000*time.Hour)))),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(-1000*time.Hour))),
		gives(sweep(noon), 1),
		fails(session(store.HashOf("phone")), store.ErrNotFound),
	}.checkWithOwners},
}

func seen(s store.Session, at time.Time) store.Session {
	s.SeenAt = at
	return s
}
