package main

import (
	"slices"
	"strings"

	"latchkey/instagram"
)

// checkNames are the names of the checks that doctor makes, in their order.
var checkNames = []string{
	"configuration", "store", "keyring", "spill_folder", "disk", "instagram", "clock", "public_address", "readiness", "https", "proxy", "redirect_uri",
	"app_id", "scopes", "last_sweep", "connections", "alarms", "mail",
}

// withCheck adds to what is known of a text that it is the name of a check, as a report has it or as --json does. What
// was a guess until then is left out.
func withCheck(x explanation, pasted string) explanation {
	name := strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(pasted))), " ")
	if !slices.Contains(checkNames, strings.ReplaceAll(name, " ", "_")) {
		return x
	}
	found := []findingShown{ownCase{
		instagram.ClassIgnore, "This is one of the checks that doctor makes of an installation",
		"run latchkey doctor without a text, which makes them all and says what is wrong and what to do",
	}.finding("", name)}
	if x.Known {
		found = append(found, x.Findings...)
	}
	return explanation{true, found}
}
