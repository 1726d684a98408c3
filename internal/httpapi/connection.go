package httpapi

import (
	"latchkey/api"
	"latchkey/internal/store"
)

// Connection is the JSON form of a connection. The token has no place in it.
func Connection(c store.Connection) api.Connection {
	return api.Connection{
		ID:             c.ID,
		AppScopedID:    c.AppScopedID,
		Username:       c.Username,
		Name:           c.Name,
		AccountType:    c.AccountType,
		PictureURL:     c.PictureURL,
		Followers:      c.Followers,
		Follows:        c.Follows,
		Media:          c.Media,
		ScopesAsked:    c.ScopesAsked,
		Scopes:         c.Scopes,
		Status:         string(c.Status),
		StatusReason:   c.StatusReason,
		ConnectedAt:    api.Time{Time: c.ConnectedAt},
		TokenIssuedAt:  api.Time{Time: c.TokenIssuedAt},
		TokenExpiresAt: api.Time{Time: c.TokenExpiresAt},
		RefreshedAt:    api.Time{Time: c.RefreshedAt},
		NextRefreshAt:  api.Time{Time: c.NextRefreshAt},
		Version:        c.Version,
	}
}

// Events is the JSON form of a history.
func Events(events []store.Event) []api.Event {
	out := make([]api.Event, len(events))
	for i, e := range events {
		out[i] = api.Event{At: api.Time{Time: e.At}, Kind: string(e.Kind), Caller: e.Caller, Message: e.Message}
	}
	return out
}
