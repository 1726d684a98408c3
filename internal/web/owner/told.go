package owner

import (
	"strings"
	"time"

	"latchkey/internal/page"
	"latchkey/internal/vault"
)

// toldText tells what the history keeps of a notice, in words for whoever reads the log, to the owner. What is kept
// in another shape, as by another version of the program, is told without its particulars.
func toldText(at page.Reader, message string) string {
	const toOperator = "whoever runs this server"
	if need, ok := strings.CutPrefix(message, "Whoever runs this server was told by mail: "); ok {
		return at.Text("history.told.operator", "need", needText(at, need))
	}
	if need, ok := strings.CutPrefix(message, "Whoever runs this server was told: "); ok {
		return at.Text("history.told.log", "need", needText(at, need))
	}
	if told, ok := strings.CutPrefix(message, "Told by mail to "); ok {
		if address, need, ok := strings.Cut(told, ": "); ok {
			return at.Text("history.told.owner", "address", address, "need", needText(at, need))
		}
	}
	if asked, ok := strings.CutPrefix(message, "A mail to confirm the address "); ok {
		return at.Text("history.told.asked_to_confirm", "address", strings.TrimSuffix(asked, " was asked for."))
	}
	mailed, ok := strings.CutPrefix(message, "The mail to ")
	if !ok {
		return at.Text("history.told.other")
	}
	for _, end := range []struct{ kept, owner, operator string }{
		{" is refused; told in the log instead", "refused_logged", "operator_refused"},
		{" is refused", "refused", "operator_refused"},
		{" could not be sent; it is tried again in ten minutes", "failed", "operator_failed"},
	} {
		switch address, ok := strings.CutSuffix(mailed, end.kept); {
		case !ok:
		case address == toOperator:
			return at.Text("history.told." + end.operator)
		default:
			return at.Text("history.told."+end.owner, "address", address)
		}
	}
	return at.Text("history.told.other")
}

// needText tells what the owner was needed for.
func needText(at page.Reader, need string) string {
	if reason, ok := strings.CutPrefix(need, "the connection needs a login."); ok {
		if reason = strings.TrimSpace(reason); reason == "" {
			return at.Text("history.told.need_login")
		}
		return at.Text("history.told.need_login_why", "reason", vault.OwnerReason(at.Language, reason))
	}
	if date, ok := strings.CutPrefix(need, "the connection is not extended and runs out on "); ok {
		if day, err := time.Parse("2 January 2006.", date); err == nil {
			return at.Text("history.told.need_extension", "day", at.Day(day, true))
		}
	}
	return need
}
