package igsim

import (
	"slices"
	"time"
)

// preset is a fault with plain words for it, for the control page.
type preset struct {
	ID, Words string
	Fault     Fault
}

var presets = []preset{
	{"outage", "Instagram is down: an HTML page with status 503", Fault{Kind: Page}},
	{"error_500", "Instagram is down: an HTML page with status 500", Fault{Kind: Page, Status: 500}},
	{"bad_gateway", "Instagram is down: an HTML page with status 502", Fault{Kind: Page, Status: 502}},
	{"empty", "an empty answer", Fault{Kind: Empty}},
	{"truncated", "half an answer", Fault{Kind: Truncated}},
	{"cut", "the connection is cut", Fault{Kind: Cut}},
	{"cut_after", "what was asked is done, then the connection is cut", Fault{Kind: Cut, AfterWork: true}},
	{"slow", "the right answer after 5 seconds", Fault{Wait: 5 * time.Second}},
	{"very_slow", "the right answer after a minute", Fault{Wait: time.Minute}},
	{"unexpected", "“An unexpected error has occurred” (code 2)", Fault{Code: 2}},
	{"unexpected_200", "the same, with status 200", Fault{Code: 2, Status: 200}},
	{"app_limit", "too many calls of the app (code 4)", Fault{Code: 4}},
	{"user_limit", "too many calls for the account (code 17)", Fault{Code: 17}},
	{"page_limit", "too many calls for the page (code 32)", Fault{Code: 32}},
	{"rate_limit", "too many calls (code 613)", Fault{Code: 613}},
	{"business_limit", "too many calls; again in 30 minutes (code 80002)", Fault{Code: 80002, RegainMinutes: 30}},
	{"blocked", "“API access blocked.” (code 200)", Fault{Code: 200}},
	{"unsupported", "“Unsupported request” (code 100)", Fault{Code: 100}},
	{"permission", "the permission is missing (code 10)", Fault{Code: 10}},
	{"login_again", "the owner must log in again (code 190)", Fault{Code: 190}},
	{"password", "the owner changed her password (code 190/460)", Fault{Code: 190, Subcode: 460}},
	{"removed", "the owner removed the app (code 190/458)", Fault{Code: 190, Subcode: 458}},
	{"checkpoint", "Instagram wants the owner to look in (code 190/459)", Fault{Code: 190, Subcode: 459}},
	{"redirect_uri", "at the code exchange: the redirect_uri text", Fault{Message: redirectDiffers}},
	{"platform_app", "at the code exchange: “Invalid platform app”", Fault{Message: "Invalid platform app"}},
}

func presetByID(id string) (preset, bool) {
	i := slices.IndexFunc(presets, func(p preset) bool { return p.ID == id })
	if i < 0 {
		return preset{}, false
	}
	return presets[i], true
}
