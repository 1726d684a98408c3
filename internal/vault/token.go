package vault

import (
	"context"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// Token opens the token of a connection. Who asked is written to its history first; where that
// fails, the token stays closed. A connection without a token is ErrNoToken, and no opening. A
// token that may no longer work, by its expiry or by the status, is opened all the same: Instagram
// decides about it, not the vault.
func (v *Vault) Token(ctx context.Context, by Caller, id string) (instagram.Secret, error) {
	c, err := v.Store.Connection(ctx, id)
	if err == nil && c.SealedToken == nil {
		err = ErrNoToken
	}
	if err != nil {
		return instagram.Secret{}, about("open the token of", id, by, err)
	}
	if err := v.Store.AppendEvent(ctx, v.event(store.EventTokenOpened, by, id)); err != nil {
		return instagram.Secret{}, about("record the opening of the token of", id, by, err)
	}
	plain, err := v.Keyring.Open(c.SealedToken, boundTo(id))
	if err != nil {
		return instagram.Secret{}, about("open the token of", id, by, err)
	}
	return instagram.NewSecret(string(plain)), nil
}
