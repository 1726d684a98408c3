package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Refusal is why a path cannot be written, with what to do about it after a semicolon.
type Refusal struct {
	// Reason and Cure are whole clauses without a full stop.
	Reason, Cure string
	err          error
}

// Error is the reason and the cure.
func (r *Refusal) Error() string { return r.Reason + "; " + r.Cure }

// Unwrap returns what the operating system said.
func (r *Refusal) Unwrap() error { return r.err }

// Explain makes a Refusal of the error with which the operating system refused to write the file or the
// folder at path. An error that it cannot explain, nil included, comes back as it is.
func Explain(err error, path string) error {
	if _, done := errors.AsType[*Refusal](err); done {
		return err
	}
	reason, cure := explain(err, path)
	if reason == "" {
		return err
	}
	return &Refusal{Reason: reason, Cure: cure, err: err}
}

func explain(err error, path string) (reason, cure string) {
	there := Nearest(path)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		if room, known := RoomAt(path); known && room.NoFiles {
			return "no file can be made any more on the disk of " + path,
				"delete files that are not needed: df -i " + there + " shows that there are too many"
		}
		return "no space left on the disk of " + path, "make room: df -h " + there + " shows how full it is"
	case errors.Is(err, syscall.EDQUOT):
		return "the disk quota of the user " + userName() + " is used up on the disk of " + path, "raise the quota, or delete what is not needed"
	case errors.Is(err, syscall.EFBIG):
		return path + " may not grow further: the size of files is limited for this process", "raise the limit (ulimit -f, or LimitFSIZE= of a systemd unit)"
	case errors.Is(err, syscall.EROFS):
		return "the file system of " + path + " is read-only",
			"mount it for writing. If it was, dmesg tells whether the disk failed. Under systemd, name the folder in ReadWritePaths= of the unit"
	case errors.Is(err, syscall.EIO):
		return "the disk of " + path + " reports an error", "look at dmesg, and put a backup on another disk"
	case errors.Is(err, syscall.ENOTDIR):
		return path + " cannot be made: a file is in the place of a folder", "name another path"
	case errors.Is(err, fs.ErrNotExist):
		return "the folder of " + path + " is missing", "make it: " + MakeLine(filepath.Dir(path))
	case errors.Is(err, fs.ErrPermission):
		return forbidden(path)
	}
	return "", ""
}

// forbidden names the file or folder in the way, whose it is and who wants to write it.
func forbidden(path string) (reason, cure string) {
	in, me := Nearest(path), userName()
	info, err := os.Stat(in)
	if err != nil { // it lies in a folder that may not be entered
		return "the user " + me + " may not reach " + in, "run latchkey as the user that it belongs to"
	}
	reason = fmt.Sprintf("the user %s may not write %s", me, in)
	uid, known := ownerOf(info)
	owner := nameOf(uid)
	if known {
		reason += fmt.Sprintf(", which belongs to %s, mode %04o", owner, info.Mode().Perm())
	}
	giveAway, runAs := fmt.Sprintf("sudo chown %s %s", me, in), fmt.Sprintf("run latchkey as %s: sudo -u %s latchkey …", owner, owner)
	switch {
	case info.IsDir() && in != path && in != filepath.Dir(path):
		return reason, "make the folder: " + sudoMakeLine(filepath.Dir(path))
	case info.IsDir() && (!known || uid == 0): // a server is not to run as root for the sake of a folder
		return reason, "if it is for latchkey alone, give it away: " + giveAway
	case !known:
		return reason, "give it away: " + giveAway
	}
	return reason, fmt.Sprintf("%s, or, if the server runs as %s, give it away: %s", runAs, me, giveAway)
}

// MakeLine is the line to type that makes a folder for this user.
func MakeLine(folder string) string {
	if Try(folder) == nil {
		return "mkdir -p " + folder
	}
	return sudoMakeLine(folder)
}

func sudoMakeLine(folder string) string {
	return fmt.Sprintf("sudo install -d -m 700 -o %s %s", userName(), folder)
}

// userName is who this process runs as.
func userName() string { return nameOf(os.Geteuid()) }

// nameOf is the name of a user, or the number where it has none.
func nameOf(uid int) string {
	number := strconv.Itoa(uid)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}
