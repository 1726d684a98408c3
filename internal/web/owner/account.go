package owner

import (
	"net/http"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// accountView is the owner's page about her connection.
type accountView struct {
	page.Layout
	ID, Username, Kind string
	Connection         connectionView
	ConnectedAt        page.DateTime
	Scopes             scopesView
	History            []historyLine
	// Mail is nil when this server sends none.
	Mail      *contactView
	Zone      zoneView
	Languages languageView
}

// formError is what the owner gave and what did not do, and the status of the answer: an address and why it does
// not, or why a time zone or a language does not. Why are keys of the catalogue.
type formError struct {
	address, why   string
	zone, language string
	status         int
}

func (h *Handler) account(w http.ResponseWriter, r *http.Request, c store.Connection) {
	h.showAccount(w, r, c, formError{status: http.StatusOK})
}

// showAccount shows the owner's page about her connection, with what is wrong with what she gave,
// if anything.
func (h *Handler) showAccount(w http.ResponseWriter, r *http.Request, c store.Connection, wrong formError) {
	events, err := h.Events.Events(r.Context(), c.ID, historyRead)
	if err != nil {
		h.Fail(w, r, "read the history of "+c.ID, err)
		return
	}
	mail, err := h.contactView(r, c)
	if err != nil {
		h.Fail(w, r, "read the mail address of "+c.ID, err)
		return
	}
	at := h.Reader(r)
	fault := func(why string) string {
		if why == "" {
			return ""
		}
		return at.Text(why)
	}
	title := at.Text("account.title")
	if wrong.status != http.StatusOK {
		title = at.Text("account.not_done")
	}
	v := accountView{
		Layout:      h.OwnerLayout(title, "/account"),
		ID:          c.ID,
		Username:    c.Username,
		Kind:        accountKind(at, c.AccountType),
		Connection:  h.connectionView(at, c),
		ConnectedAt: at.DateTime(c.ConnectedAt),
		Scopes:      scopesOf(at, c),
		History:     historyOf(at, events),
		Mail:        mail,
		Zone:        h.zoneView(r, at),
		Languages:   h.languageView(),
	}
	if wrong.why != "" && mail != nil {
		mail.Typed, mail.Fault = wrong.address, fault(wrong.why)
	}
	v.Zone.Fault, v.Languages.Fault = fault(wrong.zone), fault(wrong.language)
	v.Connection.Just = justDisconnected(at, events)
	page.Render(h.Kit, w, r, wrong.status, accountPage, v)
}
