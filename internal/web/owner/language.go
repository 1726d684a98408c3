package owner

import (
	"errors"
	"net/http"

	"latchkey/internal/i18n"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

// languageView is what the owner's page says about the language of its texts.
type languageView struct {
	All []*i18n.Language
	// Mails says that the language of mail goes with it.
	Mails bool
	// Fault is why what she chose does not do.
	Fault string
}

func (h *Handler) languageView() languageView {
	return languageView{All: i18n.Languages(), Mails: h.sendsMail()}
}

// chooseLanguage takes the language in which the owner reads pages and mail.
func (h *Handler) chooseLanguage(w http.ResponseWriter, r *http.Request, c store.Connection) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	l, ok := i18n.Find(r.PostFormValue("language"))
	if !ok {
		h.showAccount(w, r, c, formError{status: http.StatusUnprocessableEntity, language: "language.unknown"})
		return
	}
	if h.sendsMail() {
		if err := h.Notices.SetLanguage(r.Context(), c.ID, l); err != nil && !errors.Is(err, store.ErrNotFound) {
			h.Fail(w, r, "keep the language of "+c.ID, err)
			return
		}
	}
	h.SetLanguage(w, l)
	page.Redirect(w, http.StatusSeeOther, "/account#language")
}
