package mongo

import (
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

// The conditions on a date. The negated ones hold for null as well.
type (
	upTo struct {
		Date bson.DateTime `bson:"$lte"`
	}
	from struct {
		Date bson.DateTime `bson:"$gte"`
	}
	after struct {
		Date bson.DateTime `bson:"$gt"`
	}
	notUpTo struct {
		Date upTo `bson:"$not"`
	}
	notAfter struct {
		Date after `bson:"$not"`
	}
)

// due is the condition under which a connection may be claimed. A date that is null is neither up
// to now nor after it, as the contract wants for both.
type due struct {
	Status        store.Status `bson:"status"`
	NextRefreshAt upTo         `bson:"next_refresh_at"`
	LeaseUntil    notAfter     `bson:"lease_until"`
}

func dueAt(now time.Time) due {
	return due{store.StatusActive, upTo{date(now)}, notAfter{after{date(now)}}}
}

// dueConnections finds the most overdue first, by the index of due times.
func dueConnections(now time.Time) query {
	return query{dueAt(now), bson.D{{Key: "next_refresh_at", Value: 1}}}
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

// over finds sessions or authorization requests by the index of their expiry.
func over(now time.Time) query {
	type expired struct {
		ExpiresAt upTo `bson:"expires_at"`
	}
	return query{Filter: expired{upTo{date(now)}}}
}
