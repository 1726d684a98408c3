package explain

import (
	"slices"
	"strings"
	"sync"

	"latchkey/instagram"
)

// sighting is one thing that an operator or an owner gets to see: a text of Instagram's, its numbers,
// or, where Instagram says nothing, a symptom in plain words. What it means is what rules say about
// it, so that a text has one meaning wherever it turns up.
type sighting struct {
	// text is what is seen, in Instagram's words, or in ours where nobody wrote its words down; … stands
	// for what differs from case to case.
	text          string
	code, subcode int
	// call is where it was seen, where it can mean something else elsewhere.
	call string
	// cause is set for symptoms, which have no rule.
	cause instagram.Cause
	// also is what it can mean besides, the likeliest first.
	also []instagram.Cause
}

// entry is a sighting with what follows from it.
type entry struct {
	sighting
	// meanings are its causes, the likeliest first.
	meanings []instagram.Cause
	// words is its text as texts are compared, and parts what of it is always the same.
	words string
	parts []string
}

// catalogue is every sighting.
var catalogue = sync.OnceValue(func() []entry {
	var all []entry
	for _, s := range sightings {
		e := entry{sighting: s, meanings: s.causes(), words: plainWords(s.text)}
		for part := range strings.SplitSeq(e.words, "…") {
			e.parts = append(e.parts, strings.TrimSpace(part))
		}
		all = append(all, e)
	}
	return all
})

// causes are the causes of a sighting, the likeliest first.
func (s sighting) causes() []instagram.Cause {
	first := s.cause
	if first == "" && s.code != 0 {
		first = instagram.Diagnose(&instagram.Error{Call: s.call, Code: s.code, Subcode: s.subcode, Message: s.text})
	}
	if first == "" {
		first = instagram.Recognize(s.text)
	}
	return append([]instagram.Cause{first}, s.also...)
}

// exchangeCode is the one code that the code exchange has for everything.
const exchangeCode = 400

// The calls in which a text can mean something else than elsewhere, by the names that errors of the client give them.
const (
	callExchange = "code exchange"
	callRefresh  = "refresh"
)

// isSubcode says whether a sighting has the subcode.
func isSubcode(n int) bool {
	return n != 0 && slices.ContainsFunc(sightings, func(s sighting) bool { return s.subcode == n })
}

// codeOf is the code with which a subcode was seen, 0 when there are several or none.
func codeOf(subcode int) int {
	var codes []int
	for _, s := range sightings {
		if s.subcode == subcode && !slices.Contains(codes, s.code) {
			codes = append(codes, s.code)
		}
	}
	if len(codes) != 1 {
		return 0
	}
	return codes[0]
}

// sightings are those of docs/instagram.md, under Code exchange, Errors and Error catalogue. Of those
// that share a code the likeliest stands first.
var sightings = []sighting{
	// The log-in page, and what comes back from it.
	{text: "Invalid Request: Request parameters are invalid: Invalid platform app"},
	{text: "Invalid Request: Request parameters are invalid: Invalid redirect_uri"},
	{text: "Invalid Request: Request parameters are invalid: Invalid scope: …", also: []instagram.Cause{"separator"}},
	{text: "Sorry, this page isn't available"},
	{text: "Sorry, this content isn't available right now", also: []instagram.Cause{"app_restricted", instagram.CauseNoRole}},
	{text: "Insufficient Developer Role"},
	{text: "Feature Unavailable: Facebook Login is currently unavailable for this app, since we are updating additional details for this app"},
	{text: "URL Blocked: This redirect failed because the redirect URI is not whitelisted", also: []instagram.Cause{"redirect_uri"}},
	{text: "The user must be an administrator, editor, or moderator of the page in order to impersonate it", also: []instagram.Cause{"permission"}},
	{text: "This app is in development mode"},
	{text: "The app is not active"},
	{text: "400 Session Invalid"},
	{text: "The user denied your request", cause: "denied"},
	{text: "error=access_denied&error_reason=user_denied", cause: "denied"},

	// The code exchange, which has an envelope of its own and one code for everything.
	{text: "Matching code was not found or was already used", code: exchangeCode, call: callExchange},
	{text: "This authorization code has been used", code: exchangeCode, call: callExchange},
	{text: "Invalid authorization code", code: exchangeCode, call: callExchange},
	{text: "This authorization code has expired", code: exchangeCode, call: callExchange},
	{text: "You are not a sandbox user of this client", code: 400},
	{text: "an exchange answers with a user object", cause: "old_api"},
	{text: "OAuthAccessTokenException", cause: "old_api"},
	{text: "Error validating application. Cannot get application info due to a system error.", code: 101},
	{text: "Error validating application. Application has been deleted.", code: 101},
	{text: "Error validating application. Invalid application ID.", code: 101},
	{
		text: "Error validating verification code. Please make sure your redirect_uri is identical to the one you " +
			"used in the OAuth dialog request",
		code: exchangeCode, call: callExchange, also: []instagram.Cause{"app_secret"},
	},
	{
		text: "Error validating verification code. Please make sure your redirect_uri is identical to the one you " +
			"used in the OAuth dialog request",
		code: 100, subcode: 36008, call: callExchange, also: []instagram.Cause{"app_secret"},
	},
	{text: "Redirect URI does not match registered redirect URI", code: exchangeCode, call: callExchange},
	{text: "Invalid platform app", code: exchangeCode, call: callExchange},
	{text: "Invalid scope field(s): …", code: exchangeCode, call: callExchange, also: []instagram.Cause{"separator"}},

	// The token.
	{text: "Error validating access token: Session has expired on …", code: 190},
	{text: "The access token has expired", code: 190, subcode: 463},
	{
		text: "The session has been invalidated because the user changed their password or Facebook has changed " +
			"the session for security reasons.",
		code: 190, subcode: 460,
	},
	{text: "Error validating access token: The user has not authorized application …", code: 190, subcode: 458},
	{text: "User checkpointed: she must log in at Instagram first", code: 190, subcode: 459},
	{text: "Unconfirmed user", code: 190, subcode: 464},
	{text: "Invalid access token", code: 190, subcode: 467},
	{text: "Invalid session: the role on the app is lost", code: 190, subcode: 492},
	{text: "Invalid OAuth access token - Cannot parse access token", code: 190},
	{text: "The access token could not be decrypted", code: 190},
	{text: "The user must log in again.", code: 190},
	{text: "Invalid OAuth 2.0 Access Token", code: 190},
	{text: "the token is younger than 24 hours", code: 190, call: callRefresh},
	{text: "the token is too young to be refreshed", code: 100, call: callRefresh},
	{text: "Session key invalid or no longer valid", code: 102},
	{text: "An access token is required to request this resource", code: 104},

	// Permissions.
	{text: "(#10) Application does not have permission for this action", code: 10},
	{text: "(#10) Not enough viewers for the media to show insights", code: 10},
	{text: "debug_token refused (IGApiException)", code: 10, call: "debug_token"},
	{text: "(#200) Permissions error", code: 200},
	{text: "API access blocked.", code: 200},
	{text: "API access deactivated. To reactivate, go to the app dashboard.", code: 200},
	{text: "App does not have Advanced Access to …", code: 200},
	{text: "(#3) Application does not have the capability to make this API call.", code: 3},
	{text: "Application does not have the capability to make this API call.", code: 3, subcode: 2228054},
	{text: "Unsupported request - method type: get", code: 100, also: []instagram.Cause{"app_restricted", "legacy_token", "method"}},
	{text: "Unsupported request - method type: post", code: 100, also: []instagram.Cause{instagram.CauseNoRole, "app_restricted"}},
	{text: "Unsupported request - method type: get", code: exchangeCode, call: callExchange},
	{text: "Error validating client secret.", code: 100},
	{text: "Error validating client secret.", code: exchangeCode, call: callExchange},
	{text: "Invalid appsecret_proof provided in the API argument", code: 100},
	{text: "API calls from the server require an appsecret_proof argument", code: 100},

	// A call.
	{text: "The parameter … is required", code: 100},
	{text: "(#100) metric[…] must be one of the following values: …", code: 100},
	{text: "(#100) invalid metric: impressions", code: 100},
	{text: "(#100) (…) metric only supports querying data for the last 30 days excluding the current day", code: 100},
	{text: "(#100) There cannot be more than 30 days (2592000 s) between since and until.", code: 100},
	{text: "(#100) since param is not valid. Metrics data is available for the last 2 years", code: 100},
	{text: "(#100) The following metrics (…) should be specified with parameter metric_type=total_value", code: 100},
	{text: "(#100) breakdown must be one of the following values: …", code: 100},
	{text: "Incompatible breakdowns (…) for metric (…)", code: 100},
	{text: "facebook_views of media that were never shared to Facebook", code: 100, subcode: 2207086},
	{text: "(#100) The metric … is not supported for this media type", code: 100},
	{text: "(#100) The Media Insights API does not support the … metric for this media product type.", code: 100},
	{text: "(#100) Tried accessing nonexisting field (…) on node type (…)", code: 100},
	{text: "This API call does not support the requested response format", code: 20, subcode: 1772107},
	{
		text: "Unsupported get request. Object with ID … does not exist, cannot be loaded due to missing permissions, " +
			"or does not support this operation", code: 100, subcode: 33,
	},
	{text: "Object with ID … does not exist", code: 100, subcode: 33},
	{text: "(#803) Some of the aliases you requested do not exist: …", code: 803},
	{text: "Unknown path components: …", code: 2500},
	{text: "An unknown error occurred", code: 1},
	{text: "Please reduce the amount of data you're asking for, then retry your request", code: 1},
	{text: "Error validating client secret.", code: 1, subcode: 33},
	{text: "An unexpected error has occurred. Please retry your request later.", code: 2},
	{text: "media posted before the account was a professional one", subcode: 2108006, cause: "before_professional"},

	// Limits and blocks.
	{text: "(#4) Application request limit reached", code: 4},
	{text: "the action was blocked as spam", code: 4, subcode: 2207051},
	{text: "(#17) User request limit reached", code: 17},
	{text: "(#32) Page request limit reached", code: 32},
	{text: "(#341) Application limit reached", code: 341},
	{text: "(#613) Calls to this api have exceeded the rate limit.", code: 613},
	{text: "(#80002) There have been too many calls to this Instagram account", code: 80002},
	{text: "temporarily blocked for policies", code: 368},
	{text: "Please wait a few minutes before you try again."},
	{text: "the account is restricted or inactive", code: 25, subcode: 2207050},
	{text: "the limit of publishing was reached", code: 9, subcode: 2207042},

	// Publishing and messages.
	{text: "the media was not found", code: 24, subcode: 2207006},
	{text: "the container of the media was not found", code: 24, subcode: 2207008},
	{text: "server error of publishing", code: -1, subcode: 2207001},
	{text: "the download of the media timed out", code: -2, subcode: 2207003},
	{text: "the format or size of the image is refused", code: 36000},
	{text: "the format of the video is refused", code: 352},
	{text: "the media cannot be fetched from its address", code: 9004},
	{text: "the media is not ready", code: 9007, subcode: 2207027},
	{text: "the person is unavailable for messages", code: 551, subcode: 1545041},
	{text: "duplicate post", code: 506},
	{text: "bad link", code: 1609005},

	// What no text of Instagram's goes with.
	{text: "an error page or an empty answer, with a status from 500", cause: "outage"},
	{text: "500 Internal Server Error", cause: "outage"},
	{text: "502 Bad Gateway", cause: "outage"},
	{text: "503 Service Unavailable", cause: "outage"},
	{text: "504 Gateway Timeout", cause: "outage"},
	{text: "429 Too Many Requests", cause: "rate_limit"},
	{text: "only one scope honoured, or the consent page refuses them", cause: "separator"},
	{text: "the token dies after one hour", cause: "short_token"},
	{text: "access_token missing in the exchange", cause: "token_missing"},
	{text: "cannot read properties of undefined", cause: "unread_error"},
	{text: "events never match an account", cause: "ids_mixed"},
	{text: "the webhook signature never matches", cause: "hook_signature"},
	{text: "no webhooks although subscribed", cause: "no_hooks"},
	{text: "the comments list is empty although the count is not", cause: "empty_comments"},
	{text: "pictures turn 403 after some days", cause: "picture_expired"},
	{text: "everything of every account fails at once", cause: "app_restricted"},
	{text: "Data Use Checkup", cause: "app_restricted"},
	{text: "the wrong account is connected", cause: "wrong_account"},
}
