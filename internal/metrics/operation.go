package metrics

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"latchkey/internal/store"
)

// operations are the names of what a store does.
func operations() []string {
	var all []string
	for method := range reflect.TypeFor[store.Store]().Methods() {
		all = append(all, operationName(method.Name))
	}
	return all
}

// operationName is the name of a method in lower case, its words joined by underscores.
func operationName(method string) string {
	var name strings.Builder
	for i, r := range method {
		if i > 0 && unicode.IsUpper(r) {
			name.WriteByte('_')
		}
		name.WriteRune(unicode.ToLower(r))
	}
	return name.String()
}

// timed records an operation that began then.
func (m *Metrics) timed(operation string, began time.Time, err *error) {
	m.operations.WithLabelValues(operation).Observe(time.Since(began).Seconds())
	if isFailure(*err) {
		m.failures.WithLabelValues(operation).Inc()
	}
}

// answers are the errors by which a store that works says how things are.
var answers = []error{
	store.ErrNotFound, store.ErrExists, store.ErrConflict, store.ErrLeaseLost,
	store.ErrExpired, store.ErrTaken, store.ErrOwnerGone,
	context.Canceled, // the one who asked went away
}

func isFailure(err error) bool {
	return err != nil && !slices.ContainsFunc(answers, func(answer error) bool { return errors.Is(err, answer) })
}
