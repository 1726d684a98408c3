package owner

import (
	"net/http"
	"time"

	"latchkey/internal/page"
)

type privacyView struct {
	page.Layout
	// Mails says that owners can have mail from here.
	Mails bool
	// RecordDays is for how many days the lines of a record are kept; 0 is until it is erased.
	RecordDays int
	Contact    page.OperatorContact
}

func (h *Handler) privacy(w http.ResponseWriter, r *http.Request) {
	_, err := h.SignedIn(r)
	v := privacyView{Layout: h.Layout(h.Language(r).Text("privacy.title")), Mails: h.sendsMail(), RecordDays: int(h.KeepEvents / (24 * time.Hour)), Contact: page.ContactOf(h.Contact)}
	v.SignedIn, v.Here = err == nil, "/privacy"
	page.Render(h.Kit, w, r, http.StatusOK, privacyPage, v)
}
