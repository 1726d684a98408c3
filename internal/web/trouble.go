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

// trouble is a page that says what happened and what to do next.
type trouble struct {
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

// troubleView is a trouble with what belongs to this request.
type troubleView struct {
	frame
	trouble
	Contact contact
	// Request is the request's id when the log says more under it, Log what it says; else empty.
	Request, Log string
}

var (
	noSuchPage = trouble{
		status: http.StatusNotFound, Tone: "warn", Chip: "Nothing here",
		Headline: "There is no such page.",
		Happened: []string{"The address may be mistyped, or the page is gone."},
	}
	noSuchMethod = trouble{
		status: http.StatusMethodNotAllowed, Tone: "warn", Chip: "Nothing done",
		Headline: "This address does something else.",
		Happened: []string{"The page was asked for in a way that it does not answer. Nothing was changed."},
	}
	foreignRequest = trouble{
		status: http.StatusForbidden, Tone: "warn", Chip: "Nothing done",
		Headline: "This did not come from our own page.",
		Happened: []string{"Your browser says that another site sent it here to do something. To be safe, nothing was done."},
		Next:     []string{"If it was you who pressed a button, go to the front page and do it from there."},
	}
	tooManyLogins = trouble{
		status: http.StatusTooManyRequests, Tone: "warn", Chip: notIn,
		Headline: "Too many logins from your network.",
		Happened: []string{"Many logins started from your network within a short time, so this one was held back."},
		Kept:     "Nothing was changed.",
		Next:     []string{"Wait a minute, then log in again."},
		Again:    tryAgain, login: true,
	}
	storeAway = trouble{
		status: http.StatusServiceUnavailable, word: "records-away", retryAfter: 10 * time.Second, Tone: "warn", Chip: "Back soon",
		Headline: "We cannot reach our own records.",
		Happened: []string{"The place where this server keeps its records does not answer at the moment. Nothing that was saved is lost."},
		Next:     []string{"This usually ends by itself. Wait a little, then load the page again; if you were logging in, log in once more."},
	}
	storeUnwritable = trouble{
		status: http.StatusServiceUnavailable, word: "records-closed", retryAfter: time.Minute, Tone: "bad", Chip: "Our fault",
		Headline: "We cannot write to our own records.",
		Happened: []string{"The place where this server keeps its records takes nothing new, such as a disk that is full. What you just did was not saved. What was saved before is untouched."},
		Next:     []string{"Whoever runs this server has to put it right: tell them, and try again later."},
	}
	ourFault = trouble{
		status: http.StatusInternalServerError, word: "our-fault", Tone: "bad", Chip: "Our fault",
		Headline: "Something went wrong on our side.",
		Happened: []string{"This is a fault of the server, not of yours. What was saved before is untouched."},
		Next:     []string{"Try it once more. If it happens again, tell whoever runs this server."},
	}
)

func (h *Handler) notFound(w http.ResponseWriter, r *http.Request) { h.show(w, r, noSuchPage, "") }

// otherMethod answers for a route that is there, but not for this method.
func (h *Handler) otherMethod(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		h.show(w, r, noSuchMethod, "")
	}
}

func (h *Handler) tooManyLogins(w http.ResponseWriter, r *http.Request) {
	h.show(w, r, tooManyLogins, "")
}

// Panicked writes the page of a request whose handler panicked.
func (h *Handler) Panicked(w http.ResponseWriter, r *http.Request) {
	h.showFailure(w, r, ourFault)
}

// CrossOrigin writes the page of a request that another site made a browser send.
func (h *Handler) CrossOrigin(w http.ResponseWriter, r *http.Request) {
	h.show(w, r, foreignRequest, "says which two addresses differ")
}

// fail answers for what went wrong without being a refusal.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	h.showFailure(w, r, h.failure(r, doing, err))
}

// failure logs what went wrong and says which page is for it: that the store takes nothing, or that it
// is away when it is, or as good as away, else that it is our fault.
func (h *Handler) failure(r *http.Request, doing string, err error) trouble {
	h.logFailure(r, doing, err)
	for _, unwritable := range []error{store.ErrFull, store.ErrReadOnly, store.ErrDamaged} {
		if errors.Is(err, unwritable) {
			return storeUnwritable
		}
	}
	if errors.Is(err, store.ErrBusy) || errors.Is(err, store.ErrAway) {
		return storeAway
	}
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	if h.Store.Ping(ctx) != nil {
		return storeAway
	}
	return ourFault
}

func (h *Handler) logFailure(r *http.Request, doing string, err error) {
	if left := r.Context().Err(); left != nil && errors.Is(err, left) {
		return // the visitor left, and with it went what was asked for
	}
	h.Log.ErrorContext(r.Context(), "a page failed", "doing", doing, "error", err)
}

// show writes a page about a trouble. The log is what the log says under the request's id; empty
// when it says nothing more than that there was a request. An owner who is signed in keeps her way to
// her pages, and reads of a login that it changed nothing.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, t trouble, log string) {
	f := h.frame(t.Headline)
	if h.knows(r) {
		f = h.ownersFrame(t.Headline, "")
		if t.login {
			t.Tone, t.Chip, t.Kept = "off", unchanged, stillIn
		}
	}
	h.showIn(w, r, f, t, log)
}

// showFailure writes the page of a failure. It asks nobody who is signed in: what failed may be just that.
func (h *Handler) showFailure(w http.ResponseWriter, r *http.Request, failure trouble) {
	h.showIn(w, r, h.frame(failure.Headline), failure, whatWentWrong)
}

// showIn writes a page about a trouble in a frame. The address of the request may be anything, a callback
// or the secret of a link included.
func (h *Handler) showIn(w http.ResponseWriter, r *http.Request, f frame, t trouble, log string) {
	shortReferrer(w)
	if t.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(t.retryAfter.Seconds())))
	}
	if r.URL.Path == callbackPath && t.word != "" {
		f.AddressBar = refusedPath + t.word
	}
	v := troubleView{frame: f, trouble: t, Contact: contactOf(h.Contact)}
	if id := middleware.RequestID(r.Context()); id != "" && log != "" {
		v.Request, v.Log = id, log
	}
	h.render(w, r, t.status, parsed().trouble, v)
}

// knows says whether the owner who sent the request is signed in, as far as that can be told in time.
func (h *Handler) knows(r *http.Request) bool {
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	_, err := h.signedIn(r.WithContext(ctx))
	return err == nil
}
