package web

import (
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// endedBy says who ended a connection: "owner", "instagram" or "operator"; empty while it is not
// disconnected.
func endedBy(c store.Connection) string {
	if c.Status != store.StatusDisconnected {
		return ""
	}
	switch vault.EndedBy(c.StatusReason) {
	case vault.CallerOwner:
		return "owner"
	case vault.CallerRefresh:
		return "instagram" // the keeper of tokens ends a connection when the owner removed the app there
	default:
		return "operator"
	}
}

// ownerReasons has, for sentences that are kept in the words of an operator, the owner's.
var ownerReasons = map[string]string{
	"The account lost its role on this app at Instagram.": "Your account lost its role on this app at Instagram.",
	"The app was removed in the settings at Instagram.":   "You removed this app in your settings at Instagram.",
}

// ownerReason tells a reason to the owner herself.
func ownerReason(reason string) string {
	if words, ok := ownerReasons[reason]; ok {
		return words
	}
	return reason
}
