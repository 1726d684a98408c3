package metrics_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/store/storetest"
)

// TestStorePassesOn holds that a timed store does what the one under it does. The parallel cases are
// about the database alone.
func TestStorePassesOn(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a database for each case is too much for the race detector")
	}
	for _, c := range storetest.Cases() {
		if strings.HasPrefix(c.Name, "parallel") {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Check(t, metrics.New().Store(sqlitetest.Open(t)))
		})
	}
}

// TestStoreTimes calls every method of the contract on a closed database and looks for each under
// its own name.
func TestStoreTimes(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	under := sqlitetest.Open(t)
	if err := under.Close(); err != nil {
		t.Fatal(err)
	}
	s := reflect.ValueOf(m.Store(under))
	contract := reflect.TypeFor[store.Store]()
	before := names(scrape(t, m))
	for i := range contract.NumMethod() {
		method := contract.Method(i)
		in := make([]reflect.Value, 0, 8)
		for j := range method.Type.NumIn() {
			switch arg := method.Type.In(j); {
			case arg == reflect.TypeFor[context.Context]():
				in = append(in, reflect.ValueOf(t.Context()))
			case arg.Kind() == reflect.String: // the empty id is that of nobody, of whom some need not ask
				in = append(in, reflect.ValueOf("1").Convert(arg))
			case method.Type.IsVariadic() && j == method.Type.NumIn()-1:
			default:
				in = append(in, reflect.Zero(arg))
			}
		}
		s.MethodByName(method.Name).Call(in)
	}
	got := scrape(t, m)
	for name, count := range got {
		operation, ok := strings.CutPrefix(name, "latchkey_store_seconds_count{operation=")
		if !ok {
			continue
		}
		if count != 1 {
			t.Errorf("%s is %v, want 1", name, count)
		}
		failed := "latchkey_store_failures_total{operation=" + operation
		if want := count; got[failed] != want && operation != "close}" {
			t.Errorf("%s is %v, want %v", failed, got[failed], want)
		}
	}
	if after := names(got); len(after) != len(before) {
		t.Errorf("%d series, %d before", len(after), len(before))
	}
}

// answering is a store whose every lookup ends alike.
type answering struct {
	store.Store
	err error
}

func (a answering) Connection(context.Context, string) (store.Connection, error) {
	return store.Connection{}, a.err
}

func TestStoreFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want float64
	}{
		{nil, 0},
		{store.ErrNotFound, 0},
		{store.ErrConflict, 0},
		{store.ErrLeaseLost, 0},
		{context.Canceled, 0},
		{context.DeadlineExceeded, 1},
		{store.ErrBusy, 1},
		{errors.New("the disk is full"), 1},
	} {
		m := metrics.New()
		if _, err := m.Store(answering{err: tt.err}).Connection(t.Context(), "1"); !errors.Is(err, tt.err) {
			t.Errorf("%v became %v", tt.err, err)
		}
		if got := scrape(t, m)["latchkey_store_failures_total{operation=connection}"]; got != tt.want {
			t.Errorf("%v: %v failures, want %v", tt.err, got, tt.want)
		}
	}
}
