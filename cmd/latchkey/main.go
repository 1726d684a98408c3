// Command latchkey keeps owners' connections to Instagram. Each file holds one subcommand; this is
// the only place that wires the rooms together.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

// gcPercent lets the heap, which is a few MiB, grow to two and a half times what is in use before it is
// collected. At Go's own 100 a busy server collects every few milliseconds, about a tenth of its work.
const gcPercent = 150

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, env{
		args: os.Args, environ: os.Environ(),
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, interactive: term.IsTerminal(int(os.Stdin.Fd())),
	}))
}
