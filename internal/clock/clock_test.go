package clock_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/clock"
)

const day = 24 * time.Hour

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNoFileIsTheMachinesTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, path := range []string{"", filepath.Join(t.TempDir(), "none")} {
			if got := clock.FromFile(path)(); !got.Equal(time.Now()) {
				t.Errorf("%q: %v, want %v", path, got, time.Now())
			}
		}
	})
}

func TestOffset(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"0":           0,
		"86400":       day,
		"86400\n":     day,
		" 604800.5 ":  7*day + 500*time.Millisecond,
		"-3600":       -time.Hour,
		"1e3":         1000 * time.Second,
		"3153600000":  36500 * day,
		"3153600001":  0,
		"-3153600001": 0,
		"NaN":         0,
		"Inf":         0,
		"":            0,
		"tomorrow":    0,
		"1 day":       0,
	} {
		synctest.Test(t, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "clock")
			write(t, path, text)
			if got := time.Until(clock.FromFile(path)()); got != want {
				t.Errorf("%q moves the clock by %v, want %v", text, got, want)
			}
		})
	}
}

func TestFileIsReadAtEachUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "clock")
		now := clock.FromFile(path)
		for _, step := range []struct {
			name, text string
			want       time.Duration
		}{
			{"forward", "86400", day},
			{"in the middle of a write", "", day},
			{"nonsense", "soon", day},
			{"further", "172800", 2 * day},
			{"back", "0", 0},
		} {
			write(t, path, step.text)
			if got := time.Until(now()); got != step.want {
				t.Errorf("%s: moved by %v, want %v", step.name, got, step.want)
			}
		}
		write(t, path, "86400")
		now()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if got := time.Until(now()); got != 0 {
			t.Errorf("a file that is gone moves the clock by %v", got)
		}
	})
}

func TestUnreadableFileKeepsTheOffset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "clock")
		write(t, path, "86400")
		now := clock.FromFile(path)
		now()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if got := time.Until(now()); got != day {
			t.Errorf("moved by %v, want %v", got, day)
		}
	})
}

func FuzzFromFile(f *testing.F) {
	for _, text := range []string{"", "0", "86400\n", "-1.5", "1e309", "NaN", "0x1p-2", "1_000"} {
		f.Add(text)
	}
	path := filepath.Join(f.TempDir(), "clock")
	f.Fuzz(func(t *testing.T, text string) {
		write(t, path, text)
		before := time.Now()
		got := clock.FromFile(path)()
		if moved := got.Sub(before); moved < -36500*day || moved > 36501*day {
			t.Errorf("%q moves the clock by %v", text, moved)
		}
	})
}
