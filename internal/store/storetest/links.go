package storetest

import (
	"time"

	"latchkey/internal/store"
)

var linkCases = []Case{
	{"links/one that is not there", script{
		fails(link(store.HashOf("mail")), store.ErrNotFound),
		fails(useLink(store.HashOf("mail"), noon), store.ErrNotFound),
		fails(link(store.Hash{}), store.ErrNotFound),
		gives(deleteExpiredLinks(noon), 0),
	}.checkWithOwners},

	{"links/every field is kept", script{
		does(createLink(sent("mail", "17"))),
		gives(link(store.HashOf("mail")), sent("mail", "17")),
		does(createLink(used(sent("old", "17"), noon))),
		gives(link(store.HashOf("old")), used(sent("old", "17"), noon)),
		does(createLink(store.Link{Secret: store.HashOf("bare"), Purpose: "a purpose to come"})),
		gives(link(store.HashOf("bare")), store.Link{Secret: store.HashOf("bare"), Purpose: "a purpose to come"}),
	}.checkWithOwners},

	{"links/a connection must be there, or the link is of none", script{
		fails(createLink(sent("mail", "17")), store.ErrOwnerGone),
		fails(link(store.HashOf("mail")), store.ErrNotFound),
		does(put(bare("17"), happened("17", noon, ""))),
		does(createLink(sent("mail", "17"))),
		does(deleteConnection("17")),
		fails(link(store.HashOf("mail")), store.ErrNotFound),
		fails(createLink(sent("mail", "17")), store.ErrOwnerGone),
		fails(link(store.HashOf("mail")), store.ErrNotFound),
		does(createLink(sent("mail", ""))),
	}.check},

	{"links/a secret that is there already is refused and changes nothing", script{
		does(createLink(sent("mail", "17"))),
		fails(createLink(sent("mail", "17")), store.ErrExists),
		fails(createLink(store.Link{Secret: store.HashOf("mail"), ConnectionID: "18"}), store.ErrExists),
		gives(link(store.HashOf("mail")), sent("mail", "17")),
		does(useLink(store.HashOf("mail"), noon)),
		fails(createLink(sent("mail", "17")), store.ErrExists),
		gives(link(store.HashOf("mail")), used(sent("mail", "17"), noon)),
	}.checkWithOwners},

	{"links/to look uses nothing up, and shows one that is over too", script{
		does(createLink(sent("mail", "17"))),
		gives(link(store.HashOf("mail")), sent("mail", "17")),
		gives(useLink(store.HashOf("mail"), noon), used(sent("mail", "17"), noon)),
		gives(link(store.HashOf("mail")), used(sent("mail", "17"), noon)),
		does(createLink(lastingLink("expired", after(-1000*time.Hour)))),
		gives(link(store.HashOf("expired")), lastingLink("expired", after(-1000*time.Hour))),
	}.checkWithOwners},

	{"links/one is used once", script{
		does(createLink(sent("mail", "17"))),
		does(createLink(sent("another", "17"))),
		gives(useLink(store.HashOf("mail"), noon), used(sent("mail", "17"), noon)),
		failsWith(useLink(store.HashOf("mail"), noon), store.ErrTaken, used(sent("mail", "17"), noon)),
		failsWith(useLink(store.HashOf("mail"), after(time.Minute)), store.ErrTaken, used(sent("mail", "17"), noon)),
		gives(link(store.HashOf("mail")), used(sent("mail", "17"), noon)),
		gives(link(store.HashOf("another")), sent("another", "17")),
	}.checkWithOwners},

	{"links/an expired one is not used, at its expiry or later", script{
		does(createLink(sent("mail", "17"))),
		failsWith(useLink(store.HashOf("mail"), after(time.Hour)), store.ErrExpired, sent("mail", "17")),
		failsWith(useLink(store.HashOf("mail"), after(day)), store.ErrExpired, sent("mail", "17")),
		gives(link(store.HashOf("mail")), sent("mail", "17")),
		gives(useLink(store.HashOf("mail"), after(time.Hour-time.Millisecond)),
			used(sent("mail", "17"), after(time.Hour-time.Millisecond))),
	}.checkWithOwners},

	{"links/of several reasons the first counts", script{
		does(createLink(sent("mail", "17"))),
		does(useLink(store.HashOf("mail"), noon)),
		failsWith(useLink(store.HashOf("mail"), after(day)), store.ErrTaken, used(sent("mail", "17"), noon)),
		gives(deleteExpiredLinks(after(time.Hour+store.LinkKept)), 1),
		fails(useLink(store.HashOf("mail"), after(time.Hour+store.LinkKept)), store.ErrNotFound),
	}.checkWithOwners},

	{"links/one without an expiry does not end", script{
		does(createLink(lastingLink("for ever", time.Time{}))),
		gives(deleteExpiredLinks(after(10_000*day)), 0),
		gives(useLink(store.HashOf("for ever"), after(10_000*day)), used(lastingLink("for ever", time.Time{}), after(10_000*day))),
	}.checkWithOwners},

	{"links/those of a connection for a purpose are counted, whatever became of them", script{
		gives(countLinks("17", store.LinkConfirm, after(-10_000*day)), 0),
		does(createLink(sent("mail", "17"))),
		does(createLink(used(sent("followed", "17"), noon))),
		does(createLink(lastingLink("over", after(-day)))),
		does(createLink(sent("of a neighbour", "1"))),
		does(createLink(store.Link{Secret: store.HashOf("stop"), Purpose: store.LinkStop, ConnectionID: "17", CreatedAt: noon})),
		gives(countLinks("17", store.LinkConfirm, after(-day)), 3),
		gives(countLinks("17", store.LinkStop, after(-day)), 1),
		gives(countLinks("17", store.LinkReconnect, after(-day)), 0),
		gives(countLinks("1", store.LinkConfirm, after(-day)), 1),
	}.checkWithOwners},

	{"links/those created at the moment or before are not counted, nor those of no time", script{
		does(createLink(sent("mail", "17"))), // an hour before noon
		does(createLink(store.Link{Secret: store.HashOf("bare"), Purpose: store.LinkConfirm, ConnectionID: "17"})),
		gives(countLinks("17", store.LinkConfirm, after(-time.Hour-time.Millisecond)), 1),
		gives(countLinks("17", store.LinkConfirm, after(-time.Hour-time.Microsecond)), 1),
		gives(countLinks("17", store.LinkConfirm, after(-time.Hour)), 0),
		gives(countLinks("17", store.LinkConfirm, noon), 0),
	}.checkWithOwners},

	{"links/the count goes with the connection", script{
		does(put(full("17"), happened("17", noon, "first"))),
		does(createLink(sent("mail", "17"))),
		gives(countLinks("17", store.LinkConfirm, after(-day)), 1),
		does(deleteConnection("17")),
		gives(countLinks("17", store.LinkConfirm, after(-day)), 0),
	}.check},

	{"links/a sweep keeps one for a while after its end", script{
		does(createLink(lastingLink("over", after(-store.LinkKept-day)))),
		does(createLink(lastingLink("just over", after(-store.LinkKept)))),
		does(createLink(used(lastingLink("kept and used", after(-store.LinkKept+time.Millisecond)), after(-60*day)))),
		does(createLink(lastingLink("kept", after(-store.LinkKept+time.Millisecond)))),
		does(createLink(sent("running", "17"))),
		gives(deleteExpiredLinks(noon), 2),
		fails(link(store.HashOf("over")), store.ErrNotFound),
		fails(link(store.HashOf("just over")), store.ErrNotFound),
		fails(useLink(store.HashOf("kept and used"), noon), store.ErrTaken),
		fails(useLink(store.HashOf("kept"), noon), store.ErrExpired),
		gives(link(store.HashOf("running")), sent("running", "17")),
		gives(deleteExpiredLinks(noon), 0),
		gives(deleteExpiredLinks(after(time.Millisecond)), 2),
	}.checkWithOwners},

	{"links/a sweep of links leaves everything else", script{
		does(put(full("17"), happened("17", noon, "first"), signedIn("phone", "17", after(time.Second)))),
		does(putRecord(until(note("1"), noon))),
		gives(deleteExpiredLinks(after(10_000*day)), 0),
		gives(connection("17"), full("17")),
		gives(events("17", 10), []store.Event{happened("17", noon, "first")}),
		gives(session(store.HashOf("phone")), signedIn("phone", "17", after(time.Second))),
		gives(record("note", "1"), recordAt(until(note("1"), noon), 1)),
	}.check},
}

// lastingLink returns a link of connection 17 with another expiry.
func lastingLink(name string, until time.Time) store.Link {
	l := sent(name, "17")
	l.ExpiresAt = until
	return l
}
