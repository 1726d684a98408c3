package storetest

import (
	"time"

	"latchkey/internal/store"
)

var fleetCases = []Case{
	{"stats/a count of failures of nothing is nothing", script{
		gives(countFailures("code 2", noon), store.FailureCounts{}),
		gives(countFailures("", noon), store.FailureCounts{}),
		does(put(bare("never tried"), happened("never tried", noon, ""))),
		gives(countFailures("code 2", noon), store.FailureCounts{}),
		gives(countFailures("", noon), store.FailureCounts{}),
	}.check},

	{"stats/a count of failures counts what was tried after the moment", script{
		does(put(tried("long ago", after(-day)), happened("long ago", noon, ""))),
		does(put(tried("just then", noon), happened("just then", noon, ""))),
		does(put(tried("just after", after(time.Millisecond)), happened("just after", noon, ""))),
		does(put(tried("since then", after(day)), happened("since then", noon, ""))),
		gives(countFailures("code 2", noon), store.FailureCounts{Tried: 2}),
		gives(countFailures("code 2", after(-time.Millisecond)), store.FailureCounts{Tried: 3}),
		gives(countFailures("code 2", after(time.Millisecond)), store.FailureCounts{Tried: 1}),
		gives(countFailures("code 2", after(day)), store.FailureCounts{}),
	}.check},

	{"stats/a count of failures leaves out what was in trouble at the moment", script{
		does(put(failing("long since", "code 2", after(-day)), happened("long since", noon, ""))),
		does(put(failing("just then", "code 2", noon), happened("just then", noon, ""))),
		does(put(failing("just after", "code 2", after(time.Millisecond)), happened("just after", noon, ""))),
		does(put(tried("well", after(day)), happened("well", noon, ""))),
		gives(countFailures("code 2", noon), store.FailureCounts{Tried: 2, Alike: 1}),
		gives(countFailures("code 2", after(-time.Millisecond)), store.FailureCounts{Tried: 3, Alike: 2}),
		gives(countFailures("code 2", after(time.Millisecond)), store.FailureCounts{Tried: 1}),
	}.check},

	{"stats/alike are those of one cause, whatever their status and class", script{
		does(put(failing("1", "code 2", after(time.Hour)), happened("1", noon, ""))),
		does(put(troubled("2", store.StatusReconnect, "reconnect", "code 2"), happened("2", noon, ""))),
		does(put(troubled("3", store.StatusDisconnected, "permanent", "code 2"), happened("3", noon, ""))),
		does(put(failing("4", "code 20", after(time.Hour)), happened("4", noon, ""))),
		does(put(failing("5", "", after(time.Hour)), happened("5", noon, ""))),
		does(put(tried("6", after(time.Hour)), happened("6", noon, ""))),
		gives(countFailures("code 2", noon), store.FailureCounts{Tried: 6, Alike: 3}),
		gives(countFailures("code 20", noon), store.FailureCounts{Tried: 6, Alike: 1}),
		gives(countFailures("", noon), store.FailureCounts{Tried: 6, Alike: 1}),
		gives(countFailures("code", noon), store.FailureCounts{Tried: 6}),
	}.check},

	{"stats/a count of failures follows what is written", script{
		does(put(failing("17", "code 2", after(time.Hour)), happened("17", noon, ""))),
		gives(countFailures("code 2", noon), store.FailureCounts{Tried: 1, Alike: 1}),
		does(update(failing("17", "code 4", after(time.Hour)))),
		gives(countFailures("code 2", noon), store.FailureCounts{Tried: 1}),
		does(update(at(tried("17", after(2*time.Hour)), 2))),
		gives(countFailures("code 4", noon), store.FailureCounts{Tried: 1}),
		does(deleteConnection("17")),
		gives(countFailures("code 4", noon), store.FailureCounts{}),
	}.check},

	{"stats/what a wrong clock put off is made due", script{
		gives(makeDue(noon), 0),
		does(put(due("in eight days", after(store.LongestWait)), happened("in eight days", noon, ""))),
		does(put(due("later", after(store.LongestWait+time.Millisecond)), happened("later", noon, ""))),
		does(put(due("overdue", after(-day)), happened("overdue", noon, ""))),
		does(put(due("never", time.Time{}), happened("never", noon, ""))),
		gives(makeDue(noon), 1),
		gives(connection("later"), at(due("later", noon), 2)),
		gives(connection("in eight days"), due("in eight days", after(store.LongestWait))),
		gives(connection("overdue"), due("overdue", after(-day))),
		gives(connection("never"), due("never", time.Time{})),
		gives(makeDue(noon), 0),
	}.check},

	{"stats/what was tried in the future is made due", script{
		does(put(triedDue("a little ahead", after(store.ClockTolerance), after(day)), happened("a little ahead", noon, ""))),
		does(put(triedDue("ahead", after(store.ClockTolerance+time.Millisecond), after(day)), happened("ahead", noon, ""))),
		does(put(triedDue("never again", after(day), time.Time{}), happened("never again", noon, ""))),
		gives(makeDue(noon), 1),
		gives(connection("ahead"), at(triedDue("ahead", noon, noon), 2)),
		gives(connection("a little ahead"), triedDue("a little ahead", after(store.ClockTolerance), after(day))),
		gives(connection("never again"), triedDue("never again", after(day), time.Time{})),
		gives(makeDue(noon), 0),
	}.check},

	{"stats/a count of all of nothing is nothing", script{
		gives(countAll(), store.Counts{Status: map[store.Status]int64{}}),
		gives(countAll(noon, after(day)), store.Counts{Status: map[store.Status]int64{}, Ending: []int64{0, 0}}),
	}.check},

	{"stats/a count of all counts each status", script{
		does(put(status("1", store.StatusActive), happened("1", noon, ""))),
		does(put(status("2", store.StatusActive), happened("2", noon, ""))),
		does(put(status("3", store.StatusActive), happened("3", noon, ""))),
		does(put(status("4", store.StatusReconnect), happened("4", noon, ""))),
		does(put(status("5", store.StatusReconnect), happened("5", noon, ""))),
		does(put(status("6", store.StatusDisconnected), happened("6", noon, ""))),
		gives(countAll(), store.Counts{
			Status: map[store.Status]int64{
				store.StatusActive: 3, store.StatusReconnect: 2, store.StatusDisconnected: 1,
			},
			Dated: 3, Soonest: after(60 * day),
		}),
	}.check},

	{"stats/a count of all counts what ends by each of the moments", script{
		does(put(ending("1", store.StatusActive, after(-day)), happened("1", noon, ""))),
		does(put(ending("2", store.StatusActive, noon), happened("2", noon, ""))),
		does(put(ending("3", store.StatusActive, after(time.Millisecond)), happened("3", noon, ""))),
		does(put(ending("4", store.StatusActive, after(2*day)), happened("4", noon, ""))),
		does(put(ending("5", store.StatusActive, time.Time{}), happened("5", noon, ""))),
		gives(countAll(after(-2*day), after(-time.Millisecond), noon, after(time.Millisecond), after(time.Hour), after(60*day)), store.Counts{
			Status: map[store.Status]int64{store.StatusActive: 5},
			Ending: []int64{0, 1, 2, 3, 3, 4}, Dated: 4, Soonest: after(-day),
		}),
	}.check},

	{"stats/a count of all looks at the ends of active ones alone", script{
		does(put(ending("1", store.StatusReconnect, after(-day)), happened("1", noon, ""))),
		does(put(ending("2", store.StatusDisconnected, after(-day)), happened("2", noon, ""))),
		does(put(ending("3", store.StatusActive, time.Time{}), happened("3", noon, ""))),
		gives(countAll(noon), store.Counts{
			Status: map[store.Status]int64{
				store.StatusActive: 1, store.StatusReconnect: 1, store.StatusDisconnected: 1,
			},
			Ending: []int64{0},
		}),
	}.check},

	{"stats/notices are due at their time, whatever the status", script{
		gives(dueNotices(noon, 10), []string(nil)),
		does(put(noticed("due now", store.StatusActive, noon), happened("due now", noon, ""))),
		does(put(noticed("due long since", store.StatusReconnect, after(-60*day)), happened("due long since", noon, ""))),
		does(put(noticed("disconnected", store.StatusDisconnected, after(-day)), happened("disconnected", noon, ""))),
		does(put(noticed("due soon", store.StatusActive, after(time.Millisecond)), happened("due soon", noon, ""))),
		does(put(noticed("never", store.StatusReconnect, time.Time{}), happened("never", noon, ""))),
		gives(dueNotices(noon, 10), []string{"due long since", "disconnected", "due now"}),
		gives(dueNotices(after(time.Millisecond), 10), []string{"due long since", "disconnected", "due now", "due soon"}),
		gives(dueNotices(after(-61*day), 10), []string(nil)),
	}.check},

	{"stats/the earliest notices come first, at most limit", script{
		does(put(noticed("1", store.StatusActive, after(-1*time.Hour)), happened("1", noon, ""))),
		does(put(noticed("2", store.StatusActive, after(-4*time.Hour)), happened("2", noon, ""))),
		does(put(noticed("3", store.StatusActive, after(-2*time.Hour)), happened("3", noon, ""))),
		does(put(noticed("4", store.StatusActive, after(-3*time.Hour)), happened("4", noon, ""))),
		gives(dueNotices(noon, 3), []string{"2", "4", "3"}),
		gives(dueNotices(noon, 1), []string{"2"}),
		gives(dueNotices(noon, 0), []string(nil)),
		gives(dueNotices(noon, 5), []string{"2", "4", "3", "1"}),
	}.check},

	{"stats/a due notice is a whole connection, and stays due until it is moved", script{
		does(put(full("17"), happened("17", noon, ""))),
		gives(wholeDueNotices(after(46*day), 1), []store.Connection{full("17")}),
		does(claim("17", "a", after(46*day))),
		gives(wholeDueNotices(after(46*day), 1), []store.Connection{full("17")}),
		does(update(sameLogin(other("17")))),
		gives(wholeDueNotices(after(46*day), 2), []store.Connection{at(sameLogin(other("17")), 2)}),
		does(update(at(sameLogin(bare("17")), 2))),
		gives(dueNotices(after(46*day), 1), []string(nil)),
	}.check},

	{"stats/the last sweep is the one recorded last", script{
		fails(lastSweep(), store.ErrNotFound),
		does(recordSweep(noon)),
		gives(lastSweep(), noon),
		does(recordSweep(after(time.Hour))),
		gives(lastSweep(), after(time.Hour)),
		does(recordSweep(after(-time.Hour))),
		gives(lastSweep(), after(-time.Hour)),
	}.check},
}

// tried returns an active connection that was tried at the moment, and all is well.
func tried(id string, at time.Time) store.Connection {
	return store.Connection{ID: id, Status: store.StatusActive, TriedAt: at, Version: 1}
}

// failing returns an active connection that fails since the moment and was tried a day after noon.
func failing(id, cause string, since time.Time) store.Connection {
	c := tried(id, after(day))
	c.Failure = store.RefreshFailure{Since: since, Tries: 1, Class: "retry", Cause: cause}
	return c
}

// troubled returns a connection that fails since an hour after noon.
func troubled(id string, status store.Status, class, cause string) store.Connection {
	c := failing(id, cause, after(time.Hour))
	c.Status, c.Failure.Class = status, class
	return c
}

// ending returns a connection whose token expires at the moment.
func ending(id string, status store.Status, at time.Time) store.Connection {
	return store.Connection{ID: id, Status: status, TokenExpiresAt: at, Version: 1}
}

// noticed returns a connection whose owner is to be told at the moment.
func noticed(id string, status store.Status, at time.Time) store.Connection {
	return store.Connection{ID: id, Status: status, NoticeAt: at, Version: 1}
}

// triedDue returns an active connection that was tried at a moment and is due at another.
func triedDue(id string, tried, next time.Time) store.Connection {
	c := due(id, next)
	c.TriedAt = tried
	return c
}
