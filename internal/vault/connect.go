package vault

import (
	"context"
	"errors"
	"slices"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// Connect stores what a login brought: the account and its token, sealed, and the sessions that begin with it. It
// makes the connection, or replaces all of the one that was there, and returns it as stored. asked is what the owner
// was asked for. An account without an id, or a token without a value, is refused.
func (v *Vault) Connect(ctx context.Context, a instagram.Account, t instagram.Token, asked []string, begins ...store.Session) (store.Connection, error) {
	if a.ID == "" || t.Value.IsZero() {
		return store.Connection{}, errors.New("connect: an account id and a token are needed")
	}
	sealed, err := v.Seal(a.ID, t.Value)
	if err != nil {
		return store.Connection{}, err
	}
	event := v.event(store.EventConnected, CallerLogin, a.ID)
	if t.ExpiryAssumed {
		event.Message = "Instagram did not say how long the token lives; a careful guess is kept."
	}
	c, err := v.Store.PutConnection(ctx, store.Connection{
		ID:             a.ID,
		AppScopedID:    a.AppScopedID,
		Username:       a.Username,
		Name:           a.Name,
		AccountType:    a.Type,
		PictureURL:     a.PictureURL,
		Followers:      a.Followers,
		Follows:        a.Follows,
		Media:          a.Media,
		ScopesAsked:    slices.Clone(asked),
		Scopes:         slices.Clone(t.Scopes),
		Status:         store.StatusActive,
		ConnectedAt:    event.At,
		TokenIssuedAt:  t.IssuedAt,
		TokenExpiresAt: t.ExpiresAt,
		NextRefreshAt:  store.NextRefresh(t.IssuedAt, t.ExpiresAt, v.jitter()),
		NoticeAt:       store.NextNotice(t.ExpiresAt, event.At),
		SealedToken:    sealed,
	}, event, begins...)
	return c, about("connect", a.ID, CallerLogin, err)
}
