package web

import (
	"errors"
	"net/http"
	"time"

	"latchkey/instagram"
	"latchkey/internal/login"
)

const (
	tryAgain = "Try again"
	// notIn and nothing are true for somebody whose account was connected before, too.
	notIn   = "Not logged in"
	nothing = "Nothing was saved, and nothing that was kept here before is changed."
	// unchanged and stillIn are what an owner reads who is signed in.
	unchanged = "Your connection is unchanged"
	stillIn   = "Nothing was changed, and you are signed in as before."
)

// refusals says, for each kind, what the owner sees.
var refusals = map[login.Kind]errorPage{
	login.Cancelled: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "You did not allow it.",
		Happened: []string{"On Instagram’s page you chose not to connect."},
		Kept:     nothing,
		Next:     []string{"If that was a slip, or you want to allow less than was asked, start again: on Instagram’s page you can switch off single permissions."},
		Again:    tryAgain,
	},
	login.PersonalAccount: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "This Instagram account is personal.",
		Happened: []string{"Instagram lets only professional accounts, business or creator, connect to a service like this one. Switching is free, takes a minute and can be undone."},
		Kept:     nothing,
		Next: []string{
			"In the Instagram app, open your profile and the menu at the top right.",
			"Open “Account type and tools”, then “Switch to professional account”.",
			"Choose creator or business, come back here and try again.",
		},
		Again: tryAgain,
	},
	login.NotAllowed: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "This account is not on the list here.",
		Happened: []string{"This server is kept for certain accounts, and the one that you logged in with is not among them. Nothing is wrong with your account."},
		Kept:     nothing,
		Next:     []string{"If you have another account that should be here, log in with that one. If this one should be, ask whoever runs this server to add it."},
		Again:    "Log in with another account",
	},
	login.BasicMissing: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "One permission is needed at least.",
		Happened: []string{"Without the permission to see your profile, nothing else works, and Instagram did not let us see it."},
		Kept:     nothing,
		Next:     []string{"Try again, and on Instagram’s page leave the permission to see your profile switched on. You may switch off the others."},
		Again:    tryAgain,
	},
	login.NoRole: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "Instagram does not let this account in yet.",
		Happened: []string{"The app behind this server is open only to accounts that were invited to it. Instagram says that yours was not, is no longer, or has not said yes."},
		Kept:     nothing,
		Next: []string{
			"Ask whoever runs this server to invite your account as an Instagram tester.",
			"Accept the invitation: in Instagram’s settings, under “Apps and websites”, “Tester invites”.",
			"Come back here and try again.",
		},
		Again: tryAgain,
	},
	login.Misconfigured: {
		status: http.StatusForbidden, Tone: "bad", Chip: notIn,
		Headline: "This server is not set up right.",
		Happened: []string{"Instagram refused the app behind this server, not you. You did nothing wrong."},
		Kept:     nothing,
		Next:     []string{"Whoever runs this server has to put it right. Tell them, and try again then."},
		Again:    tryAgain,
	},
	login.Checkpoint: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "Instagram wants something of you first.",
		Happened: []string{"Instagram asks you to confirm something, or has restricted your account. Until you have seen to that, it lets nobody in here."},
		Kept:     nothing,
		Next: []string{
			"Open Instagram and answer what it asks, in its app or at instagram.com.",
			"Come back here and log in again.",
		},
		Again: tryAgain,
	},
	login.Blocked: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "Instagram is holding this back.",
		Happened: []string{"Instagram blocks the app behind this server, or your account, and does not say for how long. Such blocks mostly end by themselves, within hours or days."},
		Kept:     nothing,
		Next:     []string{"Wait some hours, then try again. If the Instagram app asks you to confirm something, do so. If it stays like this for days, tell whoever runs this server."},
		Again:    tryAgain,
	},
	login.AppLimit: {
		status: http.StatusServiceUnavailable, retryAfter: time.Hour, Tone: "warn", Chip: notIn,
		Headline: "Instagram asks this server to pause.",
		Happened: []string{"The app behind this server has asked Instagram for as much as it may for now. It has nothing to do with you or your account."},
		Kept:     nothing,
		Next:     []string{"Wait an hour, then try again."},
		Again:    tryAgain,
	},
	login.AccountLimit: {
		status: http.StatusServiceUnavailable, retryAfter: time.Hour, Tone: "warn", Chip: notIn,
		Headline: "Instagram asks for a pause.",
		Happened: []string{"Instagram was asked about your account as often as it allows for now. Nothing is wrong with the account."},
		Kept:     nothing,
		Next:     []string{"Wait an hour, then try again."},
		Again:    tryAgain,
	},
	login.InstagramAway: {
		status: http.StatusServiceUnavailable, retryAfter: time.Minute, Tone: "warn", Chip: notIn,
		Headline: "Instagram does not answer.",
		Happened: []string{"This server did not reach Instagram, or got no proper answer, and could not finish your login. You did nothing wrong."},
		Kept:     nothing,
		Next:     []string{"Wait a few minutes, then try again. If it stays like this, tell whoever runs this server."},
		Again:    tryAgain,
	},
	login.InstagramFails: {
		status: http.StatusServiceUnavailable, retryAfter: time.Minute, Tone: "warn", Chip: notIn,
		Headline: "Instagram has trouble of its own.",
		Happened: []string{"Instagram answered that it could not finish your login at the moment. You did nothing wrong."},
		Kept:     nothing,
		Next:     []string{"Wait a few minutes, then try again."},
		Again:    tryAgain,
	},
	login.Unclear: {
		status: http.StatusBadGateway, Tone: "warn", Chip: notIn,
		Headline: "We do not understand Instagram’s answer.",
		Happened: []string{"Instagram did not let your login finish, for a reason that this server does not know. You did nothing wrong."},
		Kept:     nothing,
		Next:     []string{"Try again in a few minutes. If it comes to this again, tell whoever runs this server: its log has what Instagram answered."},
		Again:    tryAgain,
	},
	login.NoIdentity: {
		status: http.StatusBadGateway, Tone: "warn", Chip: notIn,
		Headline: "Instagram did not say whose account it is.",
		Happened: []string{"Without that we would not know whom to connect, and we do not guess."},
		Kept:     nothing,
		Next:     []string{"Try again in a few minutes. It helps to make sure, in the Instagram app, that the account is a business or a creator account."},
		Again:    tryAgain,
	},
	login.CodeRefused: {
		status: http.StatusBadRequest, Tone: "warn", Chip: notIn,
		Headline: "Instagram took its word back.",
		Happened: []string{"Instagram said yes, but would not stand by it when we asked. That happens when a page is loaded twice, when a login takes very long, or when a password is changed meanwhile."},
		Kept:     nothing,
		Next:     []string{"Start again from the beginning; it takes a minute."},
		Again:    tryAgain,
	},
	login.BadCallback: {
		status: http.StatusBadRequest, Tone: "warn", Chip: notIn,
		Headline: "This is not how Instagram sends people back.",
		Happened: []string{"The address that brought you here is incomplete or was changed on the way."},
		Kept:     nothing,
		Next:     []string{"Start again here, and let Instagram bring you back by itself."},
		Again:    tryAgain,
	},
	login.StateUnknown: {
		status: http.StatusBadRequest, Tone: "warn", Chip: notIn,
		Headline: "We do not know this login.",
		Happened: []string{"It was not begun here, or it was begun so long ago that we forgot it."},
		Kept:     nothing,
		Next:     []string{"Start again here. If a link from somebody else brought you to this page, do not use that link."},
		Again:    tryAgain,
	},
	login.StateExpired: {
		status: http.StatusGone, Tone: "warn", Chip: notIn,
		Headline: "That took a little too long.",
		Happened: []string{"For your safety, a login has to be finished within ten minutes."},
		Kept:     nothing,
		Next:     []string{"Start again; most of it Instagram remembers."},
		Again:    tryAgain,
	},
	login.StateUsed: {
		status: http.StatusConflict, Tone: "warn", Chip: "Already used",
		Headline: "This login was finished before.",
		Happened: []string{"Each way back from Instagram works once, and this one was used, perhaps by loading the page again."},
		Next:     []string{"If you are not signed in here, log in again."},
		Again:    "Log in again",
	},
	login.InProgress: {
		status: http.StatusConflict, Tone: "warn", Chip: "One moment",
		Headline: "This login is being finished.",
		Happened: []string{"The same page was loaded twice, and the first is still at work."},
		Next:     []string{"Wait a moment, then go to the front page. If you are not signed in there, log in again."},
		Again:    "Log in again",
	},
	login.OtherBrowser: {
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "You came back in another browser.",
		Happened: []string{"A login has to end in the browser in which it began, and this is not that one. On phones it happens often: the Instagram app takes over, and then opens this page in another browser or in one of its own."},
		Kept:     nothing,
		Next:     []string{"The simplest is to go on in this browser: start again here. Or open the browser in which you began, and start again there. If the Instagram app takes over each time, log in on a computer."},
		Again:    "Start again here",
	},
	login.OtherAccount: otherAccount("another account", "the account that it is for"),
	login.LinkUsed: {
		status: http.StatusConflict, Tone: "warn", Chip: "Already used",
		Headline: "This link was used before.",
		Happened: []string{"A link to connect again works once, and somebody finished a login through this one."},
		Kept:     "Nothing was changed now.",
		Next:     []string{"If it was you, all is well. To connect again, or to see where your connection stands, log in: for that you need no link."},
		Again:    "Log in with Instagram",
	},
	login.LinkExpired: {
		status: http.StatusGone, Tone: "warn", Chip: "Too old",
		Headline: "This link has ended.",
		Happened: []string{"A link to connect again is good for seven days."},
		Kept:     "Nothing was changed.",
		Next:     []string{"You need no new one: log in, and your account is connected again."},
		Again:    "Log in with Instagram",
	},
	login.LinkUnknown: {
		status: http.StatusNotFound, Tone: "warn", Chip: "Nothing here",
		Headline: "We do not know this link to connect again.",
		Happened: []string{"It may be cut short, or so old that we forgot it; or what it was about is erased."},
		Kept:     "Nothing was changed.",
		Next:     []string{"Open it once more, whole, as it was given to you. Or log in without it: your account is connected again all the same."},
		Again:    "Log in with Instagram",
	},
}

// otherAccount is for an owner who came through a link and logged in with another account than the
// link's, which is named twice.
func otherAccount(first, again string) errorPage {
	return errorPage{
		status: http.StatusForbidden, Tone: "warn", Chip: notIn,
		Headline: "This link is for " + first + ".",
		Happened: []string{"At Instagram you logged in with a different one; the link still works."},
		Kept:     "Nothing was changed.",
		Next: []string{
			"In this browser, open instagram.com and log out there; or, in the Instagram app, change to " + again + ".",
			"Open the link once more, and at Instagram log in as " + again + ".",
		},
		Again: "Log in without the link",
	}
}

// refuse answers for a login that did not begin or did not finish: with the page of its refusal, or
// as a failure of ours when it is none. The state is that of its callback; zero when there is none that
// was ours.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, doing string, state instagram.Secret, err error) {
	refusal, ok := errors.AsType[*login.Refusal](err)
	if !ok {
		failure := h.failure(r, doing, err)
		failure.Again = tryAgain
		h.renderFailure(w, r, failure)
		return
	}
	t, log := h.refusal(r, refusal), ""
	if refusal.Logged {
		log = "has Instagram’s own words and what they mean"
	}
	if refusal.Kind.Final() {
		h.remember(w, state, t.word)
	}
	h.renderError(w, r, t, log)
}

// refusal is the page of a refusal.
func (h *Handler) refusal(r *http.Request, refused *login.Refusal) errorPage {
	t := refusals[refused.Kind]
	if refused.Wanted != "" {
		if c, err := h.Store.Connection(r.Context(), refused.Wanted); err == nil {
			t = otherAccount("@"+c.Username, "@"+c.Username)
		}
	}
	t.word, t.login = wordOf(refused.Kind), true
	return t
}
