package health_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/health"
	"latchkey/internal/logtest"
	"latchkey/internal/store"
)

// patient is a store of which a try takes a while.
type patient struct {
	mu    sync.Mutex
	takes time.Duration
	err   error
	tried int
}

func (p *patient) CheckWrite(ctx context.Context) error {
	p.mu.Lock()
	p.tried++
	takes, err := p.takes, p.err
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(takes):
		return err
	}
}

// TestAFloodCostsOneWrite holds that whoever asks soon after a try hears how that went, of a failure for a
// shorter time, and that those who ask meanwhile wait for it.
func TestAFloodCostsOneWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		kept time.Duration
	}{{nil, 2 * time.Second}, {store.ErrFull, time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			p := &patient{takes: time.Second, err: tt.err}
			w := &health.Monitor{Store: p, Log: slog.New(slog.DiscardHandler)}
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if err := w.Check(t.Context()); !errors.Is(err, tt.err) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			time.Sleep(tt.kept - time.Nanosecond)
			if _ = w.Check(t.Context()); p.tried != 1 {
				t.Errorf("%v: %d writes within %v", tt.err, p.tried, tt.kept)
			}
			time.Sleep(time.Nanosecond)
			if _ = w.Check(t.Context()); p.tried != 2 {
				t.Errorf("%v: %d writes after it, want 2", tt.err, p.tried)
			}
		})
	}
}

// TestATryIsBounded holds that a store that hangs is a failure after two seconds, and that who asks waits
// no longer than she wants to.
func TestATryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &health.Monitor{Store: &patient{takes: time.Hour}, Log: slog.New(slog.DiscardHandler)}
		brief, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if err := w.Check(brief); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Second {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		if err := w.Check(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != 2*time.Second {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}

// TestWhatIsTold holds that the log tells each change once, and what is for somebody to mend as an error.
func TestWhatIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, log := &patient{}, &logtest.Buffer{}
		var broken bool
		w := &health.Monitor{Store: p, Log: slog.New(slog.NewTextHandler(log, nil)), Broken: func(is bool) { broken = is }}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { w.Run(ctx) })
		synctest.Wait()
		for _, step := range []struct {
			err    error
			broken bool
			level  string
			says   string
		}{
			{nil, false, "", ""},
			{fmt.Errorf("put: %w", store.ErrFull), true, "ERROR", "there is no room"},
			{fmt.Errorf("update: %w", store.ErrFull), true, "", ""},
			{store.ErrReadOnly, true, "ERROR", "may only be read"},
			{store.ErrDamaged, true, "ERROR", "it is damaged"},
			{nil, false, "INFO", "takes writes again"},
			{store.ErrAway, false, "WARN", "takes no writes"},
			{store.ErrBusy, false, "", ""},
			{nil, false, "INFO", "takes writes again"},
		} {
			p.mu.Lock()
			p.err = step.err
			p.mu.Unlock()
			before := len(log.String())
			time.Sleep(30 * time.Second)
			synctest.Wait()
			said := log.String()[before:]
			if broken != step.broken || strings.Count(said, "\n") > 1 || (step.says == "") != (said == "") ||
				!strings.Contains(said, step.says) || !strings.Contains(said, step.level) {
				t.Errorf("%v: broken %t, %q", step.err, broken, said)
			}
		}
		stop()
		running.Wait()
	})
}

// TestAPanicIsAFailure holds that a store that panics is one that takes no writes.
func TestAPanicIsAFailure(t *testing.T) {
	t.Parallel()
	w := &health.Monitor{Store: panicking{}, Log: slog.New(slog.DiscardHandler)}
	if err := w.Check(t.Context()); err == nil {
		t.Error("all is well")
	}
}

type panicking struct{}

func (panicking) CheckWrite(context.Context) error { panic("in the midst of it") }
