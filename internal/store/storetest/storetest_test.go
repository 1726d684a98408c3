package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/storetest"
)

// TestBites breaks one promise after the other and holds that the case which is about it fails,
// and that there is such a breakage for every case.
func TestBites(t *testing.T) {
	t.Parallel()
	bitten := map[string]bool{}
	for _, b := range slices.Concat(
		connectionBreakages, valueBreakages, eventBreakages, sweptEventBreakages, leaseBreakages, abandonedBreakages, tallyBreakages, makeDueBreakages, censusBreakages,
		noticeBreakages, sweepBreakages, alarmBreakages, linkBreakages, recordBreakages, seriesBreakages,
		sessionBreakages, keyringBreakages, upkeepBreakages, fieldBreakages(), deafBreakages(), parallelBreakages,
	) {
		bitten[b.bites] = true
		t.Run(b.bites+": "+b.what, func(t *testing.T) {
			t.Parallel()
			f := newFaulty(open(t))
			b.fault(f)
			complaints := watch(t.Context(), find(t, b.bites), f)
			if len(complaints) == 0 {
				t.Errorf("the case does not see that %s", b.what)
			}
			for _, complaint := range complaints {
				t.Log(complaint)
			}
		})
	}
	for _, c := range storetest.Cases() {
		if !bitten[c.Name] {
			t.Errorf("nothing shows that the case %q can fail", c.Name)
		}
	}
}

// TestSound holds that the cases pass on the store that the others break, wrapped in the same way.
func TestSound(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		t.Helper()
		return newFaulty(open(t))
	})
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range storetest.Cases() {
		if seen[c.Name] || !strings.Contains(c.Name, "/") {
			t.Errorf("the name %q is not one case of one role", c.Name)
		}
		seen[c.Name] = true
	}
}

// breakage is one way in which a store does not keep its word.
type breakage struct {
	bites string // the case that must see it
	what  string // what is wrong with the store
	fault func(*faulty)
}

// open returns an empty store. To copy a prepared one costs a fraction of preparing hundreds.
func open(t *testing.T) store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	file, err := prepared()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// prepared returns the file of a prepared store.
var prepared = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "latchkey.db")
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.Migrate(ctx), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func find(t *testing.T, name string) storetest.Case {
	t.Helper()
	all := storetest.Cases()
	i := slices.IndexFunc(all, func(c storetest.Case) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("there is no case %q", name)
	}
	return all[i]
}

// watch runs the case and returns its complaints.
func watch(ctx context.Context, c storetest.Case, s store.Store) []string {
	w := &watcher{ctx: ctx}
	done := make(chan struct{})
	go func() { // of its own, because Fatalf ends it
		defer close(done)
		c.Check(w, s)
	}()
	<-done
	return w.complaints
}

// watcher is a [storetest.TB] that remembers what it was told.
type watcher struct {
	ctx        context.Context //nolint:containedctx // as testing.TB has it
	complaints []string
}

func (w *watcher) Helper() {}

func (w *watcher) Context() context.Context { return w.ctx }

func (w *watcher) Errorf(format string, args ...any) {
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
}

func (w *watcher) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}
