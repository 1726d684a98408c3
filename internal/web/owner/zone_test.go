package owner_test

import (
	"testing"

	"latchkey/internal/page"
	"latchkey/internal/web/owner"
)

// TestZones holds that each zone that is offered is there, in a binary that finds none on the machine.
func TestZones(t *testing.T) {
	t.Parallel()
	names := owner.ZoneNames()
	if len(names) < 400 {
		t.Errorf("only %d zones are offered", len(names))
	}
	for _, name := range names {
		if zone, err := page.FindZone(name); err != nil || zone.String() != name {
			t.Errorf("%s is no zone: %v", name, err)
		}
	}
}
