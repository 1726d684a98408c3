package refresh_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// TestEachTryOnDemandIsTold holds that the history has a line for each refresh that somebody asked for, who is
// named there, though the keeper's own would have one a day for failures that are alike.
func TestEachTryOnDemandIsTold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(2 * day)
	h.fail(igsim.AnyEndpoint, 3, igsim.Fault{Code: 2, Status: 500})
	for range 3 {
		if _, err := h.Refresh(t.Context(), vault.CommandLineOf("anna"), c.ID); err == nil {
			t.Fatal("refreshed")
		}
		h.sim.Advance(time.Minute)
	}
	events, err := h.st.Events(t.Context(), c.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	told := slices.DeleteFunc(events, func(e store.Event) bool {
		return e.Kind != store.EventRefreshFailed || e.Caller != string(vault.CommandLineOf("anna"))
	})
	if len(told) != 3 {
		t.Errorf("the history tells of %d tries, want 3: %v", len(told), events)
	}
}
