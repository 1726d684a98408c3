package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/internal/store"
)

// script is what one caller does, in order.
type script []step

// step is an operation and what must come of it.
type step struct {
	op   op
	want any // nil: whatever comes
	err  error
}

// op is a call to a store. Its result is nil where the call has none; a list without elements is
// nil, since an empty list may have either form.
type op struct {
	name string
	do   func(context.Context, store.Store) (any, error)
}

// does succeeds.
func does(o op) step { return step{op: o} }

// gives succeeds with this result.
func gives(o op, want any) step { return step{op: o, want: want} }

// fails with this error in the chain.
func fails(o op, err error) step { return step{op: o, err: err} }

// failsWith fails with this error in the chain, and has this result all the same.
func failsWith(o op, err error, want any) step { return step{op: o, want: want, err: err} }

func (sc script) check(t TB, s store.Store) {
	t.Helper()
	for _, st := range sc {
		st.check(t, s)
	}
}

// checkWithOwners is check where the connections 1, 17 and 18 are there before, each with an event that is older
// than all others.
func (sc script) checkWithOwners(t TB, s store.Store) {
	t.Helper()
	for _, id := range []string{"1", "17", "18"} {
		does(put(bare(id), wasThere(id))).check(t, s)
	}
	sc.check(t, s)
}

// wasThere is the event that checkWithOwners leaves.
func wasThere(id string) store.Event { return happened(id, after(-100_000*time.Hour), "was there") }

func (st step) check(t TB, s store.Store) {
	t.Helper()
	got, err := st.op.do(t.Context(), s)
	if !errors.Is(err, st.err) {
		t.Fatalf("%s: error %v, want %v", st.op.name, err, st.err)
	}
	if st.want == nil {
		return
	}
	if diff := difference(st.want, got); diff != "" {
		t.Fatalf("%s: (-want +got)\n%s", st.op.name, diff)
	}
}

// difference tells nil from empty and UTC from other zones.
func difference(want, got any) string {
	return cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool {
		return a.Equal(b) && a.Location() == b.Location()
	}))
}
