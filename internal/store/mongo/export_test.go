package mongo

import (
	"context"
	"slices"
	"strconv"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
)

// ExplainedQuery is a query of the store and the index that must serve it.
type ExplainedQuery struct {
	Name, Collection string
	Filter           any
	Sort             bson.D
	Index            string
}

// ExplainedQueries returns every filter that the store sends, but for the one that says at its
// place that it reads on until it finds: HoldsSealed.
func ExplainedQueries(now time.Time) []ExplainedQuery {
	return slices.Concat(connectionQueries(now), fleetQueries(now), otherQueries(now))
}

const byKey = "_id_"

func connectionQueries(now time.Time) []ExplainedQuery {
	page, due := connectionsAfter("1"), dueConnections(now, time.Minute)
	var won wonBy
	won.ID.Among = []string{"1", "2"}
	return []ExplainedQuery{
		{"one connection", "connections", idOf("1"), nil, byKey},
		{"a connection at its version", "connections", connectionAt{"1", 1}, nil, byKey},
		{"a connection at its version and login", "connections", connectionOfLogin{At: connectionAt{"1", 1}}, nil, byKey},
		{"a page of connections", "connections", page.Filter, page.Sort, byKey},
		{"what is due", "connections", due.Filter, due.Sort, "next_refresh_at_1"},
		{"a claim of what is due", "connections", dueAtTerm{"1", dueAt(now, time.Minute), 1}, nil, byKey},
		{"what was won", "connections", won, nil, byKey},
		{"a claim", "connections", free{"1", noLease(now, time.Minute)}, nil, byKey},
		{"a renewal", "connections", running{held{"1", "a", 1}, from{date(now)}}, nil, byKey},
		{"what was abandoned", "connections", notReleased(now, time.Minute), nil, "lease_until_1"},
		{"what was abandoned, at its term", "connections", abandonedAt{connectionAt{"1", 1}, 1}, nil, byKey},
		{"a release", "connections", held{"1", "a", 1}, nil, byKey},
	}
}

func fleetQueries(now time.Time) []ExplainedQuery {
	const byTrouble, byEnd = "trouble_cause_1_trouble_since_1", "status_1_token_expires_at_1"
	notices, first := dueNotices(now), soonest()
	return []ExplainedQuery{
		{"notices that are due", "connections", notices.Filter, notices.Sort, "notice_at_1"},
		{"what was tried", "connections", triedAfter(now), nil, "tried_at_1_trouble_since_1"},
		{"what fails alike", "connections", inTroubleAfter("code 2", now), nil, byTrouble},
		{"what fails for no known cause", "connections", inTroubleAfter("", now), nil, byTrouble},
		{"what has a status", "connections", ofStatus{store.StatusActive}, nil, byEnd},
		{"what is put off", "connections", putOffUntilAfter(now), nil, "next_refresh_at_1"},
		{"what was tried later", "connections", triedLaterThan(now), nil, "tried_at_1_trouble_since_1"},
		{"what ends between two moments", "connections", activeEnding(between{never, date(now)}), nil, byEnd},
		{"what ends later", "connections", activeEnding(after{date(now)}), nil, byEnd},
		{"what ends first", "connections", first.Filter, first.Sort, byEnd},
		{"the alarms", "alarms", allAlarms().Filter, allAlarms().Sort, byKey},
		{"an alarm at its version", "alarms", alarmAt{store.AlarmApp, 1}, nil, byKey},
		{"the last sweep", "meta", idOf(sweepID), nil, byKey},
		{"the identity", "meta", idOf(identityID), nil, byKey},
		{"the write that is tried", "meta", idOf(writeCheckID), nil, byKey},
	}
}

func otherQueries(now time.Time) []ExplainedQuery {
	const byMoment, byConnection, byExpiry = "connection_id_1_at_-1__id_-1", "connection_id_1", "expires_at_1"
	const byPurpose = "connection_id_1_purpose_1_created_at_1"
	var h store.Hash
	history, ended := eventsOf("1"), over(now)
	on, back := entriesFrom("day", "1", store.Place{At: now}), entriesBackFrom("day", "1", store.Place{At: now})
	return []ExplainedQuery{
		{"a history", "events", history.Filter, history.Sort, byMoment},
		{"a history to delete", "events", ofConnection{"1"}, nil, byMoment},
		{"events of long ago", "events", happenedBefore(now), nil, "at_1"},
		{"connections of which events wait", "connections", pendingUpTo(now).Filter, pendingUpTo(now).Sort, "pending_at_1"},
		{"one link", "links", idOf(h), nil, byKey},
		{"a use of a link", "links", usable{ExpiresAt: notUpTo{upTo{date(now)}}}, nil, byKey},
		{"the links of a connection", "links", ofConnection{"1"}, nil, byPurpose},
		{"the links for a purpose", "links", linksSince("1", store.LinkConfirm, now), nil, byPurpose},
		{"links that are over", "links", ended.Filter, ended.Sort, byExpiry},
		{"one session", "connections", withSession{h}, nil, "sessions.secret_1"},
		{"sessions that are over", "connections", sessionsOver(now).Filter, nil, "sessions.expires_at_1"},
		{"one record", "records", idOf("note/1"), nil, byKey},
		{"a record at its version", "records", recordAt{"note/1", 1}, nil, byKey},
		{"the records of a connection", "records", ofConnection{"1"}, nil, byConnection},
		{"records that are over", "records", ended.Filter, ended.Sort, byExpiry},
		{"a series on from a place", "entries", on.Filter, on.Sort, byKey},
		{"a series back from a place", "entries", back.Filter, back.Sort, byKey},
		{"one entry", "entries", idOf("day/1/8000/reach"), nil, byKey},
		{"the entries of a connection", "entries", ofConnection{"1"}, nil, byConnection},
		{"entries of long ago", "entries", entriesOfBefore("day", now), nil, "kind_1_at_1"},
		{"one erasure", "erasures", erasure{ID: "1"}, nil, byKey},
		{"erasures of some time ago", "erasures", erasedUpTo(now).Filter, nil, "at_1"},
		{"the keyring", "meta", idOf(keyringID), nil, byKey},
		{"the keyring by its fingerprint", "meta", keyringDocument{keyringID, "a"}, nil, byKey},
	}
}

func idOf[T any](id T) byID[T] { return byID[T]{id} }

// OpenWatched opens a store whose commands the monitor is told of.
func OpenWatched(uri string, monitor *event.CommandMonitor) (*Store, error) {
	opts, database, err := parse(uri)
	if err != nil {
		return nil, err
	}
	client, err := driver.Connect(opts.SetMonitor(monitor))
	if err != nil {
		return nil, err
	}
	return on(client.Database(database)), nil
}

// CarryOver carries over the events of one connection as they were before meanwhile.
func CarryOver(ctx context.Context, s *Store, id string, meanwhile func()) error {
	var d pendingDocument
	if err := s.connections.FindOne(ctx, byID[string]{id}).Decode(&d); err != nil {
		return err
	}
	meanwhile()
	_, err := s.carry(ctx, d)
	return err
}

// EventIDs returns a source of event ids.
func EventIDs() func() bson.ObjectID { return newEventIDs().next }

// Wrap is what becomes of an error of the driver.
var Wrap = wrap

// Parse reads an address as Open does.
func Parse(uri string) error {
	_, _, err := parse(uri)
	return err
}

// MostKnown is how many connections are remembered at most while n are seen.
func MostKnown(n int) (most int) {
	var k known
	for i := range n {
		k.add(strconv.Itoa(i))
		most = max(most, len(k.ids))
	}
	return most
}
