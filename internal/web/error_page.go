package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"latchkey/internal/middleware"
	"latchkey/internal/store"
)

// pingWithin bounds how long a page waits to learn whether the store is away.
const pingWithin = 2 * time.Second

// whatWentWrong is what the log says about a failure.
const whatWentWrong = "says what went wrong"

// errorPage says what happened and what to do next.
type errorPage struct {
	status int
	// word names the page in addresses; empty where no callback is answered with it.
	word string
	// retryAfter is sent along when it is not zero.
	retryAfter time.Duration
	// Tone is "warn" for what the visitor can put right, "bad" for what is lost or ours.
	Tone, Chip, Headline string
	// Happened are paragraphs, Next is what to do: one is a paragraph, several are steps.
	Happened, Next []string
	// Kept says that nothing is lost; it may be empty.
	Kept string
	// Again is what the link to the login says; empty shows the way home instead.
	Again string
	// login says that a login did not begin or did not finish, and that nothing was changed by it.
	login bool
}

// errorPageView is an error page with what belongs to this request.
type errorPageView struct {
	layout
	errorPage
	Contact operatorContact
	// Request is the request's id when the log says more under it, Log what it says; else empty.
	Request, Log string
}

var (
	pageNotFound = errorPage{
		status: http.StatusNotFound, Tone: "warn", Chip: "Nothing here",
		Headline: "There is no such page.",
		Happened: []string{"The address may be mistyped, or the page is gone."},
	}
	methodNotAllowed = errorPage{
		status: http.StatusMethodNotAllowed, Tone: "warn", Chip: "Nothing done",
		Headline: "This address does something else.",
		Happened: []string{"The page was asked for in a way that it does not answer. Nothing was changed."},
	}
	crossOrigin = errorPage{
		status: http.StatusForbidden, Tone: "warn", Chip: "Nothing done",
		Headline: "This did not come from our own page.",
		Happened: []string{"Your browser says that another site sent it here to do something. To be safe, nothing was done."},
		Next:     []string{"If it was you who pressed a button, go to the front page and do it from there."},
	}
	tooManyLogins = errorPage{
		status: http.StatusTooManyRequests, Tone: "warn", Chip: notIn,
		Headline: "Too many logins from your network.",
		Happened: []string{"Many logins started from your network within a short time, so this one was held back."},
		Kept:     "Nothing was changed.",
		Next:     []string{"Wait a minute, then log in again."},
		Again:    tryAgain, login: true,
	}
	storeDown = errorPage{
		status: http.StatusServiceUnavailable, word: "records-away", retryAfter: 10 * time.Second, Tone: "warn", Chip: "Back soon",
		Headline: "We cannot reach our own records.",
		Happened: []string{"The place where this server keeps its records does not answer at the moment. Nothing that was saved is lost."},
		Next:     []string{"This usually ends by itself. Wait a little, then load the page again; if you were logging in, log in once more."},
	}
	storeReadOnly = errorPage{
		status: http.StatusServiceUnavailable, word: "records-closed", retryAfter: time.Minute, Tone: "bad", Chip: "Our fault",
		Headline: "We cannot write to our own records.",
		Happened: []string{"The place where this server keeps its records takes nothing new, such as a disk that is full. What you just did was not saved. What was saved before is untouched."},
		Next:     []string{"Whoever runs this server has to put it right: tell them, and try again later."},
	}
	internalError = errorPage{
		status: http.StatusInternalServerError, word: "our-fault", Tone: "bad", Chip: "Our fault",
		Headline: "Something went wrong on our side.",
		Happened: []string{"This is a fault of the server, not of yours. What was saved before is untouched."},
		Next:     []string{"Try it once more. If it happens again, tell whoever runs this server."},
	}
)

func (h *Handler) notFound(w http.ResponseWriter, r *http.Request) {
	h.renderError(w, r, pageNotFound, "")
}

// methodNotAllowedFor answers for a route that is there, but not for this method.
func (h *Handler) methodNotAllowedFor(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		h.renderError(w, r, methodNotAllowed, "")
	}
}

func (h *Handler) tooManyLogins(w http.ResponseWriter, r *http.Request) {
	h.renderError(w, r, tooManyLogins, "")
}

// Panicked writes the page of a request whose handler panicked.
func (h *Handler) Panicked(w http.ResponseWriter, r *http.Request) {
	h.renderFailure(w, r, internalError)
}

// CrossOrigin writes the page of a request that another site made a browser send.
func (h *Handler) CrossOrigin(w http.ResponseWriter, r *http.Request) {
	h.renderError(w, r, crossOrigin, "says which two addresses differ")
}

// fail answers for what went wrong without being a refusal.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	if h.goneMeanwhile(w, err) {
		return
	}
	h.renderFailure(w, r, h.failure(r, doing, err))
}

// goneMeanwhile sends home who was erased while she asked for something: that is no failure of ours.
func (h *Handler) goneMeanwhile(w http.ResponseWriter, err error) bool {
	if !errors.Is(err, store.ErrNotFound) {
		return false
	}
	h.clearSession(w)
	redirect(w, http.StatusSeeOther, "/")
	return true
}

// failure logs what went wrong and says which page is for it: that the store takes nothing, or that it
// is away when it is, or as good as away, else that it is our fault.
func (h *Handler) failure(r *http.Request, doing string, err error) errorPage {
	h.logFailure(r, doing, err)
	for _, unwritable := range []error{store.ErrFull, store.ErrReadOnly, store.ErrDamaged} {
		if errors.Is(err, unwritable) {
			return storeReadOnly
		}
	}
	if errors.Is(err, store.ErrBusy) || errors.Is(err, store.ErrAway) {
		return storeDown
	}
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	if h.Store.Ping(ctx) != nil {
		return storeDown
	}
	return internalError
}

func (h *Handler) logFailure(r *http.Request, doing string, err error) {
	if left := r.Context().Err(); left != nil && errors.Is(err, left) {
		return // the visitor left, and with it went what was asked for
	}
	h.Log.ErrorContext(r.Context(), "a page failed", "doing", doing, "error", err)
}

// renderError writes an error page. The log is what the log says under the request's id; empty
// when it says nothing more than that there was a request. An owner who is signed in keeps her way to
// her pages, and reads of a login that it changed nothing.
func (h *Handler) renderError(w http.ResponseWriter, r *http.Request, t errorPage, log string) {
	f := h.layout(t.Headline)
	if h.knows(r) {
		f = h.ownerLayout(t.Headline, "")
		if t.login {
			t.Tone, t.Chip, t.Kept = "off", unchanged, stillIn
		}
	}
	h.renderErrorIn(w, r, f, t, log)
}

// renderFailure writes the page of a failure. It asks nobody who is signed in: what failed may be just that.
func (h *Handler) renderFailure(w http.ResponseWriter, r *http.Request, failure errorPage) {
	h.renderErrorIn(w, r, h.layout(failure.Headline), failure, whatWentWrong)
}

// renderErrorIn writes an error page in a layout. The address of the request may be anything, a callback
// or the secret of a link included.
func (h *Handler) renderErrorIn(w http.ResponseWriter, r *http.Request, f layout, t errorPage, log string) {
	shortReferrer(w)
	if t.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(t.retryAfter.Seconds())))
	}
	if r.URL.Path == callbackPath && t.word != "" {
		f.AddressBar = refusedPath + t.word
	}
	v := errorPageView{layout: f, errorPage: t, Contact: operatorContactOf(h.Contact)}
	if id := middleware.RequestID(r.Context()); id != "" && log != "" {
		v.Request, v.Log = id, log
	}
	h.render(w, r, t.status, parsed().errorPage, v)
}

// knows says whether the owner who sent the request is signed in, as far as that can be told in time.
func (h *Handler) knows(r *http.Request) bool {
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	_, err := h.signedIn(r.WithContext(ctx))
	return err == nil
}
