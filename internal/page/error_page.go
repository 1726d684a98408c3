package page

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"latchkey/internal/store"
)

// pingWithin bounds how long a page waits to learn whether the store is away.
const pingWithin = 2 * time.Second

// Error is a page that says what happened and what to do next.
type Error struct {
	Status int
	// RetryAfter is sent along when it is not zero.
	RetryAfter time.Duration
	// Tone is "warn" for what the visitor can put right, "bad" for what is lost or ours.
	Tone string
	// Text is where the catalogue has its headline, what happened and what to do next, and Args fill these in.
	Text string
	Args []any
	// Chip, Kept and Again are keys of the catalogue: the word above the headline, that nothing is lost, and what the
	// link to the login says. Without Kept nothing is said of it; without Again the page shows the way home.
	Chip, Kept, Again string
	// Login says that a login did not begin or did not finish, and that nothing was changed by it.
	Login bool
	// Log is the text that says what the log has under the request's id; empty when it has nothing more than that
	// there was a request.
	Log string
	// Word names the page in the address bar where it answers a callback; empty for one that never does.
	Word string
}

// A callback is good for one try, and its address holds a code and a state. So every page that
// answers one has an address of its own, RefusedPath and its word. A script puts it into the address
// bar.
const (
	CallbackPath = "/auth"
	RefusedPath  = CallbackPath + "?refused="
)

// errorView is an error page with what belongs to this request.
type errorView struct {
	Layout
	Tone, Chip, Headline, Kept, Again string
	Happened, Next                    []string
	Contact                           OperatorContact
	// Request says what the log has under the request's id; empty when it has nothing.
	Request template.HTML
}

var errorPage = New[errorView](NewSet(templates), "error")

// The pages of failures, which are ours.
var (
	// StoreAway is for a store that does not answer.
	StoreAway = Error{
		Status: http.StatusServiceUnavailable, RetryAfter: 10 * time.Second, Tone: "warn",
		Text: "error.store_away", Chip: "chip.back_soon", Log: whatWentWrong, Word: "records-away",
	}
	// StoreReadOnly is for a store that takes nothing.
	StoreReadOnly = Error{
		Status: http.StatusServiceUnavailable, RetryAfter: time.Minute, Tone: "bad",
		Text: "error.store_read_only", Chip: "chip.our_fault", Log: whatWentWrong, Word: "records-closed",
	}
	// Internal is for everything else.
	Internal = Error{
		Status: http.StatusInternalServerError, Tone: "bad",
		Text: "error.internal", Chip: "chip.our_fault", Log: whatWentWrong, Word: "our-fault",
	}
)

// whatWentWrong is what the log says about a failure.
const whatWentWrong = "error.request"

var (
	notFound = Error{Status: http.StatusNotFound, Tone: "warn", Text: "error.not_found", Chip: "chip.nothing_here"}
	wrongWay = Error{
		Status: http.StatusMethodNotAllowed, Tone: "warn", Text: "error.method_not_allowed", Chip: "chip.nothing_done",
	}
	crossOrigin = Error{
		Status: http.StatusForbidden, Tone: "warn", Text: "error.cross_origin", Chip: "chip.nothing_done", Log: "error.request_origins",
	}
)

// NotFound writes the page for an address at which there is nothing.
func (k *Kit) NotFound(w http.ResponseWriter, r *http.Request) { k.Error(w, r, notFound) }

// methodNotAllowed answers for a route that is there, but not for this method.
func (k *Kit) methodNotAllowed(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		k.Error(w, r, wrongWay)
	}
}

// Panicked writes the page of a request whose handler panicked.
func (k *Kit) Panicked(w http.ResponseWriter, r *http.Request) { k.Failure(w, r, Internal) }

// CrossOrigin writes the page of a request that another site made a browser send.
func (k *Kit) CrossOrigin(w http.ResponseWriter, r *http.Request) { k.Error(w, r, crossOrigin) }

// Fail answers for what went wrong without being a refusal.
func (k *Kit) Fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	if k.GoneMeanwhile(w, err) {
		return
	}
	k.Failure(w, r, k.FailureOf(r, doing, err))
}

// GoneMeanwhile sends home who was erased while she asked for something: that is no failure of ours.
func (k *Kit) GoneMeanwhile(w http.ResponseWriter, err error) bool {
	if !errors.Is(err, store.ErrNotFound) {
		return false
	}
	k.ClearSession(w)
	Redirect(w, http.StatusSeeOther, "/")
	return true
}

// FailureOf logs what went wrong and says which page is for it: that the store takes nothing, or that it
// is away when it is, or as good as away, else that it is our fault.
func (k *Kit) FailureOf(r *http.Request, doing string, err error) Error {
	k.logFailure(r, doing, err)
	for _, unwritable := range []error{store.ErrFull, store.ErrReadOnly, store.ErrDamaged} {
		if errors.Is(err, unwritable) {
			return StoreReadOnly
		}
	}
	if errors.Is(err, store.ErrBusy) || errors.Is(err, store.ErrAway) {
		return StoreAway
	}
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	if k.Store.Ping(ctx) != nil {
		return StoreAway
	}
	return Internal
}

func (k *Kit) logFailure(r *http.Request, doing string, err error) {
	if left := r.Context().Err(); left != nil && errors.Is(err, left) {
		return // the visitor left, and with it went what was asked for
	}
	k.Log.ErrorContext(r.Context(), "a page failed", "doing", doing, "error", err)
}

// Error writes an error page. An owner who is signed in keeps her way to her pages, and reads of a login that it
// changed nothing.
func (k *Kit) Error(w http.ResponseWriter, r *http.Request, e Error) {
	signedIn := k.Knows(r)
	if signedIn && e.Login {
		e.Tone, e.Chip, e.Kept = "off", "chip.unchanged", "kept.still_in"
	}
	k.writeError(w, r, e, signedIn)
}

// Failure writes the page of a failure. It asks nobody who is signed in: what failed may be just that.
func (k *Kit) Failure(w http.ResponseWriter, r *http.Request, e Error) { k.writeError(w, r, e, false) }

// writeError writes an error page. The address of the request may be anything, a callback or the secret of a link
// included.
func (k *Kit) writeError(w http.ResponseWriter, r *http.Request, e Error, signedIn bool) {
	ShortReferrer(w)
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())))
	}
	l := k.Language(r)
	said := func(key string) string {
		if key == "" {
			return ""
		}
		return l.Text(key)
	}
	v := errorView{
		Tone: e.Tone, Chip: said(e.Chip), Kept: said(e.Kept), Again: said(e.Again), Contact: ContactOf(k.Contact),
		Headline: l.Text(e.Text+".headline", e.Args...), Happened: l.List(e.Text+".happened", e.Args...), Next: l.List(e.Text+".next", e.Args...),
	}
	v.Layout = k.Layout(v.Headline)
	v.SignedIn = signedIn
	if r.URL.Path == CallbackPath && e.Word != "" {
		v.AddressBar = RefusedPath + e.Word
	}
	if id := k.RequestID(r.Context()); id != "" && e.Log != "" {
		v.Request = fill(l, e.Log, "id", template.HTML("<code>"+template.HTMLEscapeString(id)+"</code>")) //nolint:gosec // it is escaped
	}
	Render(k, w, r, e.Status, errorPage, v)
}

// Knows says whether the owner who sent the request is signed in, as far as that can be told in time.
func (k *Kit) Knows(r *http.Request) bool {
	ctx, cancel := context.WithTimeout(r.Context(), pingWithin)
	defer cancel()
	_, err := k.SignedIn(r.WithContext(ctx))
	return err == nil
}
