// Package disk says how much room a file system has left, and why it takes nothing.
//
// It owns the reasons that an operating system gives for refusing a write, told apart by what cures each,
// and the cure as a line to type. It leaves to its callers what lies in the files.
package disk
