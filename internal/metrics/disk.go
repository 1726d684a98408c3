package metrics

import (
	"maps"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"latchkey/internal/disk"
)

// disks tells of the room where this process keeps something.
type disks struct {
	free    *prometheus.Desc
	folders atomic.Pointer[map[string]string]
}

func newDisks() *disks {
	return &disks{free: desc("disk_free_bytes", "The room left for this process on the disk of the store (SQLite alone) and of the spill folder; "+
		"no series where it is not known.", "folder")}
}

// WatchDisks lets each scrape look at the room of folders, by what lies in them, such as "store". Empty
// paths are left out.
func (m *Metrics) WatchDisks(folders map[string]string) {
	if m != nil {
		kept := maps.Clone(folders)
		m.disks.folders.Store(&kept)
	}
}

// Describe is for the registry.
func (d *disks) Describe(to chan<- *prometheus.Desc) { to <- d.free }

// Collect is for the registry.
func (d *disks) Collect(to chan<- prometheus.Metric) {
	folders := d.folders.Load()
	if folders == nil {
		return
	}
	for what, path := range *folders {
		if path == "" {
			continue
		}
		if room, known := disk.RoomAt(path); known {
			to <- prometheus.MustNewConstMetric(d.free, prometheus.GaugeValue, float64(room.Bytes), what)
		}
	}
}
