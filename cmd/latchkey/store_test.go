package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/store/sqlite"
)

// TestStoreAwayAtTheStart waits for a store that never answers: one line a try, and after a minute
// it is given up.
func TestStoreAwayAtTheStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"))
		must(t, err)
		must(t, st.Migrate(t.Context()))
		must(t, st.Close()) // a closed store does not answer
		log := &output{}
		begun := time.Now()
		err = waitForStore(t.Context(), st, slog.New(slog.NewTextHandler(log, nil)))
		if err == nil || !strings.Contains(err.Error(), "LATCHKEY_STORE") {
			t.Errorf("ended with %v", err)
		}
		if waited := time.Since(begun); waited != storeWithin {
			t.Errorf("waited %v, want %v", waited, storeWithin)
		}
		if lines := strings.Count(log.String(), "does not answer yet"); lines < 10 || lines > int(storeWithin/storePause)+1 {
			t.Errorf("%d lines for a minute of tries", lines)
		}
	})
}

func TestStoreAwayAtTheStartEndsWithTheProgram(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"))
		must(t, err)
		must(t, st.Migrate(t.Context()))
		must(t, st.Close())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- waitForStore(ctx, st, slog.New(slog.DiscardHandler)) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
}
