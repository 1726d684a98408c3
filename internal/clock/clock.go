// Package clock moves the time of a test or a demonstration by an offset that lies in a file, so
// that every process of an installation moves with it.
//
// It owns how that file is read. It leaves to others whether a clock may be moved at all (config)
// and what stays on the machine's own time: sessions, login requests and rate limits.
package clock

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxOffset keeps moved times within the years that the databases and RFC 3339 can write.
const maxOffset = 100 * 365 * 24 * time.Hour

// FromFile returns a clock that is ahead of the machine's by as many seconds as the file at path
// says, whole or with decimals, negative ones too. The file is read at each use. While it is not
// there the offset is nothing; while it cannot be read as a number, such as in the middle of being
// written, the offset is what it was before. The empty path is the machine's own clock.
func FromFile(path string) func() time.Time {
	if path == "" {
		return time.Now
	}
	f := &file{path: path}
	return func() time.Time { return time.Now().Add(f.offset()) }
}

// file is an offset that lies in a file.
type file struct {
	path string
	mu   sync.Mutex
	last time.Duration
}

func (f *file) offset() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	text, err := os.ReadFile(f.path)
	switch offset, ok := parse(string(text)); {
	case errors.Is(err, fs.ErrNotExist):
		f.last = 0
	case ok:
		f.last = offset
	}
	return f.last
}

func parse(text string) (time.Duration, bool) {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	// Written so that NaN is refused too.
	if err != nil || !(seconds >= -maxOffset.Seconds() && seconds <= maxOffset.Seconds()) {
		return 0, false
	}
	return time.Duration(seconds * float64(time.Second)), true
}
