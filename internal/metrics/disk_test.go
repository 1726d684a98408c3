package metrics_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"latchkey/internal/disk"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite/sqlitetest"
)

// TestRoomOnDisk looks at folders that are there, are not yet, or are none.
func TestRoomOnDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, known := disk.RoomAt(folder); !known {
		t.Skip("this system does not tell how much room a disk has")
	}
	m := metrics.New()
	m.WatchDisks(map[string]string{"store": folder, "spill": filepath.Join(folder, "later"), "nothing": ""})
	got := scrape(t, m)
	if got["latchkey_disk_free_bytes{folder=store}"] <= 0 || got["latchkey_disk_free_bytes{folder=spill}"] <= 0 {
		t.Errorf("room: %v and %v", got["latchkey_disk_free_bytes{folder=store}"], got["latchkey_disk_free_bytes{folder=spill}"])
	}
	if _, there := got["latchkey_disk_free_bytes{folder=nothing}"]; there {
		t.Error("no folder has room")
	}
}

// TestAStoreThatTakesNoWrites holds that it is not up though it answers, and that its alarm is on.
func TestAStoreThatTakesNoWrites(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	m.Watch(sqlitetest.Open(t), noUsage, func() time.Time { return noon })
	for _, tt := range []struct {
		err       error
		up, alarm float64
	}{{nil, 1, 0}, {store.ErrFull, 0, 1}, {nil, 1, 0}} {
		m.WatchWrites(func(context.Context) error { return tt.err })
		m.StoreBroken(tt.err != nil)
		got := scrape(t, m)
		if got["latchkey_store_up{}"] != tt.up || got["latchkey_alarm{kind=store}"] != tt.alarm {
			t.Errorf("%v: up %v, alarm %v", tt.err, got["latchkey_store_up{}"], got["latchkey_alarm{kind=store}"])
		}
	}
}
