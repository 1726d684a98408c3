package igsim

import (
	"slices"
	"testing"
	"time"
)

func TestSplitFields(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                     nil,
		"id":                                   {"id"},
		" id , username,":                      {"id", "username"},
		"id,from{id,username},text":            {"id", "from", "text"},
		"comments.limit(3){id,from{id}},media": {"comments", "media"},
		"id,from{":                             {"id", "from"},
		"id}},text":                            {"id}}", "text"},
	} {
		if got := splitFields(text); !slices.Equal(got, want) {
			t.Errorf("splitFields(%q) is %q, want %q", text, got, want)
		}
	}
}

func FuzzSplitFields(f *testing.F) {
	for _, seed := range []string{"id,name", "a{b,c},d", "x.limit(1){y}", "}},{", ",,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range splitFields(text) {
			if name == "" {
				t.Errorf("splitFields(%q) has an empty name", text)
			}
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{cursor(0), cursor(100), "", "c2ltOi0x", "?"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := readCursor(text)
		if ok && at < 0 {
			t.Errorf("readCursor(%q) is %d", text, at)
		}
		if at, ok := readCursor(cursor(len(text))); !ok || at != len(text) {
			t.Errorf("a cursor of %d is read as %d, %v", len(text), at, ok)
		}
	})
}

func TestPacific(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-01-15T12:00:00Z": "2026-01-15T04:00:00-08:00",
		"2026-03-08T09:59:59Z": "2026-03-08T01:59:59-08:00",
		"2026-03-08T10:00:00Z": "2026-03-08T03:00:00-07:00",
		"2026-11-01T08:59:59Z": "2026-11-01T01:59:59-07:00",
		"2026-11-01T09:00:00Z": "2026-11-01T01:00:00-08:00",
		"2027-01-01T07:00:00Z": "2026-12-31T23:00:00-08:00",
		"2027-03-14T10:00:00Z": "2027-03-14T03:00:00-07:00",
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := pacific(at).Format(time.RFC3339); got != want {
			t.Errorf("%s in California is %s, want %s", text, got, want)
		}
	}
}

// TestPacificDays walks through three years: days follow each other without a gap and begin at
// midnight.
func TestPacificDays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	lengths := make(map[time.Duration]int)
	for range 3 * 365 {
		next := nextPacificMidnight(at)
		if p := pacific(next); p.Hour() != 0 || p.Minute() != 0 {
			t.Fatalf("a day begins at %v", p)
		}
		if got := pacificMidnight(next.Add(-time.Second)); !got.Equal(at) {
			t.Fatalf("the day of %v began at %v, not at %v", next.Add(-time.Second), got, at)
		}
		lengths[next.Sub(at)]++
		at = next
	}
	if lengths[23*time.Hour] != 3 || lengths[25*time.Hour] != 3 || len(lengths) != 3 {
		t.Errorf("days by length: %v", lengths)
	}
}

func TestSwitchesHaveWords(t *testing.T) {
	t.Parallel()
	for _, row := range switchRows(Switches{}) {
		if row.Words == "" {
			t.Errorf("switch %q has no words for the control page", row.Name)
		}
	}
	for _, e := range endpoints {
		if e.words() == "" {
			t.Errorf("endpoint %q has no words", e)
		}
	}
	for _, p := range presets {
		if err := p.Fault.validate(); err != nil {
			t.Errorf("preset %s: %v", p.ID, err)
		}
	}
}
