package storetest

import (
	"time"

	"latchkey/internal/store"
)

// The values that the scripts share. Nothing changes them.

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
		ConnectedAt: noon, TokenIssuedAt: after(time.Second), TokenExpiresAt: after(60 * 24 * time.Hour),
		RefreshedAt: after(time.Minute), NextRefreshAt: after(7 * 24 * time.Hour),
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
		RefreshedAt: after(4 * time.Hour), NextRefreshAt: after(5 * time.Hour),
		SealedToken: []byte("another token"), Version: 1,
	}
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

// request returns an auth request that expires ten minutes after noon.
func request(name string) store.AuthRequest {
	return store.AuthRequest{
		State: store.HashOf(name), Binding: store.HashOf(name + "'s browser"),
		Scopes: []string{"instagram_business_basic"}, CreatedAt: noon, ExpiresAt: after(10 * time.Minute),
	}
}

// taken returns the request as the process took it at the moment.
func taken(r store.AuthRequest, by string, at time.Time) store.AuthRequest {
	r.TakenBy, r.TakenAt = by, at
	return r
}

// signedIn returns a session of the connection that is over at the moment.
func signedIn(name, id string, until time.Time) store.Session {
	return store.Session{
		Secret: store.HashOf(name), ConnectionID: id, CreatedAt: noon, SeenAt: after(time.Second), ExpiresAt: until,
	}
}
