package web

import (
	"net/http"

	"latchkey/internal/store"
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
		Connection:  h.connectionView(c),
		ConnectedAt: momentOf(c.ConnectedAt),
		Scopes:      scopesOf(c),
		Record:      recordOf(events),
	})
}
