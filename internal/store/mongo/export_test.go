package mongo

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store"
)

// ExplainedQuery is a query of the store and the index that must serve it.
type ExplainedQuery struct {
	Name, Collection string
	Filter           any
	Sort             bson.D
	Index            string
}

// ExplainedQueries returns every filter that the store sends, but for the two that say at their
// place that they read on until they find: HoldsSealed and CountAuthRequests.
func ExplainedQueries(now time.Time) []ExplainedQuery {
	const byID = "_id_"
	var h store.Hash
	due, page, history, ended := dueConnections(now, time.Minute), connectionsAfter("1"), eventsOf("1"), over(now)
	return []ExplainedQuery{
		{"one connection", "connections", idOf("1"), nil, byID},
		{"a connection at its version", "connections", connectionAt{"1", 1}, nil, byID},
		{"a page of connections", "connections", page.Filter, page.Sort, byID},
		{"what is due", "connections", due.Filter, due.Sort, "next_refresh_at_1"},
		{"a claim of what is due", "connections", dueAtTerm{"1", dueAt(now, time.Minute), 1}, nil, byID},
		{"a claim", "connections", free{"1", noLease(now, time.Minute)}, nil, byID},
		{"a renewal", "connections", running{held{"1", "a", 1}, from{date(now)}}, nil, byID},
		{"a release", "connections", held{"1", "a", 1}, nil, byID},
		{"a history", "events", history.Filter, history.Sort, "connection_id_1_at_-1__id_-1"},
		{"a history to delete", "events", ofConnection{"1"}, nil, "connection_id_1_at_-1__id_-1"},
		{"one session", "sessions", idOf(h), nil, byID},
		{"the sessions of a connection", "sessions", ofConnection{"1"}, nil, "connection_id_1"},
		{"sessions that are over", "sessions", ended.Filter, ended.Sort, "expires_at_1"},
		{"one authorization request", "auth_requests", idOf(h), nil, byID},
		{"a take", "auth_requests", takeable{ExpiresAt: notUpTo{upTo{date(now)}}}, nil, byID},
		{"authorization requests that are over", "auth_requests", ended.Filter, ended.Sort, "expires_at_1"},
		{"the keyring", "meta", idOf(keyringID), nil, byID},
	}
}

func idOf[T any](id T) byID[T] { return byID[T]{id} }

// EventIDs returns a source of event ids.
func EventIDs() func() bson.ObjectID { return newEventIDs().next }

// Parse reads an address as Open does.
func Parse(uri string) error {
	_, _, err := parse(uri)
	return err
}
