package login

import (
	"slices"

	"latchkey/instagram"
)

// The causes as which a login takes what names another one, or none.
const (
	// causeServer is an answer that Instagram itself calls passing, whatever else it says.
	causeServer instagram.Cause = "server"
	// causePermission is whatever is refused to a token without the permission that every call needs.
	causePermission instagram.Cause = "permission"
)

// kinds says, for each cause, which page an owner sees whose login it ends. The log has the advice of
// the same cause.
var kinds = map[instagram.Cause]Kind{
	"": Unclear,

	instagram.CauseCodeSpent: CodeRefused,
	"redirect_uri":           Misconfigured,
	"app_id":                 Misconfigured,
	"scope_name":             Misconfigured,
	"method":                 Misconfigured,
	instagram.CauseNoRole:    NoRole,
	"app_inactive":           Misconfigured,
	"popup":                  Misconfigured,
	"page_unavailable":       Misconfigured,
	"wrong_product":          Misconfigured,
	"app_not_reviewed":       Misconfigured,
	"app_secret":             Misconfigured,
	"app_unknown":            Misconfigured,
	"old_api":                Misconfigured,

	instagram.CauseAppDeactivated: Misconfigured,

	instagram.CauseTokenExpired:    CodeRefused,
	"token_invalid":                CodeRefused,
	"token_unreadable":             CodeRefused,
	"token_missing":                Misconfigured,
	instagram.CausePasswordChanged: CodeRefused,
	instagram.CauseAppRemoved:      CodeRefused,
	instagram.CauseCheckpoint:      Checkpoint,
	instagram.CauseRoleLost:        NoRole,
	"too_young":                    InstagramFails,
	"no_token":                     InstagramFails,

	causePermission:   Misconfigured,
	"advanced_access": Misconfigured,
	"capability":      Misconfigured,
	"debug_token":     Misconfigured,
	"appsecret_proof": Misconfigured,

	"few_viewers":         Unclear,
	"before_professional": Unclear,
	"method_post":         NoRole,
	"not_found":           Misconfigured,
	"metric":              Misconfigured,
	"field":               Misconfigured,
	"response_format":     Misconfigured,

	instagram.CauseMetricNotForMedia: Misconfigured,

	"period":             Misconfigured,
	"breakdown":          Misconfigured,
	"parameter":          Misconfigured,
	"path":               Misconfigured,
	"too_much_data":      InstagramFails,
	"media_refused":      Misconfigured,
	"media_not_ready":    InstagramFails,
	"unavailable_person": Misconfigured,
	"duplicate":          Misconfigured,
	"bad_link":           Misconfigured,

	instagram.CauseAppLimit: AppLimit,
	"rate_limit":            AccountLimit,
	instagram.CauseWait:     AccountLimit,
	"blocked":               Blocked,
	"policy":                Blocked,
	"spam":                  Blocked,
	"publish_limit":         Blocked,
	"restricted":            Checkpoint,

	causeServer:   InstagramFails,
	"unreachable": InstagramAway,
	"outage":      InstagramAway,
	"unreadable":  InstagramAway,
	"too_large":   InstagramAway,
	"address":     Misconfigured,
}

// byClass is the page for a cause that kinds does not have.
var byClass = map[instagram.Class]Kind{
	instagram.ClassReconnect: CodeRefused,
	instagram.ClassRetry:     InstagramFails,
	instagram.ClassHold:      Blocked,
	instagram.ClassOperator:  Misconfigured,
	instagram.ClassPermanent: Misconfigured,
	instagram.ClassIgnore:    Unclear,
}

// KindOf is the refusal of a login that ends by a cause, where nothing else is known of it.
func KindOf(cause instagram.Cause) Kind {
	if kind, ok := kinds[cause]; ok {
		return kind
	}
	return byClass[cause.Class()]
}

// read says what an answer of Instagram means in a login whose owner granted these scopes, nil when
// unknown: which page she sees, and for which cause (docs/instagram.md, Errors).
func read(e *instagram.Error, granted []string) (Kind, instagram.Cause) {
	cause := e.Cause
	if e.Class == instagram.ClassRetry && cause.Class() != instagram.ClassRetry {
		cause = causeServer
	}
	class := cause.Class()
	waits := class == instagram.ClassRetry || class == instagram.ClassHold
	if !waits && granted != nil && !slices.Contains(granted, instagram.ScopeBasic) {
		return BasicMissing, causePermission
	}
	return KindOf(cause), cause
}

// readDenial is read for a refusal in the callback itself.
func readDenial(e *instagram.Error) (Kind, instagram.Cause) {
	switch {
	case e.Cause != "":
		return KindOf(e.Cause), e.Cause
	case e.Type == "server_error", e.Type == "temporarily_unavailable":
		return InstagramFails, causeServer
	case e.Type == "access_denied":
		return Cancelled, ""
	default:
		return Misconfigured, ""
	}
}
