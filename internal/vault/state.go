package vault

import (
	"encoding/base64"
	"fmt"

	"latchkey/internal/seal"
)

// stateContext binds a state to what it is for. It belongs to no connection: whose login it is shows when
// it is over.
var stateContext = seal.Context{Purpose: "login state", Owner: "none yet"}

// SealState seals what a login has to remember until its callback, as text that stands in an address. It
// travels with the browser, so that nothing is kept here.
func (v *Vault) SealState(plain []byte) (string, error) {
	sealed, err := v.Keyring.Seal(plain, stateContext)
	if err != nil {
		return "", fmt.Errorf("seal the state of a login: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// OpenState opens what SealState sealed, here or in another process with the same keyring. Whatever else
// it is given is an error.
func (v *Vault) OpenState(state string) ([]byte, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil {
		return nil, seal.ErrNotOpened
	}
	return v.Keyring.Open(sealed, stateContext)
}
