package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// sharedFile names the store to a process that this test binary starts of itself.
const sharedFile = "LATCHKEY_TEST_SHARED_FILE"

const (
	processCount   = 4
	updatesEach    = 50
	sharedAccount  = "17"
	sharedDueCount = 40
)

func TestMain(m *testing.M) {
	path := os.Getenv(sharedFile)
	if path == "" {
		os.Exit(m.Run())
	}
	if err := serve(context.Background(), path, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestProcesses has several processes prepare the same file, which is not there yet, and write to
// it at once. Nobody is told that the file is busy, no update is lost, and each connection that is
// due is claimed once.
func TestProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	var all []*process
	for range processCount {
		all = append(all, start(t, path))
	}
	if names := together(t, all, "migrate"); len(names) != 1 {
		t.Errorf("they gave the store the names %v", names)
	}

	s := prepared(t, path)
	for i := range sharedDueCount {
		due := store.Connection{ID: fmt.Sprint("due-", i), Status: store.StatusActive, NextRefreshAt: noon}
		if _, err := s.PutConnection(t.Context(), due, store.Event{ConnectionID: due.ID}); err != nil {
			t.Fatal(err)
		}
	}
	account := store.Connection{ID: sharedAccount, Followers: new(int64)}
	if _, err := s.PutConnection(t.Context(), account, store.Event{ConnectionID: sharedAccount}); err != nil {
		t.Fatal(err)
	}
	claims := together(t, all, "write")
	checkShared(t, s, claims)
}

// TestALimitIsNoDamage holds that a file which may not grow, as with a quota, is one for which there is no room.
func TestALimitIsNoDamage(t *testing.T) {
	t.Parallel()
	p := []*process{start(t, filepath.Join(t.TempDir(), "latchkey.db"))}
	together(t, p, "migrate")
	if said := together(t, p, "reach a limit"); len(said) != 1 || said[store.ErrFull.Error()] != 1 {
		t.Errorf("it is %v", said)
	}
}

func checkShared(t *testing.T, s *sqlite.Store, claims map[string]int) {
	t.Helper()
	got, err := s.Connection(t.Context(), sharedAccount)
	if err != nil {
		t.Fatal(err)
	}
	const updates = processCount * updatesEach
	if *got.Followers != updates || got.Version != 1+updates {
		t.Errorf("after %d updates: %d followers at version %d", updates, *got.Followers, got.Version)
	}
	events, err := s.Events(t.Context(), sharedAccount, 10*updates)
	if err != nil || len(events) != 1+updates {
		t.Errorf("after %d updates: %d events, %v", updates, len(events), err)
	}
	for i := range sharedDueCount {
		if n := claims[fmt.Sprint("due-", i)]; n != 1 {
			t.Errorf("connection %d was claimed %d times", i, n)
		}
	}
}

// process is one that was started.
type process struct {
	input  io.WriteCloser
	output *bufio.Scanner
}

func start(t *testing.T, path string) *process {
	t.Helper()
	command := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0]) // ends with its input
	command.Env = append(os.Environ(), sharedFile+"="+path)
	command.Stderr = t.Output()
	input, inputErr := command.StdinPipe()
	output, outputErr := command.StdoutPipe()
	if err := errors.Join(inputErr, outputErr, command.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		if err := command.Wait(); err != nil {
			t.Errorf("a process: %v", err)
		}
	})
	return &process{input, bufio.NewScanner(output)}
}

// together has all processes do the same at once and counts the lines that they write meanwhile.
func together(t *testing.T, all []*process, what string) map[string]int {
	t.Helper()
	for _, p := range all {
		if _, err := fmt.Fprintln(p.input, what); err != nil {
			t.Fatal(err)
		}
	}
	lines := map[string]int{}
	for _, p := range all {
		for p.output.Scan() && p.output.Text() != "done" {
			lines[p.output.Text()]++
		}
		if p.output.Text() != "done" {
			t.Errorf("a process ended while it was to %s", what)
		}
	}
	return lines
}

// serve is what a process does: what it reads, a line each, until there is no more.
func serve(ctx context.Context, path string, in io.Reader, out io.Writer) error {
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		switch lines.Text() {
		case "migrate":
			if err = s.Migrate(ctx); err == nil {
				err = tellIdentity(ctx, s, out)
			}
		case "reach a limit":
			err = reachLimit(ctx, s, out)
		case "write":
			err = errors.Join(count(ctx, s), claimAll(ctx, s, out))
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(out, "done")
	}
	return s.Close()
}

// reachLimit writes until the files of this process may not grow any more, and writes the word for that.
func reachLimit(ctx context.Context, s *sqlite.Store, out io.Writer) error {
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	var err error
	for err == nil {
		err = s.CheckWrite(ctx)
	}
	for _, word := range []error{store.ErrFull, store.ErrReadOnly, store.ErrDamaged} {
		if errors.Is(err, word) {
			fmt.Fprintln(out, word)
		}
	}
	return nil
}

func tellIdentity(ctx context.Context, s *sqlite.Store, out io.Writer) error {
	name, err := s.Identity(ctx)
	fmt.Fprintln(out, name)
	return err
}

// count adds followers, and looks again whenever somebody was faster.
func count(ctx context.Context, s *sqlite.Store) error {
	for counted := 0; counted < updatesEach; {
		c, err := s.Connection(ctx, sharedAccount)
		if err != nil {
			return err
		}
		*c.Followers++
		_, err = s.UpdateConnection(ctx, c, store.Event{ConnectionID: sharedAccount})
		switch {
		case err == nil:
			counted++
		case !errors.Is(err, store.ErrConflict):
			return err
		}
	}
	return nil
}

// claimAll claims until nothing is due and writes what it got.
func claimAll(ctx context.Context, s *sqlite.Store, out io.Writer) error {
	for {
		leases, err := s.ClaimDue(ctx, fmt.Sprint(os.Getpid()), noon, time.Minute, 3)
		if err != nil || len(leases) == 0 {
			return err
		}
		for _, l := range leases {
			fmt.Fprintln(out, l.ConnectionID)
		}
	}
}
