// Command latchkey keeps owners' connections to Instagram. Each file holds one subcommand; this is
// the only place that wires the rooms together.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, env{args: os.Args, environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr}))
}
