package web

import (
	"net/http"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// recordShown is how many lines of a connection's record its owner sees.
const recordShown = 20

// accountView is the owner's page about her connection.
type accountView struct {
	frame
	ID, Username, Kind string
	Connection         connectionView
	ConnectedAt        moment
	Scopes             scopesView
	Record             []recordView
}

// recordView is one line of the record of a connection.
type recordView struct {
	At   moment
	Text string
}

func (h *Handler) account(w http.ResponseWriter, r *http.Request, c store.Connection) {
	events, err := h.Store.Events(r.Context(), c.ID, recordShown)
	if err != nil {
		h.fail(w, r, "read the record of "+c.ID, err)
		return
	}
	h.render(w, r, http.StatusOK, parsed().account, accountView{
		frame:       frame{Title: "Your connection", SignedIn: true},
		ID:          c.ID,
		Username:    c.Username,
		Kind:        accountKind(c.AccountType),
		Connection:  connectionViewOf(c, h.Now()),
		ConnectedAt: momentOf(c.ConnectedAt),
		Scopes:      scopesOf(c),
		Record:      recordOf(events),
	})
}

func recordOf(events []store.Event) []recordView {
	lines := make([]recordView, len(events))
	for i, e := range events {
		lines[i] = recordView{At: momentOf(e.At), Text: eventWords(e)}
	}
	return lines
}

// eventWords tells an event to the owner.
func eventWords(e store.Event) string {
	switch e.Kind {
	case store.EventConnected:
		return "You logged in with Instagram"
	case store.EventTokenOpened:
		return "Your permission was taken out by " + callerWords(e.Caller)
	case store.EventDisconnected:
		return "Disconnected by " + callerWords(e.Caller) + "; the permission was destroyed"
	default:
		return string(e.Kind) + ", by " + callerWords(e.Caller)
	}
}

// callerWords tells the owner who did something.
func callerWords(caller string) string {
	switch vault.Caller(caller) {
	case vault.CallerOwner:
		return "you"
	case vault.CallerLogin:
		return "a login"
	case vault.CallerCommandLine:
		return "whoever runs this server"
	default:
		return caller
	}
}
