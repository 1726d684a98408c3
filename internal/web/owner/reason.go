package owner

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
