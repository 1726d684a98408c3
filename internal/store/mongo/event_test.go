package mongo_test

import (
	"bytes"
	"testing"
	"time"

	"latchkey/internal/store/mongo"
)

func TestEventIDsGrow(t *testing.T) {
	t.Parallel()
	next := mongo.EventIDs()
	last := next()
	if age := time.Since(last.Timestamp()); age < 0 || age > time.Minute {
		t.Errorf("the id tells a moment %v ago", age)
	}
	for range 10_000 {
		id := next()
		if bytes.Compare(id[:], last[:]) <= 0 {
			t.Fatalf("%v came after %v", id, last)
		}
		last = id
	}
}

func TestEventIDsOfTwoProcessesDiffer(t *testing.T) {
	t.Parallel()
	a, b := mongo.EventIDs()(), mongo.EventIDs()()
	if bytes.Equal(a[8:], b[8:]) {
		t.Errorf("%v and %v end alike", a, b)
	}
}
