package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrNotOpened says that a sealed value does not open: it was sealed by a key that this keyring
// does not have, for another purpose or another owner, or it was changed.
var ErrNotOpened = errors.New("the sealed value does not open with this keyring")

// format is the version of the associated data. A sealed value of another version does not open.
const format = "latchkey sealed 1"

// Context is what a sealed value is bound to. It is not secret, it is not in the sealed value, and
// neither part may be empty.
type Context struct {
	// Purpose is what the value is, such as "instagram token".
	Purpose string
	// Owner is the id of the connection that it belongs to.
	Owner string
}

// Seal closes plain for the context, with the primary key. The same text gives another sealed
// value each time.
func (k *Keyring) Seal(plain []byte, c Context) ([]byte, error) {
	if c.Purpose == "" || c.Owner == "" {
		return nil, errors.New("seal: a purpose and an owner are needed")
	}
	sealed, err := k.aead.Encrypt(plain, c.associatedData())
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Open returns what was sealed for the same context. Its error is ErrNotOpened and says no more,
// since the reasons cannot be told apart.
func (k *Keyring) Open(sealed []byte, c Context) ([]byte, error) {
	plain, err := k.aead.Decrypt(sealed, c.associatedData())
	if err != nil {
		return nil, ErrNotOpened
	}
	return plain, nil
}

// associatedData puts each part's length before it, so that no two contexts give the same bytes.
func (c Context) associatedData() []byte {
	var b []byte
	for _, part := range [...]string{format, c.Purpose, c.Owner} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}
