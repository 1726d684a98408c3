package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
				return fmt.Errorf("%s: the store did not answer within %v; check the address and that the database runs: %w",
					config.StoreAddress.Variable(), storeWithin, err)
			}
			return ctx.Err()
		case <-time.After(storePause):
		}
	}
}
