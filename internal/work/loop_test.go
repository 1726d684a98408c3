package work_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/logtest"
	"latchkey/internal/work"
)

// TestLoop holds what the log is told of rounds that fail, panic and succeed: the beginning and the end of
// each trouble, once.
func TestLoop(t *testing.T) {
	t.Parallel()
	fine := func() error { return nil }
	fails := func() error { return errors.New("away") }
	panicking := func() error { panic("a fault") }
	for _, tt := range []struct {
		name               string
		rounds             []func() error
		failing, recovered int
	}{
		{"all is well", []func() error{fine, fine}, 0, 0},
		{"one failure", []func() error{fine, fails}, 1, 0},
		{"a trouble that lasts", []func() error{fails, fails, fails}, 1, 0},
		{"a trouble that ends", []func() error{fails, fails, fine, fine}, 1, 1},
		{"two troubles", []func() error{fails, fine, fails, fine}, 2, 2},
		{"a panic is a failure", []func() error{panicking, panicking, fine}, 1, 1},
		{"a failure after a panic is the same trouble", []func() error{panicking, fails}, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				log := &logtest.Buffer{}
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				done := 0
				begun := time.Now()
				l := &work.Loop{
					Every: time.Minute, Now: time.Now, Failing: "it fails", Recovered: "it goes again",
					Log: slog.New(slog.NewTextHandler(log, nil)),
					Do: func(context.Context) error {
						if want := begun.Add(time.Duration(done) * time.Minute); !time.Now().Equal(want) {
							t.Errorf("round %d at %v, want %v", done, time.Now(), want)
						}
						done++
						return tt.rounds[done-1]()
					},
				}
				ended := make(chan struct{})
				go func() { l.Run(ctx); close(ended) }()
				time.Sleep(time.Duration(len(tt.rounds)-1)*time.Minute + time.Second)
				synctest.Wait()
				stop()
				<-ended
				if done != len(tt.rounds) {
					t.Errorf("%d rounds, want %d", done, len(tt.rounds))
				}
				failing, recovered := strings.Count(log.String(), "level=WARN msg=\"it fails\""), strings.Count(log.String(), "level=INFO msg=\"it goes again\"")
				if failing != tt.failing || recovered != tt.recovered {
					t.Errorf("told %d failures and %d ends, want %d and %d:\n%s", failing, recovered, tt.failing, tt.recovered, log)
				}
			})
		})
	}
}

// TestLoopStops holds that a round that the stop cuts off is the last one, and no failure.
func TestLoopStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &logtest.Buffer{}
		ctx, stop := context.WithCancel(t.Context())
		rounds := 0
		l := &work.Loop{
			Every: time.Minute, Now: time.Now, Log: slog.New(slog.NewTextHandler(log, nil)),
			Do: func(ctx context.Context) error { rounds++; stop(); return ctx.Err() },
		}
		l.Run(ctx)
		if rounds != 1 || log.String() != "" {
			t.Errorf("%d rounds, want 1, and no line:\n%s", rounds, log)
		}
	})
}

// TestLoopSeesItsClockJump holds that a jump of Now ends the pause.
func TestLoopSeesItsClockJump(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ahead, rounds atomic.Int64
		ctx, stop := context.WithCancel(t.Context())
		l := &work.Loop{
			Every: time.Hour, Log: slog.New(slog.DiscardHandler),
			Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
			Do:  func(context.Context) error { rounds.Add(1); return nil },
		}
		ended := make(chan struct{})
		go func() { l.Run(ctx); close(ended) }()
		for i, jump := range []time.Duration{0, 24 * time.Hour} {
			ahead.Store(int64(jump))
			time.Sleep(time.Minute)
			if want := int64(i + 1); rounds.Load() != want {
				t.Errorf("%d rounds with the clock ahead by %v, want %d", rounds.Load(), jump, want)
			}
		}
		stop()
		<-ended
	})
}

// TestARoundSeesAJump holds that a jump while a round runs, and one back while the next waits, each begin a round at once,
// and that the pause counts anew from then.
func TestARoundSeesAJump(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var ahead atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		var calls []time.Duration
		begun := time.Now()
		l := &work.Loop{Every: 30 * time.Second, Now: now, Log: slog.New(slog.DiscardHandler), Do: func(context.Context) error {
			calls = append(calls, time.Since(begun))
			switch len(calls) {
			case 2:
				ahead.Add(int64(24 * time.Hour)) // a jump while it runs
			case 3:
				time.AfterFunc(5*time.Second, func() { ahead.Add(-int64(48 * time.Hour)) }) // and one back while it waits
			case 5:
				cancel()
			}
			return nil
		}}
		l.Run(ctx)
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
