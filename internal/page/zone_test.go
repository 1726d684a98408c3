package page_test

import (
	"testing"

	"latchkey/internal/page"
)

func FuzzZone(f *testing.F) {
	for _, name := range []string{"", "UTC", "Local", "Europe/Berlin", "Etc/GMT+5", "../x", "europe/berlin", "a/\\b"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		zone, err := page.FindZone(name)
		if err == nil && (zone.String() != name || name == "Local") {
			t.Errorf("%q is the zone %v", name, zone)
		}
	})
}
