package login

import (
	"errors"

	"latchkey/internal/metrics"
)

// Kind says why a login did not begin or finish.
type Kind string

// The kinds of refusals. Each has a page of its own.
const (
	// Cancelled is an owner who said no on Instagram's page.
	Cancelled Kind = "cancelled"
	// PersonalAccount is an account that is not professional.
	PersonalAccount Kind = "personal account"
	// NotAllowed is an account that the operator did not list.
	NotAllowed Kind = "not allowed"
	// BasicMissing is an owner who switched off the permission that every call needs.
	BasicMissing Kind = "basic permission missing"
	// NoRole is an account that Instagram does not let use this app yet.
	NoRole Kind = "no role"
	// Misconfigured is an app that its operator must set right at Meta or here.
	Misconfigured Kind = "misconfigured"
	// Checkpoint is an account of which Instagram wants something first.
	Checkpoint Kind = "checkpoint"
	// Blocked is an app or an account that Instagram blocks for a while.
	Blocked Kind = "blocked"
	// AppLimit is an app that has used up its calls.
	AppLimit Kind = "app limit"
	// AccountLimit is an account whose calls are used up.
	AccountLimit Kind = "account limit"
	// InstagramAway is an Instagram that does not answer, or answers with an outage.
	InstagramAway Kind = "instagram away"
	// InstagramFails is an Instagram that answers that it has trouble of its own.
	InstagramFails Kind = "instagram fails"
	// Unclear is an answer of Instagram that is not known here.
	Unclear Kind = "unclear"
	// NoIdentity is an Instagram that did not say whose account it is.
	NoIdentity Kind = "no identity"
	// CodeRefused is a code that Instagram no longer takes.
	CodeRefused Kind = "code refused"

	// BadCallback is a callback that Instagram does not make.
	BadCallback Kind = "bad callback"
	// StateUnknown is a state that is none of ours, or that ended long ago.
	StateUnknown Kind = "state unknown"
	// StateExpired is a login that took too long.
	StateExpired Kind = "state expired"
	// StateUsed is a callback that came before.
	StateUsed Kind = "state used"
	// InProgress is a callback whose twin is still at work.
	InProgress Kind = "in progress"
	// OtherBrowser is a callback in a browser that did not begin the login.
	OtherBrowser Kind = "other browser"

	// OtherAccount is a login through a reconnect link with an account that the link is not for.
	OtherAccount Kind = "other account"
	// LinkUnknown is a reconnect link that is none of ours, or that ended long ago.
	LinkUnknown Kind = "link unknown"
	// LinkUsed is a reconnect link through which somebody logged in before.
	LinkUsed Kind = "link used"
	// LinkExpired is a reconnect link that is too old.
	LinkExpired Kind = "link expired"
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{
		Cancelled, PersonalAccount, NotAllowed, BasicMissing, NoRole, Misconfigured, Checkpoint, Blocked,
		AppLimit, AccountLimit, InstagramAway, InstagramFails, Unclear, NoIdentity, CodeRefused,
		BadCallback, StateUnknown, StateExpired, StateUsed, InProgress, OtherBrowser,
		OtherAccount, LinkUnknown, LinkUsed, LinkExpired,
	}
}

// Final says whether a callback that was refused so gets no other answer when it comes again, because
// its login is used up.
func (k Kind) Final() bool {
	switch k {
	case StateUnknown, StateExpired, StateUsed, InProgress, OtherBrowser:
		return false
	default:
		return true
	}
}

// Refusal is a login that was refused, with nothing stored. What is not a Refusal is a failure of
// ours, such as a store that is away.
type Refusal struct {
	Kind Kind
	// Wanted is the id of the connection that the link of the login is for, with [OtherAccount].
	Wanted string
	// Logged says that the operator's log has Instagram's own words and what they mean.
	Logged bool
}

func (r *Refusal) Error() string { return "login refused: " + string(r.Kind) }

// ended counts a login by how it ended.
func (f *Flow) ended(err error) {
	outcome := metrics.LoginConnected
	if err != nil {
		outcome = metrics.Failed
	}
	if r, ok := errors.AsType[*Refusal](err); ok {
		outcome = string(r.Kind)
	}
	f.Metrics.LoggedIn(outcome)
}
