package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"
)

func versionCommand(e env) *cli.Command {
	return &cli.Command{
		Name:         "version",
		Usage:        "say which version this is",
		ArgValidator: noArguments,
		Action: func(context.Context, *cli.Command) error {
			return printVersion(e.stdout)
		},
	}
}

func printVersion(out io.Writer) error {
	_, err := fmt.Fprintf(out, "latchkey %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is that of the module this was built from, with the commit where it is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
