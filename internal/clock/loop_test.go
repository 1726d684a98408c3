package clock_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/clock"
)

func TestLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		var calls []time.Duration
		begun := time.Now()
		clock.Loop(ctx, now, 30*time.Second, func() {
			calls = append(calls, time.Since(begun))
			switch len(calls) {
			case 2:
				ahead.Add(int64(24 * time.Hour)) // a jump while it runs
			case 3:
				time.AfterFunc(5*time.Second, func() { ahead.Add(-int64(48 * time.Hour)) }) // and one back while it waits
			case 5:
				cancel()
			}
		})
		want := []time.Duration{0, 30 * time.Second, 30 * time.Second, 35 * time.Second, 65 * time.Second}
		if len(calls) != len(want) {
			t.Fatalf("called at %v", calls)
		}
		for i := range want {
			if off := calls[i] - want[i]; off < 0 || off > 500*time.Millisecond {
				t.Errorf("call %d at %v, want %v", i, calls[i], want[i])
			}
		}
	})
}
