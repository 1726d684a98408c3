package page

import (
	"net/http"
	"slices"
	"time"
)

const (
	wantedCookie = "latchkey_wanted"
	// returnLife is how long a wanted page is remembered: as long as a login may take.
	returnLife = 10 * time.Minute
)

// returnPages are the pages to which a login brings back an owner who was turned away from one because
// she was not signed in.
var returnPages = []string{"/account", "/account/disconnect", "/account/erase"}

// rememberReturn remembers in the browser which page somebody wanted who is not signed in. What does something is not
// done later by itself: she comes back to the page it belongs to.
func (k *Kit) rememberReturn(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Path
	if r.Method != http.MethodGet || !slices.Contains(returnPages, page) {
		page = returnPages[0]
	}
	k.SetCookie(w, wantedCookie, page, returnLife)
}

// ReturnTo is the page that this browser wanted; empty when it is none of ours to come back to.
func (k *Kit) ReturnTo(r *http.Request) string {
	page := k.Cookie(r, wantedCookie)
	if !slices.Contains(returnPages, page) {
		return ""
	}
	return page
}

// ClearReturn forgets the page that this browser wanted.
func (k *Kit) ClearReturn(w http.ResponseWriter) {
	k.SetCookie(w, wantedCookie, "", -time.Second)
}
