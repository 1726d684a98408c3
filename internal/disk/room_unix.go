//go:build linux || darwin

package disk

import (
	"os"
	"syscall"
)

// readOnlyMount is ST_RDONLY, on Linux and on macOS.
const readOnlyMount = 1

func roomAt(path string) (r Room, known bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(path, &s) != nil {
		return Room{}, false
	}
	blocks := s.Bavail
	if os.Geteuid() == 0 { // who may have what is kept for root
		blocks = s.Bfree
	}
	return Room{
		Bytes:    blocks * uint64(s.Bsize),
		NoFiles:  s.Files > 0 && s.Ffree == 0, // some count no files at all
		ReadOnly: s.Flags&readOnlyMount != 0,
	}, true
}

// ownerOf is the number of the user that a file belongs to.
func ownerOf(info os.FileInfo) (uid int, known bool) {
	s, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(s.Uid), true
}
