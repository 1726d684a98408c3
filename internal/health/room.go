package health

import "latchkey/internal/disk"

// look logs each folder whose disk has come to have little room, and each that has enough again.
func (m *Monitor) look() {
	for what, path := range m.Folders {
		room, known := disk.RoomAt(path)
		if path == "" || !known {
			continue
		}
		low := room.Bytes < disk.Low || room.NoFiles
		if low == m.low[what] {
			continue
		}
		if m.low == nil {
			m.low = map[string]bool{}
		}
		m.low[what] = low
		if low {
			m.Log.Warn("there is little room left on a disk: make some before it is full",
				"for", what, "folder", path, "free_bytes", room.Bytes, "no_more_files", room.NoFiles)
		} else {
			m.Log.Info("there is room on the disk again", "for", what, "folder", path, "free_bytes", room.Bytes)
		}
	}
}
