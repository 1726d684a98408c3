package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// Create makes a keyring of one fresh key and the file that keeps it. When it returns, the file is
// whole and on the disk, and only its user may read it. It never replaces a file: when one is
// there, or another process made one at the same moment, the error is fs.ErrExist, and the keyring
// to use is the one to Load.
func Create(path string) (*Keyring, error) {
	h, k, err := generate()
	if err != nil {
		return nil, fmt.Errorf("keyring %s: %w", path, err)
	}
	switch err := writeExclusive(path, h); {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("keyring %s is there already (%w) and stays as it is", path, fs.ErrExist)
	case err != nil:
		return nil, fmt.Errorf("keyring %s: %w", path, err)
	}
	return k, nil
}

// writeExclusive writes to another name first and links it to its own, because a link, unlike a
// rename, fails when the name is taken, and because nobody must ever meet half a keyring.
func writeExclusive(path string, h *keyset.Handle) (err error) {
	folder := filepath.Dir(path)
	// The file that os.CreateTemp makes has the mode 0600.
	temp, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(temp.Name())) }()
	if err := writeSynced(temp, h); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if err := os.Link(temp.Name(), path); err != nil {
		return fmt.Errorf("give the file its name: %w", err)
	}
	return syncFolder(folder)
}

func writeSynced(f *os.File, h *keyset.Handle) error {
	err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(f))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncFolder makes the new name last through a loss of power.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync the folder: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}
