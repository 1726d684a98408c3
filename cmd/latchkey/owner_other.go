//go:build !unix

package main

import "io/fs"

// ownedByMe cannot be seen here; what the doctor may not read is then a failure.
func ownedByMe(fs.FileInfo) bool { return true }
