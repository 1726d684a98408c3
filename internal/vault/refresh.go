package vault

import (
	"fmt"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// OpenForRefresh opens the token of a connection for the keeper of tokens alone, and writes nothing: what the
// keeper did with it is an event in any case, and a second line for each refresh would bury the
// openings that somebody asked for (docs/decisions/0007). No token is ErrNoToken.
func (v *Vault) OpenForRefresh(c store.Connection) (instagram.Secret, error) {
	if c.SealedToken == nil {
		return instagram.Secret{}, about("lend the token of", c.ID, CallerRefresh, ErrNoToken)
	}
	plain, err := v.Keyring.Open(c.SealedToken, boundTo(c.ID))
	if err != nil {
		return instagram.Secret{}, about("lend the token of", c.ID, CallerRefresh, err)
	}
	return instagram.NewSecret(string(plain)), nil
}

// Seal seals a token for the connection that it belongs to. Under another connection it does not
// open.
func (v *Vault) Seal(connectionID string, token instagram.Secret) ([]byte, error) {
	sealed, err := v.Keyring.Seal([]byte(token.Reveal()), boundTo(connectionID))
	if err != nil {
		return nil, fmt.Errorf("seal the token of connection %s: %w", connectionID, err)
	}
	return sealed, nil
}
