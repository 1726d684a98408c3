package web

import (
	"net/http"

	"latchkey/internal/login"
	"latchkey/internal/store"
)

// linkErrors says, for each purpose of a one-time link and for each way in which one does not do,
// what its holder sees.
var linkErrors = map[store.Purpose]map[error]errorPage{
	store.LinkReconnect: {
		store.ErrNotFound: refusals[login.LinkUnknown],
		store.ErrTaken:    refusals[login.LinkUsed],
		store.ErrExpired:  refusals[login.LinkExpired],
	},
	store.LinkConfirm: {
		store.ErrNotFound: unknownMailLink,
		store.ErrTaken: {
			status: http.StatusConflict, Tone: "warn", Chip: "Already used",
			Headline: "This address was confirmed before.",
			Happened: []string{"The link works once, and it was used. If that was you, there is nothing left to do."},
			Next:     []string{"Your own page says whether mail goes to this address."},
		},
		store.ErrExpired: {
			status: http.StatusGone, Tone: "warn", Chip: "Nothing done",
			Headline: "This link is too old to confirm an address.",
			Happened: []string{"Such a link is good for seven days. Nothing was changed."},
			Next:     []string{"Log in and open “Your connection”: it says whether mail goes to this address, and sends a new link if you ask for it."},
			Again:    "Log in with Instagram",
		},
	},
	store.LinkStop: {
		store.ErrNotFound: unknownMailLink,
		store.ErrExpired: {
			status: http.StatusGone, Tone: "warn", Chip: "Nothing done",
			Headline: "This link is too old to stop the mail.",
			Happened: []string{"Nothing was changed."},
			Next:     []string{"If mail still comes, use the link in the newest one. Or log in, open “Your connection”, and have the address forgotten there."},
			Again:    "Log in with Instagram",
		},
	},
}

var unknownMailLink = errorPage{
	status: http.StatusNotFound, Tone: "warn", Chip: "Nothing here",
	Headline: "We do not know this link.",
	Happened: []string{"It may be cut short, or so old that we forgot it; or the address that it was sent to was taken back since. Nothing was changed."},
	Next:     []string{"Open the link once more from the mail, whole. Mail to you is switched on and off on your own page as well: log in and open “Your connection”."},
	Again:    "Log in with Instagram",
}
