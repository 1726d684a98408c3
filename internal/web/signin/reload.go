package signin

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

// fingerprintLen is how much of a state's hash the cookie of a refusal keeps: enough to tell the logins
// of one browser apart.
const fingerprintLen = 16

// wordOf names the page of a kind in addresses.
func wordOf(k login.Kind) string { return strings.ReplaceAll(string(k), " ", "-") }

// The page of a refusal can be loaded again: by its own address, or, where no script put that into the address bar,
// by the word that a cookie keeps.

// pageOf is the page with a word; false when there is none. It tells of an earlier request, of which the log says
// nothing under this one's id.
func (h *Handler) pageOf(r *http.Request, word string) (page.Error, bool) {
	for _, failure := range []page.Error{page.Internal, page.StoreAway, page.StoreReadOnly} {
		if failure.Word == word {
			failure.Again, failure.Log = "link.try_again", ""
			return failure, true
		}
	}
	for kind := range refusals {
		if wordOf(kind) == word {
			return h.refusalPage(r, &login.Refusal{Kind: kind}), true
		}
	}
	return page.Error{}, false
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
	h.SetPathCookie(w, refusedCookie, word+"."+fingerprint(state), page.CallbackPath, login.BindingLife)
}

// remembered is the page that answered the callback with this state in this browser; false when none
// is known.
func (h *Handler) remembered(r *http.Request, state instagram.Secret) (page.Error, bool) {
	c, err := r.Cookie(refusedCookie)
	if err != nil {
		return page.Error{}, false
	}
	word, of, _ := strings.Cut(c.Value, ".")
	if of != fingerprint(state) {
		return page.Error{}, false
	}
	return h.pageOf(r, word)
}

// fingerprint tells a state from others, and does not say what it is.
func fingerprint(state instagram.Secret) string {
	hash := store.HashOf(state.Reveal())
	return hex.EncodeToString(hash[:fingerprintLen/2])
}
