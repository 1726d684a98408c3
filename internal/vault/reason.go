package vault

import (
	"latchkey/instagram"
	"latchkey/internal/i18n"
)

// reasons tell an owner why only she can revive her connection, for each cause that says more than that.
var reasons = map[instagram.Cause]string{
	instagram.CauseTokenExpired:    "The permission ran out at Instagram before it could be extended.",
	instagram.CausePasswordChanged: "Instagram ended the permission because the password changed, or for security.",
	instagram.CauseCheckpoint:      "Instagram wants to see you first: open Instagram and answer what it asks.",
	instagram.CauseRoleLost:        "The account lost its role on this app at Instagram.",
	instagram.CauseAppRemoved:      "The app was removed in the settings at Instagram.",
}

// Reason tells an owner why only she can revive her connection.
func Reason(cause instagram.Cause) string {
	if reason, ok := reasons[cause]; ok {
		return reason
	}
	return "Instagram no longer accepts the permission."
}

// CauseOf is the cause of which a reason tells; empty where it says too little. What Instagram answers
// after the connection was given up may have another.
func CauseOf(reason string) instagram.Cause {
	for cause, known := range reasons {
		if reason == known {
			return cause
		}
	}
	return ""
}

// OwnerReason tells a reason, which is kept in the words of an operator, to the owner in her language. One that is
// none of these stays as it is.
func OwnerReason(l *i18n.Language, reason string) string {
	if cause := CauseOf(reason); cause != "" {
		return l.Text("reason." + string(cause))
	}
	if reason == Reason("") {
		return l.Text("reason.other")
	}
	return reason
}
