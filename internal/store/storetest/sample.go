package storetest

import (
	"time"

	"latchkey/internal/store"
)

// The values that the scripts share. Nothing changes them.

const day = 24 * time.Hour

// term is how long every lease in the scripts runs.
const term = 10 * time.Minute

// noon is when the scripts begin.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// after is a moment that long after noon.
func after(d time.Duration) time.Time { return noon.Add(d) }

// full returns a connection with a value in every field, at version 1.
func full(id string) store.Connection {
	return store.Connection{
		ID: id, AppScopedID: "app-" + id, Username: "ada", Name: "Ada's Bakery",
		AccountType: "business", PictureURL: "https://cdn.example/ada.jpg?sig=1&e=2",
		Followers: new(int64(1200)), Follows: new(int64(0)), Media: new(int64(1 << 53)),
		ScopesAsked: []string{"instagram_business_basic", "instagram_business_manage_comments"},
		Scopes:      []string{"instagram_business_basic"},
		Status:      store.StatusActive, StatusReason: "a sentence",
		ConnectedAt: noon, TokenIssuedAt: after(time.Second), TokenExpiresAt: after(60 * day),
		RefreshedAt: after(time.Minute), TriedAt: after(2 * time.Minute), NextRefreshAt: after(7 * day),
		NoticeAt: after(46 * day),
		Failure: store.RefreshFailure{
			Since: after(3 * time.Minute), Tries: 1 << 53, Class: "retry", Cause: "code 2",
			SuspectedAt: after(4 * time.Minute), SuspectedCause: "code 190/463", RecordedAt: after(5 * time.Minute),
		},
		SealedToken: []byte("sealed " + id), Version: 1,
	}
}

// bare returns a connection of which nothing is known but its id and status, at version 1.
func bare(id string) store.Connection {
	return store.Connection{ID: id, Status: store.StatusDisconnected, Version: 1}
}

// other returns a connection that differs from full in every field but its id, at version 1.
func other(id string) store.Connection {
	return store.Connection{
		ID: id, AppScopedID: "other-" + id, Username: "grace", Name: "Grace",
		AccountType: "creator", PictureURL: "https://cdn.example/grace.jpg",
		Followers: new(int64(7)), Follows: new(int64(8)), Media: new(int64(9)),
		ScopesAsked: []string{"instagram_business_basic"},
		Scopes:      []string{"instagram_business_basic", "instagram_business_manage_insights"},
		Status:      store.StatusReconnect, StatusReason: "log in again",
		ConnectedAt: after(time.Hour), TokenIssuedAt: after(2 * time.Hour), TokenExpiresAt: after(3 * time.Hour),
		RefreshedAt: after(4 * time.Hour), TriedAt: after(6 * time.Hour), NextRefreshAt: after(5 * time.Hour),
		NoticeAt: after(7 * time.Hour),
		Failure: store.RefreshFailure{
			Since: after(8 * time.Hour), Tries: 7, Class: "reconnect", Cause: "code 190",
			SuspectedAt: after(9 * time.Hour), SuspectedCause: "code 190", RecordedAt: after(10 * time.Hour),
		},
		SealedToken: []byte("another token"), Version: 1,
	}
}

// sameLogin returns the connection as of the login of full.
func sameLogin(c store.Connection) store.Connection { return ofLogin(c, noon) }

// ofLogin returns the connection as of a login at the moment.
func ofLogin(c store.Connection, at time.Time) store.Connection {
	c.ConnectedAt = at
	return c
}

// due returns an active connection that is due at the moment.
func due(id string, at time.Time) store.Connection {
	return store.Connection{ID: id, Status: store.StatusActive, NextRefreshAt: at, Version: 1}
}

// at returns the connection at the version.
func at(c store.Connection, version int64) store.Connection {
	c.Version = version
	return c
}

// happened returns an event of the connection at the moment.
func happened(id string, at time.Time, message string) store.Event {
	return store.Event{ConnectionID: id, At: at, Kind: store.EventConnected, Caller: "login", Message: message}
}

// signedIn returns a session of the connection that is over at the moment.
func signedIn(name, id string, until time.Time) store.Session {
	return store.Session{
		Secret: store.HashOf(name), ConnectionID: id, CreatedAt: noon, SeenAt: after(time.Second), ExpiresAt: until,
	}
}

// raised returns an alarm with a value in every field, at version 1.
func raised(kind store.AlarmKind) store.Alarm {
	return store.Alarm{
		Kind: kind, RaisedAt: noon, ClearedAt: after(time.Hour), Class: "operator", Cause: "code 200",
		Message: "API access blocked.", ProbeAt: after(2 * time.Hour), Worked: 1 << 53,
		ToldAt: after(3 * time.Hour), Version: 1,
	}
}

// changedAlarm differs from raised in every field but its kind, at version 1.
func changedAlarm(kind store.AlarmKind) store.Alarm {
	return store.Alarm{
		Kind: kind, RaisedAt: after(time.Minute), ClearedAt: after(2 * time.Minute), Class: "hold", Cause: "code 4",
		Message: "Application request limit reached", ProbeAt: after(3 * time.Minute), Worked: 2,
		ToldAt: after(4 * time.Minute), Version: 1,
	}
}

// version returns the alarm at the version.
func version(a store.Alarm, version int64) store.Alarm {
	a.Version = version
	return a
}

// told returns an event of the whole installation.
func told(message string) store.Event {
	return store.Event{At: noon, Kind: store.EventAlarmRaised, Caller: "refresh", Message: message}
}

// sent returns a link to the owner of the connection that expires an hour after noon.
func sent(name, id string) store.Link {
	return store.Link{
		Secret: store.HashOf(name), Purpose: store.LinkConfirm, ConnectionID: id, Address: "ada@example.org",
		CreatedAt: after(-time.Hour), ExpiresAt: after(time.Hour),
	}
}

// used returns the link as it was used at the moment.
func used(l store.Link, at time.Time) store.Link {
	l.UsedAt = at
	return l
}
