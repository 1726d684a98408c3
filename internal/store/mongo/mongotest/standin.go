package mongotest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	// buildPatience bounds a build, the download of what it needs included: a minute or so where
	// nothing is cached.
	buildPatience = 8 * time.Minute
	// startPatience bounds the start of the built program, which takes a fraction of a second.
	startPatience = time.Minute
)

// errUnavailable says that the stand-in cannot be had where this runs.
var errUnavailable = errors.New("the stand-in cannot be had")

// process is a running stand-in. It ends when its stdin closes: with this process, however that
// ends, or when nothing refers to the pipe any more.
type process struct {
	uri   string
	stdin io.Closer
}

// start builds the stand-in where it is not yet built, and starts it.
func start() (*process, error) {
	program, err := build()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program) //nolint:noctx // It lives as long as this process.
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the stand-in: %w", err)
	}
	late := time.AfterFunc(startPatience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the stand-in gave no address within %v: %w", startPatience, err)
	}
	return &process{uri: strings.TrimSpace(line), stdin: stdin}, nil
}

// build returns the path of the built stand-in. Several test processes may ask at once; one builds.
func build() (string, error) {
	source, err := sourceFolder()
	if err != nil {
		return "", err
	}
	folder, err := cacheFolder()
	if err != nil {
		return "", err
	}
	sum, err := sourceSum(source)
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "standin-"+sum)
	unlock, err := lock(program + ".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}

	ctx, cancel := context.WithTimeout(context.Background(), buildPatience)
	defer cancel()
	// Only what cannot be fetched is a reason to do without; what does not compile is a mistake.
	if err := run(ctx, source, "list", "-deps", "-tags", tags, "."); err != nil {
		return "", fmt.Errorf("%w: %w", errUnavailable, err)
	}
	// A name of its own first: what stands under the final name is whole.
	unfinished := program + ".unfinished"
	if err := run(ctx, source, "build", "-tags", tags, "-ldflags", "-s -w", "-o", unfinished, "."); err != nil {
		return "", err
	}
	return program, os.Rename(unfinished, program)
}

// tags leaves out the half of FerretDB that is not used.
const tags = "ferretdb_no_postgresql"

// run runs the go command in the module of the stand-in.
func run(ctx context.Context, folder string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = folder
	// GOFLAGS of the outer run, such as -mod or -race, are not meant for this module.
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s in %s: %w: %s", args[0], folder, err, strings.TrimSpace(stderr.String()))
	}
	return nil
}

// sourceFolder finds the module of the stand-in from the folder of the running test upwards.
func sourceFolder() (string, error) {
	const below = "internal/store/mongo/standin"
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		source := filepath.Join(folder, filepath.FromSlash(below))
		if _, err := os.Stat(filepath.Join(source, "go.mod")); err == nil {
			return source, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", fmt.Errorf("%w: no %s above the folder of the test", errUnavailable, below)
		}
		folder = parent
	}
}

func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	folder := filepath.Join(cache, "latchkey")
	return folder, os.MkdirAll(folder, 0o700)
}

// sourceSum names what a build depends on.
func sourceSum(source string) (string, error) {
	files, err := filepath.Glob(filepath.Join(source, "*.go"))
	if err != nil {
		return "", err
	}
	files = append(files, filepath.Join(source, "go.mod"), filepath.Join(source, "go.sum"))
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH, tags)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, filepath.Base(file), len(text))
		h.Write(text)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), nil
}
