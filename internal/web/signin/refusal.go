package signin

import (
	"errors"
	"net/http"
	"time"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/page"
)

// refused is a page for a login that was refused by something that the visitor can see to; nothing was saved, and
// nothing that was kept before is changed, which is true for somebody whose account was connected before, too.
func refused(status int, text string) page.Error {
	return page.Error{
		Status: status, Tone: "warn", Text: "refusal." + text,
		Chip: "chip.not_in", Kept: "kept.nothing", Again: "link.try_again", Login: true,
	}
}

// refusals says, for each kind, what the owner sees.
var refusals = func() map[login.Kind]page.Error {
	pages := map[login.Kind]page.Error{
		login.Cancelled:       refused(http.StatusForbidden, "cancelled"),
		login.PersonalAccount: refused(http.StatusForbidden, "personal_account"),
		login.NotAllowed:      refused(http.StatusForbidden, "not_allowed"),
		login.BasicMissing:    refused(http.StatusForbidden, "basic_missing"),
		login.NoRole:          refused(http.StatusForbidden, "no_role"),
		login.Misconfigured:   refused(http.StatusForbidden, "misconfigured"),
		login.Checkpoint:      refused(http.StatusForbidden, "checkpoint"),
		login.Blocked:         refused(http.StatusForbidden, "blocked"),
		login.AppLimit:        refused(http.StatusServiceUnavailable, "app_limit"),
		login.AccountLimit:    refused(http.StatusServiceUnavailable, "account_limit"),
		login.InstagramAway:   refused(http.StatusServiceUnavailable, "instagram_away"),
		login.InstagramFails:  refused(http.StatusServiceUnavailable, "instagram_fails"),
		login.Unclear:         refused(http.StatusBadGateway, "unclear"),
		login.NoIdentity:      refused(http.StatusBadGateway, "no_identity"),
		login.CodeRefused:     refused(http.StatusBadRequest, "code_refused"),
		login.BadCallback:     refused(http.StatusBadRequest, "bad_callback"),
		login.StateUnknown:    refused(http.StatusBadRequest, "state_unknown"),
		login.StateExpired:    refused(http.StatusGone, "state_expired"),
		login.StateUsed:       refused(http.StatusConflict, "state_used"),
		login.InProgress:      refused(http.StatusConflict, "in_progress"),
		login.OtherBrowser:    refused(http.StatusForbidden, "other_browser"),
		login.OtherAccount:    refused(http.StatusForbidden, "other_account"),
		login.LinkUsed:        refused(http.StatusConflict, "link_used"),
		login.LinkExpired:     refused(http.StatusGone, "link_expired"),
		login.LinkUnknown:     refused(http.StatusNotFound, "link_unknown"),
	}
	but := func(k login.Kind, change func(*page.Error)) {
		p := pages[k]
		change(&p)
		pages[k] = p
	}
	but(login.NotAllowed, func(p *page.Error) { p.Again = "refusal.other_account_login" })
	but(login.Misconfigured, func(p *page.Error) { p.Tone = "bad" })
	but(login.AppLimit, func(p *page.Error) { p.RetryAfter = time.Hour })
	but(login.AccountLimit, func(p *page.Error) { p.RetryAfter = time.Hour })
	but(login.InstagramAway, func(p *page.Error) { p.RetryAfter = time.Minute })
	but(login.InstagramFails, func(p *page.Error) { p.RetryAfter = time.Minute })
	but(login.StateUsed, func(p *page.Error) { p.Chip, p.Kept, p.Again = "chip.already_used", "", "link.login_again" })
	but(login.InProgress, func(p *page.Error) { p.Chip, p.Kept, p.Again = "chip.one_moment", "", "link.login_again" })
	but(login.OtherBrowser, func(p *page.Error) { p.Again = "refusal.start_here" })
	but(login.OtherAccount, func(p *page.Error) { p.Kept, p.Again = "kept.unchanged", "refusal.without_link" })
	but(login.LinkUsed, func(p *page.Error) { p.Chip, p.Kept, p.Again = "chip.already_used", "kept.unchanged_now", "link.login" })
	but(login.LinkExpired, func(p *page.Error) { p.Chip, p.Kept, p.Again = "chip.too_old", "kept.unchanged", "link.login" })
	but(login.LinkUnknown, func(p *page.Error) { p.Chip, p.Kept, p.Again = "chip.nothing_here", "kept.unchanged", "link.login" })
	return pages
}()

var tooManyLogins = page.Error{
	Status: http.StatusTooManyRequests, Tone: "warn", Text: "error.too_many_logins",
	Chip: "chip.not_in", Kept: "kept.unchanged", Again: "link.try_again", Login: true,
}

func (h *Handler) tooManyLogins(w http.ResponseWriter, r *http.Request) { h.Error(w, r, tooManyLogins) }

// refuse answers for a login that did not begin or did not finish: with the page of its refusal, or
// as a failure of ours when it is none. The state is that of its callback; zero when there is none that
// was ours.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, doing string, state instagram.Secret, err error) {
	refusal, ok := errors.AsType[*login.Refusal](err)
	if !ok {
		failure := h.FailureOf(r, doing, err)
		failure.Again = "link.try_again"
		h.Failure(w, r, failure)
		return
	}
	p := h.refusalPage(r, refusal)
	if refusal.Logged {
		p.Log = "error.request_instagram"
	}
	if refusal.Kind.Final() {
		h.remember(w, state, p.Word)
	}
	h.Error(w, r, p)
}

// refusalPage is the page of a refusal. One that names the account of the link names that.
func (h *Handler) refusalPage(r *http.Request, refusal *login.Refusal) page.Error {
	p := refusals[refusal.Kind]
	if refusal.Wanted != "" {
		if c, err := h.Store.Connection(r.Context(), refusal.Wanted); err == nil {
			p.Text, p.Args = "refusal.other_account_named", []any{"account", "@" + c.Username}
		}
	}
	p.Word = wordOf(refusal.Kind)
	return p
}
