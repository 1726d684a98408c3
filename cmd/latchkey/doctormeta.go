package main

import (
	"context"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"latchkey/instagram"
	"latchkey/internal/config"
)

// checkRedirectURI says what has to stand at Meta. What stands there cannot be seen from here:
// Instagram tells people, and after they logged in (docs/instagram.md, Authorize).
func (d *doctor) checkRedirectURI(context.Context) check {
	const name = "redirect_uri"
	if d.config.PublicURL == nil {
		return d.unset(name, publicUnread)
	}
	uri := d.config.PublicURL.String() + "/auth"
	host := d.config.PublicURL.Hostname()
	_, notIP := netip.ParseAddr(host)
	switch {
	case d.simulated():
		return well(name, "the simulator has to know exactly %s", uri)
	case d.config.PublicURL.Scheme != "https":
		return failure(name, "write an https address into LATCHKEY_PUBLIC_URL", "Meta takes https redirect URIs only, and this one is %s", uri)
	case notIP == nil || !strings.Contains(host, "."):
		return warning(name, "use a host name that everybody can reach, such as latchkey.example.com",
			"%s has no public host name; Meta may refuse it", uri)
	}
	return well(name, "write exactly %s into OAuth redirect URIs of the Business login settings, without a slash at its end; "+
		"what stands there cannot be seen from here", uri)
}

var (
	digits    = regexp.MustCompile(`^[0-9]+$`)
	secretish = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
)

// An id of fewer or more digits than these is worth a second look; most have 15 or 16.
const shortestID, longestID = 14, 18

// checkAppID looks at the form of the id alone. The Meta App ID has the same, and Instagram says that
// it is the wrong one only to people (docs/instagram.md, Error catalogue).
func (d *doctor) checkAppID(context.Context) check {
	const name = "app_id"
	const cure = "copy the Instagram App ID from API setup with Instagram login in the App Dashboard"
	id := d.config.InstagramAppID
	switch {
	case id == "":
		return d.unset(name, config.InstagramAppID.Variable()+" is not set, or wrong")
	case secretish.MatchString(id): // which is not shown
		return failure(name, cure+", and the secret into LATCHKEY_INSTAGRAM_APP_SECRET", "the app id looks like an app secret")
	case d.simulated():
		return well(name, "%s has to be the id of the simulator's app", id)
	case !digits.MatchString(id):
		return failure(name, cure, "the app id is not made of digits alone")
	case len(id) < shortestID || len(id) > longestID:
		return warning(name, cure, "the app id %s has %d digits; most have 15 or 16", id, len(id))
	}
	return well(name, "%s has the form of an app id. Whether it is the Instagram App ID or the Meta App ID cannot be seen from here: "+
		`if Instagram says "Invalid platform app" at a login, it is Meta's`, id)
}

// checkScopes looks at the names; a setting that lacks the one that all others need is refused
// before.
func (d *doctor) checkScopes(context.Context) check {
	const name = "scopes"
	if d.config.Scopes == nil {
		return d.unset(name, config.Scopes.Variable()+" is not set, or wrong")
	}
	known := []string{
		instagram.ScopeBasic, instagram.ScopeInsights, instagram.ScopeComments, instagram.ScopeMessages, instagram.ScopePublish,
	}
	var odd []string
	for _, s := range d.config.Scopes {
		if !slices.Contains(known, s) {
			odd = append(odd, s)
		}
	}
	if len(odd) > 0 {
		return warning(name, `see that they are spelled as Meta spells them; if not, Instagram says "Invalid scope"`,
			"this version does not know %s", strings.Join(odd, ", "))
	}
	return well(name, "owners are asked for %s; for owners without a role on the app, each needs Advanced Access", strings.Join(d.config.Scopes, ", "))
}
