package storetest

import (
	"bytes"
	"strings"
	"time"

	"latchkey/internal/store"
)

var valueCases = []Case{
	{"values/times are cut to the millisecond and come back in UTC", script{
		gives(put(timed(precise), happened("17", precise, "")), timed(milli)),
		gives(connection("17"), timed(milli)),
		gives(firstPage(1), []store.Connection{timed(milli)}),
		gives(events("17", 1), []store.Event{happened("17", milli, "")}),
		gives(update(timed(precise), happened("17", precise, "")), at(timed(milli), 2)),
		gives(connection("17"), at(timed(milli), 2)),

		does(signIn(store.Session{ConnectionID: "17", CreatedAt: precise, SeenAt: precise, ExpiresAt: precise})),
		gives(session(store.Hash{}), store.Session{ConnectionID: "17", CreatedAt: milli, SeenAt: milli, ExpiresAt: milli}),
		does(touchSession(store.Hash{}, precise.Add(time.Hour), precise.Add(2*time.Hour))),
		gives(session(store.Hash{}), store.Session{
			ConnectionID: "17", CreatedAt: milli, SeenAt: milli.Add(time.Hour), ExpiresAt: milli.Add(2 * time.Hour),
		}),

		gives(putRecord(until(note("1"), precise)), recordAt(until(note("1"), milli), 1)),
		gives(record("note", "1"), recordAt(until(note("1"), milli), 1)),
		gives(putRecord(recordAt(until(note("1"), precise), 1)), recordAt(until(note("1"), milli), 2)),
		gives(record("note", "1"), recordAt(until(note("1"), milli), 2)),
	}.check},

	{"values/times of alarms, links and sweeps are cut to the millisecond and come back in UTC", script{
		gives(putAlarm(timedAlarm(precise), happened("", precise, "")), version(timedAlarm(milli), 1)),
		gives(alarms(), []store.Alarm{version(timedAlarm(milli), 1)}),
		gives(events("", 1), []store.Event{happened("", milli, "")}),
		gives(putAlarm(version(timedAlarm(precise), 1)), version(timedAlarm(milli), 2)),
		gives(alarms(), []store.Alarm{version(timedAlarm(milli), 2)}),

		does(createLink(store.Link{CreatedAt: precise, ExpiresAt: precise.Add(time.Hour)})),
		gives(link(store.Hash{}), store.Link{CreatedAt: milli, ExpiresAt: milli.Add(time.Hour)}),
		gives(useLink(store.Hash{}, precise), store.Link{CreatedAt: milli, ExpiresAt: milli.Add(time.Hour), UsedAt: milli}),
		gives(link(store.Hash{}), store.Link{CreatedAt: milli, ExpiresAt: milli.Add(time.Hour), UsedAt: milli}),

		does(recordSweep(precise)),
		gives(lastSweep(), milli),
		does(put(ending("17", store.StatusActive, precise), happened("17", noon, ""))),
		gives(countAll(precise), store.Counts{
			Status: map[store.Status]int64{store.StatusActive: 1}, Ending: []int64{1}, Dated: 1, Soonest: milli,
		}),
	}.check},

	{"values/a lease runs until a millisecond in UTC", func(t TB, s store.Store) {
		does(put(due("17", precise), happened("17", noon, ""))).check(t, s)
		leases, err := s.ClaimDue(t.Context(), "a", precise, term, 1)
		if err != nil || len(leases) != 1 {
			t.Fatalf("claim due: %v, %v; want one", leases, err)
		}
		renewed, err := s.RenewLease(t.Context(), leases[0], precise.Add(time.Minute), term)
		if err != nil {
			t.Fatalf("renew: %v", err)
		}
		claimed, err := s.Claim(t.Context(), "17", "b", precise.Add(time.Hour), term)
		if err != nil {
			t.Fatalf("claim: %v", err)
		}
		got := []time.Time{leases[0].Until, renewed.Until, claimed.Until}
		want := []time.Time{milli.Add(term), milli.Add(time.Minute + term), milli.Add(time.Hour + term)}
		if diff := difference(want, got); diff != "" {
			t.Errorf("until: (-want +got)\n%s", diff)
		}
	}},

	{"values/a time before 1970 and the first moment of 1970 are times", script{
		does(put(timed(time.UnixMilli(-1).UTC()), happened("17", time.UnixMilli(-1).UTC(), ""))),
		gives(connection("17"), timed(time.UnixMilli(-1).UTC())),
		does(put(timed(time.UnixMilli(0).UTC()), happened("17", time.UnixMilli(0).UTC(), ""))),
		gives(connection("17"), at(timed(time.UnixMilli(0).UTC()), 2)),
		gives(events("17", 1), []store.Event{happened("17", time.UnixMilli(0).UTC(), "")}),
	}.check},

	{"values/the zero time comes back as the zero time", script{
		gives(put(timed(time.Time{}), happened("17", noon, "")), timed(time.Time{})),
		gives(connection("17"), timed(time.Time{})),
		does(signIn(store.Session{ConnectionID: "17"})),
		gives(session(store.Hash{}), store.Session{ConnectionID: "17"}),
	}.check},

	{"values/the zero time of alarms and links comes back as the zero time", script{
		gives(putAlarm(timedAlarm(time.Time{})), version(timedAlarm(time.Time{}), 1)),
		gives(alarms(), []store.Alarm{version(timedAlarm(time.Time{}), 1)}),
		does(createLink(store.Link{})),
		gives(link(store.Hash{}), store.Link{}),
	}.check},

	{"values/any part of a trouble may be missing", troubleParts},

	{"values/nil stays nil", script{
		gives(put(bare("17"), happened("17", noon, "")), bare("17")),
		gives(connection("17"), bare("17")),
		gives(firstPage(1), []store.Connection{bare("17")}),
	}.check},

	{"values/empty stays empty and zero stays zero", script{
		gives(put(hollow, happened("17", noon, "")), hollow),
		gives(connection("17"), hollow),
		gives(update(hollow, happened("17", noon, "")), at(hollow, 2)),
		gives(firstPage(1), []store.Connection{at(hollow, 2)}),
	}.check},

	{"values/text and bytes come back as they went", script{
		gives(put(large, happened("17", noon, odd)), large),
		gives(connection("17"), large),
		gives(firstPage(1), []store.Connection{large}),
		gives(events("17", 1), []store.Event{happened("17", noon, odd)}),
		does(putAlarm(oddAlarm)),
		gives(alarms(), []store.Alarm{version(oddAlarm, 1)}),
		fails(createLink(oddLink), store.ErrOwnerGone),
		does(put(bare(odd), happened(odd, noon, ""))),
		does(createLink(oddLink)),
		gives(link(store.HashOf(odd)), oddLink),
	}.check},

	{"values/every kind and status is kept", script{
		does(put(status("17", "a status to come"), store.Event{ConnectionID: "17", Kind: "a kind to come", At: noon})),
		gives(connection("17"), status("17", "a status to come")),
		gives(events("17", 1), []store.Event{{ConnectionID: "17", Kind: "a kind to come", At: noon}}),
	}.check},

	{"values/what was given is copied", func(t TB, s store.Store) {
		given := full("17")
		does(put(given, happened("17", noon, ""))).check(t, s)
		scribble(given)
		gives(connection("17"), full("17")).check(t, s)

		given = full("17")
		history := []store.Event{happened("17", noon, "first"), happened("17", noon, "second")}
		does(update(given, history...)).check(t, s)
		scribble(given)
		history[0].Message, history[1].Message = "changed", "changed"
		gives(connection("17"), at(full("17"), 2)).check(t, s)
		gives(events("17", 2), []store.Event{happened("17", noon, "second"), happened("17", noon, "first")}).check(t, s)

		for at := range int64(2) {
			r := recordAt(note("1"), at)
			does(putRecord(r)).check(t, s)
			r.Body[0] = '!'
			gives(record("note", "1"), recordAt(note("1"), at+1)).check(t, s)
		}
	}},

	{"values/what is returned is a copy", func(t TB, s store.Store) {
		given := full("17")
		stored, err := s.PutConnection(t.Context(), given, happened("17", noon, ""))
		if err != nil {
			t.Fatalf("put: %v", err)
		}
		scribble(stored)
		if diff := difference(full("17"), given); diff != "" {
			t.Errorf("the given connection shares with the returned one: (-want +got)\n%s", diff)
		}
		gives(connection("17"), full("17")).check(t, s)

		read, err := s.Connection(t.Context(), "17")
		if err != nil {
			t.Fatalf("connection: %v", err)
		}
		scribble(read)
		gives(firstPage(1), []store.Connection{full("17")}).check(t, s)

		due, err := s.DueNotices(t.Context(), after(46*day), 1)
		if err != nil || len(due) != 1 {
			t.Fatalf("due notices: %v, %v; want one", due, err)
		}
		scribble(due[0])
		gives(wholeDueNotices(after(46*day), 1), []store.Connection{full("17")}).check(t, s)
	}},
}

var (
	// precise is a moment in another zone with more digits than are kept; rounding would show.
	precise = time.Date(2026, 11, 23, 13, 0, 0, 123_999_999, time.FixedZone("", 3600))
	// milli is what is kept of it.
	milli = time.Date(2026, 11, 23, 12, 0, 0, 123_000_000, time.UTC)
)

// timed returns a connection with all times at the moment.
func timed(at time.Time) store.Connection {
	c := full("17")
	c.ConnectedAt, c.TokenIssuedAt, c.TokenExpiresAt, c.RefreshedAt, c.NextRefreshAt = at, at, at, at, at
	c.TriedAt, c.NoticeAt = at, at
	c.Failure.Since, c.Failure.SuspectedAt, c.Failure.RecordedAt = at, at, at
	return c
}

// timedAlarm returns an alarm with all times at the moment.
func timedAlarm(at time.Time) store.Alarm {
	return store.Alarm{Kind: store.AlarmApp, RaisedAt: at, ClearedAt: at, ProbeAt: at, ToldAt: at}
}

// troubleParts keeps one part of a trouble without the others.
func troubleParts(t TB, s store.Store) {
	for i, part := range []store.RefreshFailure{
		{Since: noon},
		{Tries: 1},
		{Class: "retry"},
		{Cause: "code 2"},
		{SuspectedAt: noon},
		{SuspectedCause: "code 190"},
		{RecordedAt: noon},
		{},
	} {
		c := bare("17")
		c.Failure = part
		script{
			gives(put(c, happened("17", noon, "")), at(c, int64(2*i+1))),
			gives(connection("17"), at(c, int64(2*i+1))),
			gives(update(at(c, int64(2*i+1))), at(c, int64(2*i+2))),
			gives(firstPage(1), []store.Connection{at(c, int64(2*i+2))}),
		}.check(t, s)
	}
}

// hollow has a value in every field that can be nil, and it is empty or zero.
var hollow = store.Connection{
	ID: "17", Version: 1, Status: store.StatusActive,
	Followers: new(int64(0)), Follows: new(int64(0)), Media: new(int64(0)),
	ScopesAsked: []string{}, Scopes: []string{}, SealedToken: []byte{},
}

// odd is text that a careless database changes.
const odd = "  'quoted' \"twice\" \\ $set {\"a.b\": null} %s <b>ä 日本 😀</b>\r\n\t "

// large has a token of 4 KiB with every byte in it, and long odd text.
var large = store.Connection{
	ID: "17", Version: 1, Status: store.StatusActive,
	AppScopedID: odd, Username: odd, Name: strings.Repeat(odd, 50), AccountType: odd,
	PictureURL: strings.Repeat(odd, 50), StatusReason: odd,
	Followers:   new(int64(1<<63 - 1)),
	Failure:     store.RefreshFailure{Tries: 1<<63 - 1, Class: odd, Cause: odd, SuspectedCause: odd},
	ScopesAsked: []string{odd, "", odd}, Scopes: []string{""},
	SealedToken: bytes.Repeat(allBytes(), 16),
}

var oddAlarm = store.Alarm{
	Kind: store.AlarmOperator, Class: odd, Cause: odd, Message: strings.Repeat(odd, 8), Worked: 1<<63 - 1,
}

var oddLink = store.Link{Secret: store.HashOf(odd), Purpose: odd, ConnectionID: odd, Address: odd}

func allBytes() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func status(id string, status store.Status) store.Connection {
	c := full(id)
	c.Status = status
	return c
}

// scribble changes everything that a connection points to.
func scribble(c store.Connection) {
	*c.Followers, *c.Follows, *c.Media = -1, -1, -1
	c.ScopesAsked[0], c.Scopes[0] = "changed", "changed"
	c.SealedToken[0] ^= 0xff
}
