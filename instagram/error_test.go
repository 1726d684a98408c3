package instagram_test

import (
	"errors"
	"testing"

	"latchkey/instagram"
)

// wantError checks the class and the cause of an error and returns it.
func wantError(t *testing.T, err error, class instagram.Class, cause instagram.Cause) *instagram.Error {
	t.Helper()
	e, ok := errors.AsType[*instagram.Error](err)
	if !ok {
		t.Fatalf("error %v, want an *instagram.Error", err)
	}
	if e.Class != class || e.Cause != cause {
		t.Errorf("class %q, cause %q; want %q, %q (%v)", e.Class, e.Cause, class, cause, e)
	}
	if e.Advice() == "" {
		t.Errorf("no advice for %v", e)
	}
	return e
}
