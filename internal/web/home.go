package web

import (
	"cmp"
	"errors"
	"net/http"

	"latchkey/internal/store"
)

// homeView is the owner's page.
type homeView struct {
	layout
	Name, Username, Kind string
	Initials, Picture    string
	Connection           connectionView
	// Followers, Follows and Posts are empty when Instagram did not say.
	Followers, Follows, Posts string
	// ConnectedAt is when Instagram gave the numbers.
	ConnectedAt dateTime
	// Refused is what she did not allow; nil where there is nothing to say of it.
	Refused []scopeView
}

// welcomeView is the login button.
type welcomeView struct {
	layout
	// Wanted says that somebody wanted a page for which one has to be signed in.
	Wanted bool
}

// home is the login button, or the owner's page when she is signed in. One who was turned away before
// from another page of hers goes on there.
func (h *Handler) home(w http.ResponseWriter, r *http.Request) {
	c, err := h.signedIn(r)
	wanted := h.returnTo(r)
	switch {
	case err == nil && wanted != "":
		h.clearReturn(w)
		redirect(w, http.StatusSeeOther, wanted)
	case err == nil:
		h.render(w, r, http.StatusOK, parsed().home, h.homeView(h.reader(r), c))
	case errors.Is(err, store.ErrNotFound):
		h.clearGoneSession(w, r, err)
		v := welcomeView{layout: h.layout("Connect Instagram"), Wanted: wanted != ""}
		v.Here = "/"
		h.render(w, r, http.StatusOK, parsed().welcome, v)
	default:
		h.fail(w, r, "find who is signed in", err)
	}
}

func (h *Handler) homeView(at reader, c store.Connection) homeView {
	name := cmp.Or(c.Name, c.Username)
	v := homeView{
		layout:      h.ownerLayout(name, "/"),
		Name:        name,
		Username:    c.Username,
		Kind:        accountKind(c.AccountType),
		Initials:    initials(c),
		Picture:     pictureAddress(c),
		Followers:   numberOf(c.Followers),
		Follows:     numberOf(c.Follows),
		Posts:       numberOf(c.Media),
		Connection:  h.connectionView(at, c),
		ConnectedAt: at.dateTime(c.ConnectedAt),
	}
	if c.Status != store.StatusDisconnected {
		v.Refused = scopesOf(c).Refused
	}
	return v
}
