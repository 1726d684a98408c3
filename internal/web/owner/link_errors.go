package owner

import (
	"net/http"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// linkErrors says, for each purpose of a one-time link and for each way in which one does not do,
// what its holder sees. Of a link to connect again she reads the same as at its login.
var linkErrors = map[store.Purpose]map[error]page.Error{
	store.LinkReconnect: {
		store.ErrNotFound: {
			Status: http.StatusNotFound, Tone: "warn", Text: "refusal.link_unknown",
			Chip: "chip.nothing_here", Kept: "kept.unchanged", Again: "link.login",
		},
		store.ErrTaken: {
			Status: http.StatusConflict, Tone: "warn", Text: "refusal.link_used",
			Chip: "chip.already_used", Kept: "kept.unchanged_now", Again: "link.login",
		},
		store.ErrExpired: {
			Status: http.StatusGone, Tone: "warn", Text: "refusal.link_expired",
			Chip: "chip.too_old", Kept: "kept.unchanged", Again: "link.login",
		},
	},
	store.LinkConfirm: {
		store.ErrNotFound: unknownMailLink,
		store.ErrTaken: {
			Status: http.StatusConflict, Tone: "warn", Text: "mail_link.confirm_used", Chip: "chip.already_used",
		},
		store.ErrExpired: {
			Status: http.StatusGone, Tone: "warn", Text: "mail_link.confirm_expired", Chip: "chip.nothing_done", Again: "link.login",
		},
	},
	store.LinkStop: {
		store.ErrNotFound: unknownMailLink,
		store.ErrExpired: {
			Status: http.StatusGone, Tone: "warn", Text: "mail_link.stop_expired", Chip: "chip.nothing_done", Again: "link.login",
		},
	},
}

var unknownMailLink = page.Error{
	Status: http.StatusNotFound, Tone: "warn", Text: "mail_link.unknown", Chip: "chip.nothing_here", Again: "link.login",
}
