package web

import (
	"cmp"
	"errors"
	"net/http"

	"latchkey/internal/store"
)

// homeView is the owner's page.
type homeView struct {
	frame
	Name, Username, Kind string
	Initials, Picture    string
	Connection           connectionView
	Numbers              []numberView
	// ConnectedAt is when Instagram gave the numbers.
	ConnectedAt moment
	// ScopesUnsaid means that Instagram did not say what was granted.
	ScopesUnsaid bool
	Scopes       []scopeView
	// Refused means that something was asked for and not granted.
	Refused bool
}

// home is the login button, or the owner's page when she is signed in.
func (h *Handler) home(w http.ResponseWriter, r *http.Request) {
	c, err := h.signedIn(r)
	switch {
	case err == nil:
		h.render(w, r, http.StatusOK, parsed().home, h.homeView(c))
	case errors.Is(err, store.ErrNotFound):
		h.forget(w, r)
		h.render(w, r, http.StatusOK, parsed().welcome, frame{Title: "Connect Instagram"})
	default:
		h.fail(w, r, "find who is signed in", err)
	}
}

func (h *Handler) homeView(c store.Connection) homeView {
	name := cmp.Or(c.Name, c.Username)
	scopes, refused := scopesOf(c)
	return homeView{
		frame:    frame{Title: name, SignedIn: true},
		Name:     name,
		Username: c.Username,
		Kind:     accountKind(c.AccountType),
		Initials: initials(c),
		Picture:  pictureAddress(c),
		Numbers: []numberView{
			numberOf("Followers", "people who follow you", c.Followers),
			numberOf("Following", "accounts that you follow", c.Follows),
			numberOf("Posts", "on your profile", c.Media),
		},
		Connection:   connectionViewOf(c, h.Now()),
		ConnectedAt:  momentOf(c.ConnectedAt),
		ScopesUnsaid: c.Scopes == nil,
		Scopes:       scopes,
		Refused:      refused,
	}
}
