package disk

import (
	"errors"
	"io/fs"
	"os"
)

// tryBytes is what a try writes. An empty file takes no room.
const tryBytes = 16 << 10

// Try makes a file in the folder, or in the nearest folder above it that is there, writes a little and
// takes it away again. An error is a [Refusal] where it is known why.
func Try(folder string) error {
	in := Nearest(folder)
	f, err := os.CreateTemp(in, ".latchkey-try-")
	if err != nil {
		return Explain(withoutPath(err), in)
	}
	_, err = f.Write(make([]byte, tryBytes))
	err = errors.Join(withoutPath(err), f.Sync(), f.Close(), os.Remove(f.Name()))
	return Explain(err, in)
}

// withoutPath drops the path of a temporary file, which tells nobody anything.
func withoutPath(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
