package mongo

import (
	"math"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// query is a search for several documents: all there is, so that a test can ask the server how it
// goes about the very same.
type query struct {
	Filter any
	Sort   bson.D
}

func (q query) options(limit int) *options.FindOptionsBuilder {
	return options.Find().SetSort(q.Sort).SetLimit(int64(limit))
}

// The conditions on a date. None but the negated ones hold for null.
type (
	upTo struct {
		Date bson.DateTime `bson:"$lte"`
	}
	before struct {
		Date bson.DateTime `bson:"$lt"`
	}
	from struct {
		Date bson.DateTime `bson:"$gte"`
	}
	after struct {
		Date bson.DateTime `bson:"$gt"`
	}
	// between leaves out its beginning and has its end.
	between struct {
		Begin bson.DateTime `bson:"$gt"`
		End   bson.DateTime `bson:"$lte"`
	}
	notUpTo struct {
		Date upTo `bson:"$not"`
	}
	notBetween struct {
		Dates between `bson:"$not"`
	}
)

// noLease is the condition that no lease runs at now: there is none, it ended, or it would end so
// late that a wrong clock gave it out.
func noLease(now time.Time, term time.Duration) notBetween {
	return notBetween{between{date(now), date(now.Add(2 * term))}}
}

// due is the condition under which a connection may be claimed.
type due struct {
	NextRefreshAt upTo       `bson:"next_refresh_at"`
	LeaseUntil    notBetween `bson:"lease_until"`
}

func dueAt(now time.Time, term time.Duration) due {
	return due{upTo{date(now)}, noLease(now, term)}
}

// dueConnections finds the most overdue first, by the index of due times.
func dueConnections(now time.Time, term time.Duration) query {
	return query{dueAt(now, term), bson.D{{Key: "next_refresh_at", Value: 1}}}
}

// notReleased is the filter of a lease that was not released and does not run at now, by the index of leases.
func notReleased(now time.Time, term time.Duration) any {
	type over struct {
		Given   after      `bson:",inline"`
		Running notBetween `bson:",inline"`
	}
	return struct {
		Until over `bson:"lease_until"`
	}{over{after{never}, noLease(now, term)}}
}

// connectionsAfter pages through connections by their key.
func connectionsAfter(id string) query {
	type above struct {
		ID struct {
			Than string `bson:"$gt"`
		} `bson:"_id"`
	}
	var filter above
	filter.ID.Than = id
	return query{filter, bson.D{{Key: "_id", Value: 1}}}
}

// eventsOf reads the history of a connection backwards, by the index of events.
func eventsOf(connectionID string) query {
	return query{ofConnection{connectionID}, bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}}
}

// happenedBefore is the filter of the events before a moment, by the index of their moments.
func happenedBefore(moment time.Time) any {
	return struct {
		At before `bson:"at"`
	}{before{date(moment)}}
}

// dueNotices finds the connections whose owners are to be told, by the index of notices.
func dueNotices(now time.Time) query {
	type due struct {
		NoticeAt upTo `bson:"notice_at"`
	}
	return query{due{upTo{date(now)}}, bson.D{{Key: "notice_at", Value: 1}}}
}

// allAlarms has at most one of each kind.
func allAlarms() query {
	return query{struct{}{}, bson.D{{Key: "_id", Value: 1}}}
}

// sessionsOver finds the connections of which a session is over, by the index of when they are.
func sessionsOver(now time.Time) query {
	return query{Filter: struct {
		ExpiresAt upTo `bson:"sessions.expires_at"`
	}{upTo{date(now)}}}
}

// over finds records or links by the index of their expiry.
func over(now time.Time) query {
	type expired struct {
		ExpiresAt upTo `bson:"expires_at"`
	}
	return query{Filter: expired{upTo{date(now)}}}
}

// linksSince is the filter of the links of a connection that were created for a purpose after a moment.
func linksSince(connectionID string, p store.Purpose, since time.Time) any {
	return struct {
		Of        ofConnection  `bson:",inline"`
		Purpose   store.Purpose `bson:"purpose"`
		CreatedAt after         `bson:"created_at"`
	}{ofConnection{connectionID}, p, after{date(since)}}
}

// entriesFrom pages on through a series by its keys, which are in the order of its places.
func entriesFrom(kind store.SeriesKind, owner string, after store.Place) query {
	return query{keysBetween(entryID(kind, owner, after), afterSeries(kind, owner)), bson.D{{Key: "_id", Value: 1}}}
}

// entriesBackFrom pages back.
func entriesBackFrom(kind store.SeriesKind, owner string, before store.Place) query {
	end := afterSeries(kind, owner)
	if !before.IsZero() {
		end = entryID(kind, owner, before)
	}
	return query{keysBetween(seriesID(kind, owner), end), bson.D{{Key: "_id", Value: -1}}}
}

// afterSeries is above all keys of a series: the letter that comes after the slash which ends its beginning.
func afterSeries(kind store.SeriesKind, owner string) string {
	return strings.TrimSuffix(seriesID(kind, owner), "/") + string(rune('/'+1))
}

// keysBetween is the filter of the keys above one and below another.
func keysBetween(above, below string) any {
	type between struct {
		Above string `bson:"$gt"`
		Below string `bson:"$lt"`
	}
	return byID[between]{between{above, below}}
}

// entriesOfBefore is the filter of the entries of a kind of before a moment, by the index of both.
func entriesOfBefore(kind store.SeriesKind, moment time.Time) any {
	return struct {
		Kind store.SeriesKind `bson:"kind"`
		At   before           `bson:"at"`
	}{kind, before{date(moment)}}
}

// pendingUpTo finds connections of which events wait, by the index of since when.
func pendingUpTo(moment time.Time) query {
	return query{struct {
		PendingAt upTo `bson:"pending_at"`
	}{upTo{date(moment)}}, bson.D{{Key: "pending_at", Value: 1}}}
}

// erasedUpTo finds erasures by the index of their moment.
func erasedUpTo(moment time.Time) query {
	return query{Filter: struct {
		At upTo `bson:"at"`
	}{upTo{date(moment)}}}
}

// putOffUntilAfter is the filter of what is due after a moment, by the index of due times.
func putOffUntilAfter(moment time.Time) any {
	return struct {
		NextRefreshAt after `bson:"next_refresh_at"`
	}{after{date(moment)}}
}

// triedLaterThan is the filter of what was tried after a moment and will be again, by the index of tries.
func triedLaterThan(moment time.Time) any {
	return struct {
		TriedAt       after `bson:"tried_at"`
		NextRefreshAt after `bson:"next_refresh_at"`
	}{after{date(moment)}, after{never}}
}

// triedAfter is the filter of what was tried after a moment and was in no trouble then, by the index
// of tries, which has both.
func triedAfter(since time.Time) any {
	return struct {
		TriedAt      after   `bson:"tried_at"`
		TroubleSince notUpTo `bson:"trouble_since"`
	}{after{date(since)}, notUpTo{upTo{date(since)}}}
}

// inTroubleAfter is the filter of what came into this trouble after a moment, by the index of troubles.
func inTroubleAfter(cause string, since time.Time) any {
	return struct {
		Cause *string `bson:"trouble_cause"`
		Since after   `bson:"trouble_since"`
	}{optional(cause), after{date(since)}}
}

// ofStatus is the filter of the connections of a status.
type ofStatus struct {
	Status store.Status `bson:"status"`
}

// never is a date before all others.
const never = bson.DateTime(math.MinInt64)

// activeEnding is the filter of active connections by their expiry; one that is not known is in no range.
func activeEnding[T between | after](r T) any {
	return struct {
		Of             ofStatus `bson:",inline"`
		TokenExpiresAt T        `bson:"token_expires_at"`
	}{ofStatus{store.StatusActive}, r}
}

// soonest finds the active connection that expires first.
func soonest() query {
	return query{activeEnding(after{never}), bson.D{{Key: "token_expires_at", Value: 1}}}
}

// expiry is the projection that leaves the expiry of a connection.
var expiry = struct {
	TokenExpiresAt int `bson:"token_expires_at"`
}{1}
