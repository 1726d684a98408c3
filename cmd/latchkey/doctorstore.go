package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"latchkey/internal/config"
	"latchkey/internal/seal"
	"latchkey/internal/store/sqlite"
)

// checkStore opens the store for all that is asked of it later.
func (d *doctor) checkStore(ctx context.Context) check {
	const name = "store"
	c := d.config.Store
	if c.Kind == "" {
		return skipped(name, "%s is not set, or wrong", config.StoreAddress.Variable())
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	st, err := openStore(ctx, c)
	if err != nil {
		return failure(name, "check LATCHKEY_STORE, and that this user may read the file", "%v", err)
	}
	d.opened = st
	if err := d.opened.Ping(ctx); err != nil {
		return failure(name, "check LATCHKEY_STORE, the network, and that the database runs", "%v", err)
	}
	if d.recorded, err = recordedIn(ctx, d.opened); err != nil {
		return failure(name, "check LATCHKEY_STORE, and that the database runs", "%v", err)
	}
	if d.recorded == "" {
		return warning(name, "start the server, which makes it; if it runs, name the store that it uses",
			"there is no store %s yet", placeOf(c))
	}
	if wrong, ok := d.checkForm(ctx); !ok {
		return wrong
	}
	d.store = d.opened
	return well(name, "the store %s answers", placeOf(c))
}

// checkForm looks whether the tables are those that this program reads. MongoDB has no tables.
func (d *doctor) checkForm(ctx context.Context) (wrong check, ok bool) {
	file, ok := d.opened.(*sqlite.Store)
	if !ok {
		return check{}, true
	}
	const name = "store"
	have, need, err := file.Form(ctx)
	switch {
	case err != nil:
		return failure(name, "check LATCHKEY_STORE, and that this user may read the file", "%v", err), false
	case have < need:
		return failure(name, "start this version of the server: it brings the store to its form",
			"the tables are of version %d, and this latchkey reads version %d", have, need), false
	case have > need:
		return failure(name, "use the latchkey that the server is, or a newer one",
			"a newer latchkey wrote the store: its tables are of version %d, and this one knows %d", have, need), false
	}
	return check{}, true
}

// placeOf says where a store is; MongoDB's address may hold a password.
func placeOf(c config.Store) string {
	if c.Kind != config.SQLite {
		return "in MongoDB"
	}
	if full, err := filepath.Abs(c.Path); err == nil {
		return "at " + full
	}
	return "at " + c.Path
}

// checkKeyring looks whether tokens can be opened.
func (d *doctor) checkKeyring(ctx context.Context) check {
	const name = "keyring"
	path := d.config.KeyringFile
	if path == "" {
		return skipped(name, "where it is follows from settings that are wrong")
	}
	ring, err := seal.Load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && d.mayBeMade(ctx):
		return well(name, "%s is not there yet; the next start of the server makes it", path)
	case err != nil:
		return failedBy(name, err, "put the copy from your backup in its place")
	case d.opened == nil:
		return warning(name, "see the check of the store", "%s is a keyring; whether it fits the store cannot be seen", path)
	}
	if err := fits(ring, d.recorded, path); err != nil {
		return failedBy(name, err, "")
	}
	if d.recorded == "" {
		return well(name, "%s is a keyring, and no store is tied to one yet", path)
	}
	return well(name, "%s is the one that sealed the store, and only its owner can read it", path)
}

// mayBeMade says whether the server would make the keyring that is not there, as loadOrMake does.
func (d *doctor) mayBeMade(ctx context.Context) bool {
	if d.config.Store.Kind != config.SQLite || d.opened == nil {
		return false
	}
	if d.recorded == "" {
		return true
	}
	if d.store == nil {
		return false
	}
	sealed, err := d.store.HoldsSealed(ctx)
	return err == nil && !sealed
}

// checkSpillFolder looks whether a token that the store does not take can be put aside, and how many
// were.
func (d *doctor) checkSpillFolder(context.Context) check {
	const name = "spill_folder"
	path := d.config.SpillDir
	if path == "" {
		return skipped(name, "where it is follows from settings that are wrong")
	}
	const cure = "give the folder to the user that Latchkey runs as, on a local disk with room"
	if err := spillable(path); err != nil {
		return failure(name, cure, "%s cannot be written by this user: %v", path, err)
	}
	files, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return well(name, "%s is not there yet; it is made when it is needed", path)
	case err != nil:
		return failure(name, cure, "%s cannot be read: %v", path, err)
	}
	waiting := 0
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".spill") {
			waiting++
		}
	}
	if waiting > 0 {
		return warning(name, "see that the server runs and the store answers; it writes them then. Delete nothing there",
			"%s in %s wait to be written to the store", counted(waiting, "refreshed token"), path)
	}
	return well(name, "%s can be written, and no token waits in it", path)
}

// spillable says whether a token could be put aside in the folder, which is made when it is needed,
// with the folders above it. It makes a file and takes it away again.
func spillable(folder string) error {
	for {
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		folder = filepath.Dir(folder)
	}
	f, err := os.CreateTemp(folder, "try-")
	if err != nil {
		return withoutPath(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// withoutPath drops the path of a temporary file, which tells nobody anything.
func withoutPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// counted is a number of things in words.
func counted[N int | int64](n N, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
