package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"latchkey/internal/disk"
)

// checkDisk looks at the room where this machine keeps something of the server's.
func (d *doctor) checkDisk(context.Context) check {
	const name = "disk"
	all := folders(d.config)
	var said []string
	for _, what := range slices.Sorted(maps.Keys(all)) {
		path, err := filepath.Abs(all[what])
		if all[what] == "" || err != nil {
			continue
		}
		room, known := disk.RoomAt(path)
		if !known {
			continue
		}
		if room.Bytes < disk.None || room.NoFiles {
			return failedBy(name, disk.Explain(syscall.ENOSPC, path), "")
		}
		if room.ReadOnly {
			return failedBy(name, disk.Explain(syscall.EROFS, path), "")
		}
		if room.Bytes < disk.Low {
			return warning(name, "make room before it is full: df -h "+disk.Nearest(path)+" shows how full it is",
				"only %s are left on the disk of %s", mebibytes(room.Bytes), path)
		}
		said = append(said, fmt.Sprintf("%s for the %s", mebibytes(room.Bytes), map[string]string{"store": "store", "spill": "spill folder"}[what]))
	}
	if len(said) == 0 {
		return skipped(name, "how much room there is cannot be seen here")
	}
	return well(name, "there is room on disk: %s", strings.Join(said, ", "))
}

// mebibytes is a number of bytes in words.
func mebibytes(n uint64) string { return fmt.Sprintf("%d MiB", n>>20) }

// checkReadiness asks the server that runs whether it can write its store, which may be as another user
// and on another machine.
func (d *doctor) checkReadiness(ctx context.Context) check {
	const name = "readiness"
	if d.config.PublicURL == nil {
		return d.unset(name, publicUnread)
	}
	answer, err := d.ask(ctx, http.MethodGet, d.config.PublicURL.String()+"/readyz")
	line := strings.TrimSpace(answer.body)
	switch {
	case err == nil && answer.status == http.StatusOK && line == "ready":
		d.answers = true
		return well(name, "the server that runs can write its store")
	case err == nil && answer.status == http.StatusServiceUnavailable && strings.HasPrefix(line, "the store "):
		d.answers = true
		return failure(name, "see the checks of the store and of the disk, and the server's log, which says more", "the server that runs says: %s", line)
	}
	return skipped(name, "no Latchkey answers at the public address")
}
