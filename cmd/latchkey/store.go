package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"latchkey/internal/config"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/sqlite"
)

const (
	// storeWithin is how long a start waits for a database elsewhere.
	storeWithin = time.Minute
	// A try takes storeTry at most, and the next one begins storePause after its end.
	storeTry   = 4 * time.Second
	storePause = time.Second
)

// openStore opens the store of the configuration; it asks a MongoDB nothing yet.
func openStore(ctx context.Context, c config.Store) (store.Store, error) {
	if c.Kind == config.SQLite {
		return sqlite.Open(ctx, c.Path)
	}
	return mongo.Open(ctx, c.URI.Reveal())
}

// advised adds to an error of the store what to do about it, where the store did not say so itself.
func advised(c config.Store, err error) error {
	if err == nil || strings.Contains(err.Error(), "; ") {
		return err
	}
	for _, fault := range []struct {
		word          error
		sqlite, mongo string
	}{
		{store.ErrFull, "make room on its disk, latchkey doctor says where", "make room on the disk of the database, or in its plan"},
		{store.ErrReadOnly, "let this user write it, latchkey doctor says what is in the way", "give the user in LATCHKEY_STORE the role readWrite on that database"},
		{store.ErrDamaged, "put a backup in its place, latchkey doctor says how", "see the log of the database"},
		{store.ErrBusy, "end the other program: fuser -v " + c.Path + " shows which it is", "try again"},
		{store.ErrAway, "try again", "check the address, user and password in LATCHKEY_STORE, the network, and that the database runs"},
	} {
		if !errors.Is(err, fault.word) {
			continue
		}
		if c.Kind == config.SQLite {
			return fmt.Errorf("%w; %s", err, fault.sqlite)
		}
		return fmt.Errorf("%w; %s", err, fault.mongo)
	}
	return err
}

// waitForStore waits until the store answers, with one line a try.
func waitForStore(ctx context.Context, st store.Store, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, storeWithin)
	defer cancel()
	for try := 1; ; try++ {
		asked, done := context.WithTimeout(ctx, storeTry)
		err := st.Ping(asked)
		done()
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			log.WarnContext(ctx, "the store does not answer yet", "try", try, "error", err)
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("%s: the store did not answer within %v; check the address, its user and password, and that the database runs: %w",
					config.StoreAddress.Variable(), storeWithin, err)
			}
			return ctx.Err()
		case <-time.After(storePause):
		}
	}
}
