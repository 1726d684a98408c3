package instagram

import (
	"math"
	"slices"
	"strings"
)

// rule recognizes one case of a refusal. What it leaves out matches anything; the first rule that
// matches wins, so the narrower stands above the wider.
type rule struct {
	call    string // the start of Error.Call
	code    int
	last    int // of a range that begins at code
	subcode int
	text    string // in lower case, somewhere in the message
	vague   bool   // the text tells something only beside the numbers
	cause   Cause
}

// anyCode stands for every code, also for none.
const anyCode = math.MinInt

// rules is the table of docs/instagram.md, Errors. Meta says that texts are not stable, so a text
// is asked for only where the numbers are ambiguous.
var rules = []rule{
	// The token endpoint has one code for everything.
	{call: callExchange, code: anyCode, text: "matching code was not found", cause: CauseCodeSpent},
	{call: callExchange, code: anyCode, text: "authorization code has been used", cause: CauseCodeSpent},
	{call: callExchange, code: anyCode, text: "invalid authorization code", cause: CauseCodeSpent},
	{call: callExchange, code: anyCode, text: "authorization code has expired", cause: CauseCodeSpent},
	{call: callExchange, code: anyCode, text: "redirect_uri", cause: "redirect_uri"},
	{call: callExchange, code: anyCode, text: "redirect uri does not match", cause: "redirect_uri"},
	{call: callExchange, code: 100, subcode: 36008, cause: "redirect_uri"},
	{call: callExchange, code: anyCode, text: "invalid platform app", cause: "app_id"},
	{call: callExchange, code: anyCode, text: "invalid scope", cause: "scope_name"},
	{call: callExchange, code: anyCode, text: "unsupported request - method type", cause: "method"},

	// What the numbers do not tell, at whatever call.
	{code: anyCode, text: "validating client secret", cause: "app_secret"},
	{code: 101, cause: "app_unknown"},
	{code: anyCode, text: "not a sandbox user", cause: causeOldAPI},
	{code: anyCode, text: "wait a few minutes", cause: CauseWait},
	{code: anyCode, text: "api access deactivated", cause: CauseAppDeactivated},

	{code: anyCode, subcode: 2108006, cause: "before_professional"},
	{code: 100, subcode: 2207086, cause: CauseMetricNotForMedia},
	{code: 20, subcode: 1772107, cause: "response_format"},

	{code: 190, subcode: 458, cause: CauseAppRemoved},
	{code: 190, subcode: 459, cause: CauseCheckpoint},
	{code: 190, subcode: 464, cause: CauseCheckpoint},
	{code: 190, subcode: 460, cause: CausePasswordChanged},
	{code: 190, subcode: 463, cause: CauseTokenExpired},
	{code: 190, subcode: 467, cause: "token_invalid"},
	{code: 190, subcode: 492, cause: CauseRoleLost},
	{call: callRefresh, code: 190, text: "24 hours", vague: true, cause: "too_young"},
	{code: 190, text: "session has expired", cause: CauseTokenExpired},
	{code: 190, text: "changed their password", cause: CausePasswordChanged},
	{code: 190, text: "cannot parse access token", cause: "token_unreadable"},
	{code: 190, text: "access token could not be decrypted", cause: "token_unreadable"},
	{code: 190, cause: "token_invalid"},
	{code: 102, cause: "token_invalid"},
	{code: 104, cause: "token_missing"},

	{code: 10, text: "not enough viewers", cause: "few_viewers"},
	{call: "debug_token", code: 10, cause: "debug_token"},
	{code: 200, text: "api access blocked", cause: "blocked"},
	{code: 10, text: "advanced access", cause: "advanced_access"},
	{code: 200, last: 299, text: "advanced access", cause: "advanced_access"},
	{code: 10, cause: causePermission},
	{code: 200, last: 299, cause: causePermission},
	{code: 3, cause: "capability"},

	{code: 100, text: "unsupported request - method type: post", cause: "method_post"},
	{code: 100, text: "unsupported request - method type", cause: CauseNoRole},
	{code: 100, text: "appsecret_proof", cause: "appsecret_proof"},
	{code: 100, subcode: 33, cause: "not_found"},
	{call: callRefresh, code: 100, cause: "too_young"},
	{code: 100, text: "not supported for this media", cause: CauseMetricNotForMedia},
	{code: 100, text: "does not support the", vague: true, cause: CauseMetricNotForMedia},
	{code: 100, text: "only supports querying data for the last", cause: "period"},
	{code: 100, text: "between since and until", cause: "period"},
	{code: 100, text: "since param is not valid", cause: "period"},
	{code: 100, text: "breakdown must be one of", cause: "breakdown"},
	{code: 100, text: "incompatible breakdown", cause: "breakdown"},
	{code: 100, text: "parameter metric_type", vague: true, cause: "parameter"},
	{code: 100, text: "metric", vague: true, cause: "metric"},
	{code: 100, text: "nonexisting field", cause: "field"},
	{code: 100, text: "nonexistent field", cause: "field"},
	{code: 100, cause: "parameter"},
	{code: 803, cause: "not_found"},
	{code: 24, cause: "not_found"},
	{code: 2500, cause: "path"},

	{code: 1, text: "reduce the amount of data", cause: causeTooMuchData},
	{code: 1, last: 2, cause: causeServer},
	{code: -2, last: -1, cause: causeServer},

	{code: 4, subcode: 2207051, cause: "spam"},
	{code: 4, cause: CauseAppLimit},
	{code: 17, cause: CauseRateLimit},
	{code: 32, cause: CauseRateLimit},
	{code: 341, cause: CauseRateLimit},
	{code: 613, cause: CauseRateLimit},
	{code: 80002, cause: CauseRateLimit},
	{code: 368, cause: "policy"},

	{code: 9, subcode: 2207042, cause: "publish_limit"},
	{code: 25, cause: CauseRestricted},
	{code: 9007, cause: "media_not_ready"},
	{code: 36000, last: 36004, cause: "media_refused"},
	{code: 352, cause: "media_refused"},
	{code: 9004, cause: "media_refused"},
	{code: 551, cause: "unavailable_person"},
	{code: 506, cause: "duplicate"},
	{code: 1609005, cause: "bad_link"},
}

// shown recognizes what Instagram shows to people only: on its own pages, which never come back to
// the app, and in the error_description of a callback.
var shown = []rule{
	{text: "insufficient developer role", cause: CauseNoRole},
	{text: "development mode", cause: "app_inactive"},
	{text: "app is not active", cause: "app_inactive"},
	{text: "feature unavailable", cause: "app_not_reviewed"},
	{text: "must be an administrator, editor, or moderator", cause: "wrong_product"},
	{text: "400 session invalid", cause: "popup"},
	{text: "page isn't available", cause: "page_unavailable"},
	{text: "content isn't available", cause: "page_unavailable"},
	{text: "url blocked", cause: "wrong_product"},
	{text: "not whitelisted", cause: "wrong_product"},
	// Without its call the text is most often the one of a refused account.
	{text: "unsupported request - method type: post", cause: "method_post"},
	{text: "unsupported request - method type", cause: CauseNoRole},
}

// Recognize finds the known case in a text as Instagram shows it: on a page of its log-in, in the
// error_description of a callback, or in a message that somebody copied from a log. It returns ""
// when there is none. For an [Error] its Cause is better, which knows the numbers too.
func Recognize(literal string) Cause {
	literal = fold(literal)
	for _, table := range [][]rule{shown, rules} {
		for _, r := range table {
			if r.text != "" && !r.vague && strings.Contains(literal, r.text) {
				return r.cause
			}
		}
	}
	return ""
}

// KnowsCode says whether the code is one that Instagram is known to send.
func KnowsCode(code int) bool {
	return slices.ContainsFunc(rules, func(r rule) bool { return r.code != anyCode && code >= r.code && code <= max(r.code, r.last) })
}

// Diagnose finds the known case of a refusal by its call, its numbers and its message; "" when there is none. The
// errors of this client have it as their Cause.
func Diagnose(e *Error) Cause {
	message := fold(e.Message)
	for _, r := range rules {
		if r.matches(e, message) {
			return r.cause
		}
	}
	return ""
}

func (r rule) matches(e *Error, message string) bool {
	return strings.HasPrefix(e.Call, r.call) &&
		(r.code == anyCode || e.Code >= r.code && e.Code <= max(r.code, r.last)) &&
		(r.subcode == 0 || e.Subcode == r.subcode) &&
		strings.Contains(message, r.text)
}

func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "’", "'")
}
