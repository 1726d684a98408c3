package owner

import (
	"cmp"
	"net/http"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// homeView is the owner's page.
type homeView struct {
	page.Layout
	Name, Username, Kind string
	Initials, Picture    string
	Connection           connectionView
	// Followers, Follows and Posts are empty when Instagram did not say.
	Followers, Follows, Posts string
	// ConnectedAt is when Instagram gave the numbers.
	ConnectedAt page.DateTime
	// Refused is what she did not allow; nil where there is nothing to say of it.
	Refused []scopeView
}

// Home is the overview of an owner who is signed in.
func (h *Handler) Home(w http.ResponseWriter, r *http.Request, c store.Connection) {
	page.Render(h.Kit, w, r, http.StatusOK, homePage, h.homeView(h.Reader(r), c))
}

func (h *Handler) homeView(at page.Reader, c store.Connection) homeView {
	name := cmp.Or(c.Name, c.Username)
	v := homeView{
		Layout:      h.OwnerLayout(name, "/"),
		Name:        name,
		Username:    c.Username,
		Kind:        accountKind(at, c.AccountType),
		Initials:    initials(c),
		Picture:     pictureAddress(c),
		Followers:   at.Count(c.Followers),
		Follows:     at.Count(c.Follows),
		Posts:       at.Count(c.Media),
		Connection:  h.connectionView(at, c),
		ConnectedAt: at.DateTime(c.ConnectedAt),
	}
	if c.Status != store.StatusDisconnected {
		v.Refused = scopesOf(at, c).Refused
	}
	return v
}
