package storetest

import (
	"fmt"

	"latchkey/internal/store"
)

// nothingOutlivesAnErase has callers write whatever belongs to an owner while she is erased, each again and again:
// when all are done, nothing of it is there, whether or not a write was refused.
func nothingOutlivesAnErase(t TB, s store.Store) {
	const rounds, each = 5, 10
	for round := range rounds {
		does(put(full("17"), happened("17", noon, ""))).check(t, s)
		race(func(caller int) {
			if caller == 0 {
				does(deleteConnection("17")).check(t, s)
				return
			}
			for i := range each {
				writeOwned(t, s, caller, fmt.Sprint(round, "/", caller, "/", i))
			}
		})
		gives(events("17", 1000), []store.Event(nil)).check(t, s)
		gives(allEntries("day", "17"), []store.Entry(nil)).check(t, s)
		for caller := range callers {
			for i := range each {
				name := fmt.Sprint(round, "/", caller, "/", i)
				script{
					fails(record("note", name), store.ErrNotFound),
					fails(session(store.HashOf(name)), store.ErrNotFound),
					fails(link(store.HashOf(name)), store.ErrNotFound),
				}.check(t, s)
			}
		}
	}
}

// writeOwned writes one thing of the owner, which each caller has a kind of its own for. That she is gone is no
// trouble.
func writeOwned(t TB, s store.Store, caller int, name string) {
	ctx := t.Context()
	switch caller % 6 {
	case 0:
		_, _ = s.PutRecord(ctx, owned(note(name), "17"))
	case 1:
		_ = s.AppendEvent(ctx, happened("17", noon, name))
	case 2:
		_ = s.TouchSession(ctx, store.HashOf("phone"), after(term), after(term))
	case 3:
		_ = s.CreateLink(ctx, sent(name, "17"))
	case 4:
		_ = s.PutEntries(ctx, "day", "17", entry(0, name, ""), entry(1, name, ""))
	default:
		if c, err := s.Connection(ctx, "17"); err == nil {
			_, _ = s.UpdateConnection(ctx, c, happened("17", noon, name))
		}
	}
}
