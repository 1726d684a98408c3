package web

import (
	"net/http"

	"latchkey/internal/store"
)

// accountView is the owner's page about her connection.
type accountView struct {
	layout
	ID, Username, Kind string
	Connection         connectionView
	ConnectedAt        dateTime
	Scopes             scopesView
	History            []historyLine
	// Mail is nil when this server sends none.
	Mail *contactView
	Zone zoneView
}

func (h *Handler) account(w http.ResponseWriter, r *http.Request, c store.Connection) {
	h.showAccount(w, r, c, formError{status: http.StatusOK})
}

// showAccount shows the owner's page about her connection, with what is wrong with what she gave,
// if anything.
func (h *Handler) showAccount(w http.ResponseWriter, r *http.Request, c store.Connection, wrong formError) {
	events, err := h.Store.Events(r.Context(), c.ID, historyRead)
	if err != nil {
		h.fail(w, r, "read the history of "+c.ID, err)
		return
	}
	mail, err := h.contactView(r, c)
	if err != nil {
		h.fail(w, r, "read the mail address of "+c.ID, err)
		return
	}
	title := "Your connection"
	if wrong.why != "" && mail != nil {
		mail.Typed, mail.Fault = wrong.address, wrong.why
	}
	if wrong.status != http.StatusOK {
		title = "Not done: your connection"
	}
	at := h.reader(r)
	v := accountView{
		layout:      h.ownerLayout(title, "/account"),
		ID:          c.ID,
		Username:    c.Username,
		Kind:        accountKind(c.AccountType),
		Connection:  h.connectionView(at, c),
		ConnectedAt: at.dateTime(c.ConnectedAt),
		Scopes:      scopesOf(c),
		History:     historyOf(at, events),
		Mail:        mail,
		Zone:        h.zoneView(r),
	}
	v.Zone.Fault, v.Connection.Just = wrong.zone, justDisconnected(at, events)
	h.render(w, r, wrong.status, parsed().account, v)
}
