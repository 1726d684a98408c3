package storetest

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

func countFailures(cause string, since time.Time) op {
	name := fmt.Sprintf("a count of failures for %q since %v", cause, since)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.CountFailures(ctx, cause, since)
	}}
}

func makeDue(now time.Time) op {
	return op{fmt.Sprintf("make due at %v", now), func(ctx context.Context, s store.Store) (any, error) {
		return s.MakeDue(ctx, now)
	}}
}

// countAll gives a count of all without the statuses that no connection has.
func countAll(ends ...time.Time) op {
	name := fmt.Sprintf("a count of what ends at %v", ends)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		c, err := s.Count(ctx, ends)
		counted := map[store.Status]int64{}
		for status, n := range c.Status {
			if n != 0 {
				counted[status] = n
			}
		}
		c.Status, c.Ending = counted, orNil(c.Ending)
		return c, err
	}}
}

// dueNotices gives the ids of those whose notice is due.
func dueNotices(now time.Time, limit int) op {
	name := fmt.Sprintf("%d due notices at %v", limit, now)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		due, err := s.DueNotices(ctx, now, limit)
		return ids(due), err
	}}
}

// wholeDueNotices gives whole connections.
func wholeDueNotices(now time.Time, limit int) op {
	name := fmt.Sprintf("%d due notices at %v", limit, now)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		due, err := s.DueNotices(ctx, now, limit)
		return orNil(due), err
	}}
}

func recordSweep(at time.Time) op {
	return op{fmt.Sprintf("record sweep at %v", at), func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.RecordSweep(ctx, at)
	}}
}

func lastSweep() op {
	return op{"last sweep", func(ctx context.Context, s store.Store) (any, error) {
		return s.LastSweep(ctx)
	}}
}

func alarms() op {
	return op{"alarms", func(ctx context.Context, s store.Store) (any, error) {
		all, err := s.Alarms(ctx)
		return orNil(all), err
	}}
}

func putAlarm(a store.Alarm, told ...store.Event) op {
	name := fmt.Sprintf("put alarm %s at version %d", a.Kind, a.Version)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.PutAlarm(ctx, a, told...)
	}}
}
