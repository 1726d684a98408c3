package instagram

import (
	"maps"
	"slices"
)

// Cause names a known case of an error, like "redirect_uri". The names are stable; "" is a case
// that is not known. What is known of each is data, and a program that helps an operator can use
// it beyond the errors of this client: see [Recognize].
type Cause string

// The causes that callers tell apart. For all others [Cause.Class] says enough.
const (
	CauseCodeSpent       Cause = "code_spent"       // the code is wrong, expired or used: the login begins again
	CauseNoRole          Cause = "no_role"          // the account has no role on an app without Advanced Access
	CauseAppRemoved      Cause = "app_removed"      // the owner removed the app from her account
	CauseTokenExpired    Cause = "token_expired"    // the token was not refreshed in time
	CausePasswordChanged Cause = "password_changed" // a change of the password, or a doubt about security, ended the session
	CauseCheckpoint      Cause = "checkpoint"       // Instagram wants to see the owner first
	CauseRoleLost        Cause = "role_lost"        // the account lost its role behind the token
	CauseAppLimit        Cause = "app_limit"        // the whole app has used up its calls
	CauseRateLimit       Cause = "rate_limit"       // the account has used up its calls
	CauseWait            Cause = "wait"             // Instagram asks the account to wait some minutes
	CauseRestricted      Cause = "restricted"       // Instagram restricted the account
	CauseAppDeactivated  Cause = "app_deactivated"  // Meta switched the app off, until its operator acts

	// CauseMetricNotForMedia is a metric that media of this kind do not have: the others are asked
	// without it.
	CauseMetricNotForMedia Cause = "metric_not_for_media"
)

// The causes that this package decides on by itself.
const (
	causePermission  Cause = "permission"
	causeAddress     Cause = "address"
	causeUnreachable Cause = "unreachable"
	causeOutage      Cause = "outage"
	causeUnreadable  Cause = "unreadable"
	causeTooLarge    Cause = "too_large"
	causeNoToken     Cause = "no_token"
	causeServer      Cause = "server"
	causeTooMuchData Cause = "too_much_data"
	causeOldAPI      Cause = "old_api"
)

// Causes lists the causes that an error of this client can have, "" for one that is not known among them.
func Causes() []Cause { return slices.Sorted(maps.Keys(causes)) }

// Class says what can be done about it; [ClassRetry] when it is not known.
func (c Cause) Class() Class { return c.known().class }

// Advice is a sentence for the operator: what this is and what to do about it.
func (c Cause) Advice() string { return c.Meaning() + ": " + c.Cure() + "." }

// Meaning is the first half of Advice, what this is: a sentence without its full stop.
func (c Cause) Meaning() string { return c.known().meaning }

// Cure is the second half of Advice, what to do about it, which begins in lower case.
func (c Cause) Cure() string { return c.known().cure }

func (c Cause) known() knowledge {
	if k, ok := causes[c]; ok {
		return k
	}
	return causes[""]
}

type knowledge struct {
	class         Class
	meaning, cure string
}
