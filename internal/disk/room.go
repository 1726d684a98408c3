package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	// Low is the room, in bytes, below which somebody should make some.
	Low = 128 << 20
	// None is the room, in bytes, below which a file system counts as full: less than a single write of
	// a database may take.
	None = 64 << 10
)

// Room is what this user may still write on a file system.
type Room struct {
	Bytes uint64
	// NoFiles says that not one more file can be made, whatever there is in bytes.
	NoFiles bool
	// ReadOnly says that the file system is mounted so that nothing can be written.
	ReadOnly bool
}

// RoomAt returns the room on the file system of a path, or of the nearest folder above it that is there;
// known is false where the operating system does not tell.
func RoomAt(path string) (r Room, known bool) { return roomAt(Nearest(path)) }

// Nearest is the path, or the nearest folder above it that is there.
func Nearest(path string) string {
	for {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}
