package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// maxFile is far more than a keyring of many rotations needs.
const maxFile = 1 << 20

var (
	errNotKeyring = errors.New("it is truncated, or no keyring at all; put the copy from your backup in its place")
	errReadable   = errors.New("may be read by other users of this machine")
)

// Load reads the keyring from its file. Each fault has a sentence of its own that says what to do;
// the error of a file that is not there is fs.ErrNotExist too.
func Load(path string) (*Keyring, error) {
	text, err := readPrivate(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("keyring %s is not there (%w); put the copy from your backup in its place", path, fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("keyring %s may not be read by this user (%w); "+
			"give it to the user that Latchkey runs as, and to nobody else", path, fs.ErrPermission)
	case errors.Is(err, errReadable):
		return nil, fmt.Errorf("keyring %s %w; close it with: chmod 600 %s", path, err, path)
	case err != nil:
		return nil, fmt.Errorf("keyring %s: %w", path, err)
	}
	k, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("keyring %s: %w", path, err)
	}
	return k, nil
}

// readPrivate asks the open file, not its name, who may read it: the name may change hands.
func readPrivate(path string) (text []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder; name the file inside")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a file")
	case info.Mode()&0o077 != 0:
		return nil, errReadable
	case info.Size() > maxFile:
		return nil, errNotKeyring
	}
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// parse drops what the parsers say, because they may quote what they could not read.
func parse(text []byte) (*Keyring, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, errNotKeyring
	}
	k, err := fromHandle(h)
	switch {
	case errors.Is(err, errOtherKey):
		return nil, fmt.Errorf("it holds %w; put the copy from your backup in its place", err)
	case err != nil:
		return nil, errNotKeyring
	}
	return k, nil
}
