package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// mark is all that a keyring ever prints of itself.
const mark = "[keyring]"

var errOtherKey = errors.New("a key of another kind than AES-256-GCM")

// Keyring is a set of keys, one of which, the primary, seals; every enabled one opens. It is safe
// for concurrent use, and has no printable form.
type Keyring struct {
	aead tink.AEAD
	// primary and enabled are fingerprints; the keys themselves stay inside aead.
	primary string
	enabled []string
}

// Generate makes a keyring of one fresh key that is kept nowhere.
func Generate() (*Keyring, error) {
	_, k, err := generate()
	return k, err
}

// Fingerprint names the primary key without telling anything about it: 32 hexadecimal digits.
func (k *Keyring) Fingerprint() string { return k.primary }

// Has says whether the fingerprint is that of a key that this keyring can open with.
func (k *Keyring) Has(fingerprint string) bool { return slices.Contains(k.enabled, fingerprint) }

// String returns a mark instead of the keys.
func (Keyring) String() string { return mark }

// GoString returns a mark instead of the keys.
func (Keyring) GoString() string { return mark }

// Format writes a mark instead of the keys, whatever the verb.
func (Keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mark) }

// LogValue returns a mark instead of the keys.
func (Keyring) LogValue() slog.Value { return slog.StringValue(mark) }

// MarshalText returns a mark instead of the keys.
func (Keyring) MarshalText() ([]byte, error) { return []byte(mark), nil }

func generate() (*keyset.Handle, *Keyring, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	k, err := fromHandle(h)
	return h, k, err
}

func fromHandle(h *keyset.Handle) (*Keyring, error) {
	// Making the primitive costs many times what a use of it costs.
	primitive, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	k := &Keyring{aead: primitive}
	for i := range h.Len() {
		e, err := h.Entry(i)
		if err != nil {
			return nil, fmt.Errorf("read the keys: %w", err)
		}
		if e.KeyStatus() != keyset.Enabled {
			continue
		}
		f, err := fingerprint(e)
		if err != nil {
			return nil, err
		}
		k.enabled = append(k.enabled, f)
		if e.IsPrimary() {
			k.primary = f
		}
	}
	return k, nil
}

// fingerprint covers the id of the key too, because a sealed value names its key by that.
func fingerprint(e *keyset.Entry) (string, error) {
	key, ok := e.Key().(*aesgcm.Key)
	if !ok || key.KeyBytes().Len() != 32 {
		return "", errOtherKey
	}
	material := binary.BigEndian.AppendUint32([]byte("latchkey keyring fingerprint 1\x00"), e.KeyID())
	material = append(material, key.KeyBytes().Data(insecuresecretdataaccess.Token{})...)
	sum := sha256.Sum256(material)
	return hex.EncodeToString(sum[:16]), nil
}
