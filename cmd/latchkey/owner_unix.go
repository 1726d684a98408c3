//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedByMe says whether a file belongs to the user of this process.
func ownedByMe(info fs.FileInfo) bool {
	of, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(of.Uid) == os.Geteuid()
}
