package sqlite_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// TestGroupCommit holds that what waits for its turn at once is written in one transaction.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	var calls []func() error
	for i := range 8 {
		c := put(t, s, fmt.Sprint(i))
		calls = append(calls, func() error {
			_, err := s.UpdateConnection(t.Context(), c, store.Event{ConnectionID: c.ID}, store.Event{ConnectionID: c.ID})
			return err
		})
	}
	before := commits(t, path)
	for i, err := range atOnce(t, s, calls...) {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if n := commits(t, path) - before; n != 1 {
		t.Errorf("%d transactions, want 1", n)
	}
	for i := range calls {
		checkWritten(t, s, fmt.Sprint(i), 2, 3)
	}
}

// TestGroupCommitFails holds that a write which fails has an outcome of its own and spoils no other's.
func TestGroupCommitFails(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	refuse := `CREATE TRIGGER refuse BEFORE INSERT ON events WHEN new.caller = 'refused'
		BEGIN SELECT raise(FAIL, 'no such event'); END`
	if err := s.ExecWriter(ctx, refuse); err != nil {
		t.Fatal(err)
	}
	update := func(id string, version int64, caller string) func() error {
		c := put(t, s, id)
		c.Version += version
		return func() error {
			_, err := s.UpdateConnection(ctx, c, store.Event{ConnectionID: id, Caller: caller})
			return err
		}
	}
	errs := atOnce(t, s,
		update("good", 0, ""),
		update("late", 1, ""),
		func() error {
			_, err := s.UpdateConnection(ctx, sampleConnection("missing"))
			return err
		},
		update("refused", 0, "refused"),
		update("good too", 0, ""),
		func() error { return s.AppendEvent(ctx, store.Event{}) },
	)
	for i, want := range []error{nil, store.ErrConflict, store.ErrNotFound, errors.New("no such event"), nil, nil} {
		if err := errs[i]; !errors.Is(err, want) && (want == nil || err == nil || !strings.Contains(err.Error(), want.Error())) {
			t.Errorf("call %d: error %v, want %v", i, err, want)
		}
	}
	checkWritten(t, s, "good", 2, 2)
	checkWritten(t, s, "good too", 2, 2)
	checkWritten(t, s, "late", 1, 1)
	checkWritten(t, s, "refused", 1, 1)
}

// TestLeaveTheGroup holds that who gives up while nobody writes for it has written nothing.
func TestLeaveTheGroup(t *testing.T) {
	t.Parallel()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	stays, leaves := put(t, s, "stays"), put(t, s, "leaves")
	brief, leave := context.WithCancel(t.Context())
	giveBack := s.TakeTurn()
	left, stayed := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := s.UpdateConnection(brief, leaves)
		left <- err
	}()
	go func() {
		_, err := s.UpdateConnection(t.Context(), stays)
		stayed <- err
	}()
	awaitQueue(s, 2)
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	giveBack()
	if err := <-stayed; err != nil {
		t.Error(err)
	}
	checkWritten(t, s, "stays", 2, 1)
	checkWritten(t, s, "leaves", 1, 1)
}

// TestWorkPanics holds that a panic in a transaction undoes it and reaches its own caller only, and
// that its company and those who come later write on.
func TestWorkPanics(t *testing.T) {
	t.Parallel()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	c := put(t, s, "17")
	errs := atOnce(t, s,
		func() (err error) {
			defer func() { err = fmt.Errorf("%v", recover()) }()
			return s.PanicInTransaction(t.Context(), "17")
		},
		func() error {
			_, err := s.UpdateConnection(t.Context(), c)
			return err
		},
	)
	if errs[0] == nil || !strings.Contains(errs[0].Error(), "in the midst of it") || errs[1] != nil {
		t.Errorf("errors %v, want the panic and nil", errs)
	}
	if err := s.AppendEvent(t.Context(), store.Event{ConnectionID: "17"}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	checkWritten(t, s, "17", 2, 2)
}

// atOnce runs the calls so that all of them wait for the turn to write before one gets it.
func atOnce(t *testing.T, s *sqlite.Store, calls ...func() error) []error {
	t.Helper()
	giveBack := s.TakeTurn()
	type outcome struct {
		call int
		err  error
	}
	outcomes := make(chan outcome)
	for i, call := range calls {
		go func() { outcomes <- outcome{i, call()} }()
	}
	awaitQueue(s, len(calls))
	giveBack()
	errs := make([]error, len(calls))
	for range calls {
		o := <-outcomes
		errs[o.call] = o.err
	}
	return errs
}

func awaitQueue(s *sqlite.Store, n int) {
	for s.Waiting() < n {
		runtime.Gosched()
	}
}

func put(t *testing.T, s *sqlite.Store, id string) store.Connection {
	t.Helper()
	c, err := s.PutConnection(t.Context(), sampleConnection(id), store.Event{ConnectionID: id})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func checkWritten(t *testing.T, s *sqlite.Store, id string, version int64, events int) {
	t.Helper()
	c, err := s.Connection(t.Context(), id)
	if err != nil || c.Version != version {
		t.Errorf("%s is at version %d, %v; want %d", id, c.Version, err, version)
	}
	if found, err := s.Events(t.Context(), id, 100); err != nil || len(found) != events {
		t.Errorf("%s has %d events, %v; want %d", id, len(found), err, events)
	}
}

// commits counts the transactions in the write-ahead log: the last frame of each says how large it
// left the file (https://sqlite.org/fileformat2.html#walformat).
func commits(t *testing.T, path string) (n int) {
	t.Helper()
	log, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	const header, frameHeader = 32, 24
	frame := frameHeader + int(binary.BigEndian.Uint32(log[8:]))
	for at := header; at+frame <= len(log); at += frame {
		if binary.BigEndian.Uint32(log[at+4:]) != 0 {
			n++
		}
	}
	return n
}
