package web

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/store"
)

// fingerprintLen is how much of a state's hash the cookie of a refusal keeps: enough to tell the logins
// of one browser apart.
const fingerprintLen = 16

// A callback is good for one try, and its address holds a code and a state. So every page that
// answers one has an address of its own, refusedPath and its word. A script puts it into the address
// bar. Where none runs, the page that is loaded again comes from the same word, which a cookie keeps.
const (
	callbackPath = "/auth"
	refusedPath  = callbackPath + "?refused="
)

// wordOf names the page of a kind in addresses.
func wordOf(k login.Kind) string { return strings.ReplaceAll(string(k), " ", "-") }

// pageOf is the page with a word; false when there is none.
func (h *Handler) pageOf(r *http.Request, word string) (errorPage, bool) {
	for _, failure := range []errorPage{internalError, storeDown, storeReadOnly} {
		if failure.word == word {
			failure.Again = tryAgain
			return failure, true
		}
	}
	for kind := range refusals {
		if wordOf(kind) == word {
			return h.refusal(r, &login.Refusal{Kind: kind}), true
		}
	}
	return errorPage{}, false
}

// askedAgain says whether the query of a callback is none of Instagram's, but the address of a page that
// answered one, and which.
func askedAgain(rawQuery string) (word string, ok bool) {
	q, err := url.ParseQuery(rawQuery)
	return q.Get("refused"), err == nil && len(q) == 1 && len(q["refused"]) == 1
}

// remember lets the browser keep which page answered the callback with this state, for as long as the
// login is remembered.
func (h *Handler) remember(w http.ResponseWriter, state instagram.Secret, word string) {
	if state.IsZero() {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: refusedCookie, Value: word + "." + fingerprint(state), Path: callbackPath, MaxAge: int(login.BindingLife / time.Second),
		Secure: h.https(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// remembered is the page that answered the callback with this state in this browser; false when none
// is known.
func (h *Handler) remembered(r *http.Request, state instagram.Secret) (errorPage, bool) {
	c, err := r.Cookie(refusedCookie)
	if err != nil {
		return errorPage{}, false
	}
	word, of, _ := strings.Cut(c.Value, ".")
	if of != fingerprint(state) {
		return errorPage{}, false
	}
	return h.pageOf(r, word)
}

// fingerprint tells a state from others, and does not say what it is.
func fingerprint(state instagram.Secret) string {
	hash := store.HashOf(state.Reveal())
	return hex.EncodeToString(hash[:fingerprintLen/2])
}
