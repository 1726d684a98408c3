package health_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/disk/disktest"
	"latchkey/internal/health"
	"latchkey/internal/logtest"
)

// TestLittleRoom holds that the log tells once that a disk fills up, and once that it is well again.
func TestLittleRoom(t *testing.T) {
	t.Parallel()
	folder := disktest.Mount(t, "size=129m") // a MiB above the bound
	synctest.Test(t, func(t *testing.T) {
		log := &logtest.Buffer{}
		m := &health.Monitor{
			Store: &patient{}, Folders: map[string]string{"store": folder, "spill": ""},
			Log: slog.New(slog.NewTextHandler(log, nil)),
		}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { m.Run(ctx) })
		filler := filepath.Join(folder, "filler")
		for _, step := range []struct {
			does func() error
			says string
		}{
			{func() error { return nil }, ""},
			{func() error { return os.WriteFile(filler, make([]byte, 2<<20), 0o600) }, "there is little room left"},
			{func() error { return nil }, ""},
			{func() error { return os.Remove(filler) }, "there is room on the disk again"},
		} {
			if err := step.does(); err != nil {
				t.Fatal(err)
			}
			before := len(log.String())
			time.Sleep(30 * time.Second)
			synctest.Wait()
			if said := log.String()[before:]; (step.says == "") != (said == "") || !strings.Contains(said, step.says) || strings.Count(said, "\n") > 1 {
				t.Errorf("%q, want %q", said, step.says)
			}
		}
		stop()
		running.Wait()
	})
}
