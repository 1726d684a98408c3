package page

import (
	"net/http"
	"strings"
	"time"

	"latchkey/internal/i18n"
)

const languageCookie = "latchkey_language"

// choiceLife is how long a browser keeps what its owner chose: as long as browsers keep anything.
const choiceLife = 400 * 24 * time.Hour

// Language is the one that the browser's owner chose, else the one that the browser asks for.
func (k *Kit) Language(r *http.Request) *i18n.Language {
	if l, ok := i18n.Find(k.Cookie(r, languageCookie)); ok {
		return l
	}
	return i18n.Match(strings.Join(r.Header.Values("Accept-Language"), ","))
}

// SetLanguage keeps the language in which the browser's owner wants to read.
func (k *Kit) SetLanguage(w http.ResponseWriter, l *i18n.Language) {
	k.SetCookie(w, languageCookie, l.Code(), choiceLife)
}
