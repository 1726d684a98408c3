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
	"latchkey/internal/disk"
	"latchkey/internal/refresh"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// checkStore opens the store for all that is asked of it later.
func (d *doctor) checkStore(ctx context.Context) check {
	const name = "store"
	c := d.config.Store
	if c.Kind == "" {
		return d.unset(name, config.StoreAddress.Variable()+" is not set, or wrong")
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	st, err := openStore(ctx, c)
	if err != nil {
		return d.storeFailure(err)
	}
	d.opened = st
	if err := d.opened.Ping(ctx); err != nil {
		return d.storeFailure(err)
	}
	if d.recorded, err = recordedIn(ctx, d.opened); err != nil {
		return d.storeFailure(err)
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

// storeFailure says what to do about an error of the store. A SQLite file that is locked makes its readers
// wait for longer than the doctor does.
func (d *doctor) storeFailure(err error) check {
	c := d.config.Store
	if c.Kind == config.SQLite && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%s did not answer within %v: %w", c.Path, askWithin, store.ErrBusy)
	}
	return failedBy("store", advised(c, err), "check LATCHKEY_STORE")
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
		return d.storeFailure(err), false
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
		return d.unset(name, "where it is follows from settings that are wrong")
	}
	ring, err := seal.Load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d.checkMissingKeyring(ctx, path, err)
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

// checkMissingKeyring says whether the keyring that is not there may be made, as loadOrMake does.
func (d *doctor) checkMissingKeyring(ctx context.Context, path string, err error) check {
	const name = "keyring"
	if d.opened == nil || d.recorded != "" && d.store == nil {
		return failedBy(name, err, "")
	}
	sealed, askErr := holdsSealed(ctx, d.opened, d.recorded)
	switch {
	case askErr != nil:
		return failedBy(name, err, "")
	case sealed || d.config.Store.Kind != config.SQLite:
		return failedBy(name, missing(path, d.recorded, sealed), "")
	}
	if err := disk.Try(filepath.Dir(path)); err != nil {
		return failedBy(name, fmt.Errorf("%s is not there yet, and cannot be made: %w", path, err), "")
	}
	return well(name, "%s is not there yet; the next start of the server makes it", path)
}

// checkSpillFolder looks whether a token that the store does not take can be put aside, and how many
// were.
func (d *doctor) checkSpillFolder(context.Context) check {
	const name = "spill_folder"
	path := d.config.SpillDir
	if path == "" {
		return d.unset(name, "where it is follows from settings that are wrong")
	}
	if err := spillable(path); err != nil {
		return failedBy(name, err, "give the folder to the user that Latchkey runs as, on a local disk with room")
	}
	waiting, err := spilledIn(path)
	if err != nil {
		return failedBy(name, disk.Explain(err, path), "give the folder to the user that Latchkey runs as")
	}
	aside, _ := spilledIn(filepath.Join(path, refresh.AsideFolder)) // mostly there is no such folder
	switch {
	case waiting > 0:
		return warning(name, "see that the server runs and the store answers, it writes them then; delete nothing there",
			"%s in %s wait to be written to the store", counted(waiting, "refreshed token"), path)
	case aside > 0:
		return warning(name, "move each into the LATCHKEY_SPILL_DIR of the server on its store, which writes it; delete them only when that store is no more",
			"%s of another store in %s", counted(aside, "refreshed token"), filepath.Join(path, refresh.AsideFolder))
	}
	if _, err := os.Stat(path); err != nil {
		return well(name, "%s is not there yet; it is made when it is needed", path)
	}
	return well(name, "%s can be written, and no token waits in it", path)
}

// spilledIn counts the answers in a folder, none where it is not there.
func spilledIn(folder string) (n int, err error) {
	files, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".spill") {
			n++
		}
	}
	return n, err
}

// spillable says whether a token could be put aside in the folder, which is made when it is needed. The
// folder above it has to be there: one that is missing is a disk that is not mounted, or a slip.
func spillable(folder string) error {
	above := filepath.Dir(folder)
	if _, err := os.Stat(above); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing, in which the spill folder is to be made; mount its disk, or make it: %s", above, disk.MakeLine(above))
	}
	return disk.Try(folder)
}

// counted is a number of things in words.
func counted[N int | int64](n N, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}
