package storetest

import (
	"context"
	"slices"
	"testing"

	"latchkey/internal/store"
)

// Run holds a database against every case. For each, open returns an empty store that was
// prepared; it closes and removes it when the test ends. Cases run in parallel.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Helper()
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			c.Check(t, open(t))
		})
	}
}

// Case is one promise.
type Case struct {
	Name string
	// Check fails t when the store, which must be empty and prepared, does not keep the promise.
	Check func(t TB, s store.Store)
}

// TB is what a case needs of a test. It is narrow so that a case can also be run to see it fail.
type TB interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Cases returns all cases.
func Cases() []Case {
	return slices.Concat(
		connectionCases, valueCases, eventCases, leaseCases, abandonedCases, fleetCases, alarmCases,
		linkCases, recordCases, seriesCases, sessionCases,
		keyringCases, upkeepCases, everywhereCases, parallelCases,
	)
}
