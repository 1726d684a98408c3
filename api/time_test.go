package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"latchkey/api"
)

func TestTime(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 3600)
	for _, tt := range []struct {
		name string
		in   time.Time
		want string
	}{
		{"never", time.Time{}, `null`},
		{"whole seconds keep their milliseconds", time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), `"2026-11-23T12:00:00.000Z"`},
		{"in UTC, cut to milliseconds", time.Date(2026, 11, 23, 13, 0, 0, 123_999_999, east), `"2026-11-23T12:00:00.123Z"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(api.Time{Time: tt.in})
			if err != nil || string(got) != tt.want {
				t.Fatalf("got %s, %v; want %s", got, err, tt.want)
			}
			var back api.Time
			if err := json.Unmarshal(got, &back); err != nil || !back.Equal(tt.in.Truncate(time.Millisecond)) {
				t.Errorf("read back as %v, %v", back, err)
			}
		})
	}
}

func FuzzTimeUnmarshal(f *testing.F) {
	for _, seed := range []string{`null`, `"2026-11-23T12:00:00.000Z"`, `"2026-11-23T12:00:00+01:00"`, `1`, `""`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var once, twice api.Time
		if once.UnmarshalJSON([]byte(s)) != nil {
			return
		}
		b, err := once.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := twice.UnmarshalJSON(b); err != nil || !twice.Equal(once.Truncate(time.Millisecond)) {
			t.Errorf("%q was read as %v, written as %s and read as %v, %v", s, once, b, twice, err)
		}
	})
}
