package main

import (
	"regexp"
	"strings"

	"latchkey/instagram"
	"latchkey/internal/explain"
	"latchkey/internal/login"
	"latchkey/internal/store"
)

// ownCase is something that Latchkey says itself, and no answer of Instagram's.
type ownCase struct {
	class         instagram.Class
	meaning, cure string
}

// finding is the case as it is shown, under its name.
func (c ownCase) finding(name, text string) findingShown {
	return findingShown{Cause: instagram.Cause(name), Class: c.class, Text: text, Meaning: c.meaning + ".", Cure: sentence(c.cure)}
}

// lookInLog is what to do about a page that does not tell the operator more than the owner.
const lookInLog = "look into the log for \"login refused\" at that time: the line has Instagram's words and what to do; " +
	"doctor explains it when you paste it here"

// refusedLogins says of each page that ends a login what it means for whoever runs the server. The page
// itself speaks to the owner.
var refusedLogins = map[login.Kind]ownCase{
	login.Cancelled: as("denied"),
	login.PersonalAccount: {
		instagram.ClassReconnect, "The account is personal, and Instagram lets only professional ones connect",
		"the owner switches to a creator or business account in the Instagram app, and logs in again",
	},
	login.NotAllowed: {
		instagram.ClassOperator, "The account is not among those that may connect here",
		"add its user name to LATCHKEY_ALLOWED_ACCOUNTS if it should be; else there is nothing to do",
	},
	login.BasicMissing: {
		instagram.ClassReconnect, "The owner switched off the permission instagram_business_basic, which every call needs",
		"she logs in again and leaves it switched on",
	},
	login.NoRole:        as(instagram.CauseNoRole),
	login.Misconfigured: {instagram.ClassOperator, "Instagram refused the app or its settings, not the owner", lookInLog},
	login.Checkpoint: {
		instagram.ClassReconnect, "Instagram wants something of the owner first, or restricted her account",
		"she opens Instagram, answers what it asks, and logs in again",
	},
	login.Blocked:        {instagram.ClassHold, "Instagram blocks the app or the account for a while", lookInLog},
	login.AppLimit:       as(instagram.CauseAppLimit),
	login.AccountLimit:   as(instagram.CauseRateLimit),
	login.InstagramAway:  {instagram.ClassRetry, "Instagram did not answer, or gave no proper answer", "wait; if it stays, check the network and any proxy, and " + lookInLog},
	login.InstagramFails: as("server"),
	login.Unclear:        {instagram.ClassRetry, "Instagram answered something that is not known here", lookInLog},
	login.NoIdentity: {
		instagram.ClassRetry, "Instagram did not say which professional account it is, and without that nothing is stored",
		"the owner sees that her account is a business or a creator account, and logs in again",
	},
	login.CodeRefused: {
		instagram.ClassReconnect, "Instagram no longer took the code or the token of this login, mostly because a page was loaded twice",
		"the owner logs in again; if it comes again, " + lookInLog,
	},
	login.BadCallback: {
		instagram.ClassRetry, "The address that came back is none that Instagram makes: it is incomplete or was changed on the way",
		"the owner begins again; if it stays, look whether a proxy changes the query",
	},
	login.StateUnknown: {
		instagram.ClassIgnore, "The login was not begun here, or so long ago that it is forgotten",
		"the owner begins again here",
	},
	login.StateExpired: {
		instagram.ClassIgnore, "The login took longer than ten minutes", "the owner begins again",
	},
	login.StateUsed: {
		instagram.ClassIgnore, "The way back from Instagram was used before, mostly by loading the page again",
		"if she is not signed in, the owner logs in again",
	},
	login.InProgress: {
		instagram.ClassIgnore, "The same page was loaded twice, and the first is still at work",
		"the owner waits a moment and goes to the front page",
	},
	login.OtherBrowser: {
		instagram.ClassIgnore, "The owner came back in another browser than the one in which she began, as on phones, where Instagram's app takes over",
		"she begins again in the browser in which she is now, or logs in on a computer",
	},
	login.OtherAccount: {
		instagram.ClassReconnect, "The link was for another account than the one that logged in; it still works",
		"the owner logs out at instagram.com, opens the link again, and logs in with the account that it is for",
	},
	login.LinkUnknown: {
		instagram.ClassReconnect, "The link is cut short, or so old that it is forgotten, or what it was about is erased",
		"the owner opens it whole, or logs in without it",
	},
	login.LinkUsed: {
		instagram.ClassReconnect, "The link was used before; it works once", "if she is not connected, the owner logs in without it",
	},
	login.LinkExpired: {
		instagram.ClassReconnect, "The link is older than seven days", "the owner logs in without it",
	},
	"records away": {
		instagram.ClassRetry, "The store did not answer", "it is tried again; if it stays, run latchkey doctor without a text, which says why",
	},
	"records closed": {
		instagram.ClassOperator, "The store takes no writes, as on a full disk", "run latchkey doctor without a text, which says why and what to type",
	},
	"our fault": {
		instagram.ClassRetry, "Something went wrong on this server", "look into the log for \"a page failed\" or \"a request panicked\" at that time",
	},
}

// ownLines are what the log says of this server itself, in lower case, each with what it means.
var ownLines = []struct {
	text string
	ownCase
}{
	{"logins were begun and none came back from instagram", ownCase{
		instagram.ClassOperator, "Instagram keeps those who log in on a page of its own",
		"press the button yourself: the text of Instagram's page is the clue; doctor explains it when you paste it here",
	}},
	{"a refreshed token is in memory alone", ownCase{
		instagram.ClassOperator, "A new token could be written neither to the store nor to the spill folder",
		"do not stop the server; make room, or let it write one of the two. Latchkey doctor without a text says what is in the way",
	}},
	{"waits in the spill folder", ownCase{
		instagram.ClassOperator, "The store did not take a new token, which is safe in the spill folder",
		"see to the store; latchkey doctor without a text says what is in the way. The token is written by itself then",
	}},
	{"the store takes no writes", ownCase{
		instagram.ClassOperator, "The store takes no writes, as on a full disk",
		"run latchkey doctor without a text, which says why and what to type",
	}},
	{"the clock of this server is wrong", ownCase{
		instagram.ClassOperator, "The clock of this server is not Instagram's; until it is, Instagram's time counts, and nobody is mailed",
		"set it right, and let it be kept right by NTP",
	}},
	{"ignored an x-forwarded-for header", ownCase{
		instagram.ClassOperator, "A proxy stands before Latchkey that it was not told of",
		"put its address into LATCHKEY_TRUSTED_PROXIES",
	}},
	{"the mail server does not answer", ownCase{
		instagram.ClassOperator, "Nobody can be told anything by mail",
		"compare LATCHKEY_SMTP_URL with the mail server, and see that this machine may reach it",
	}},
	{"is another keyring", ownCase{
		instagram.ClassOperator, "This keyring is not the one that sealed the store; nothing was changed",
		"put the right one in its place, from your backup; the line names its fingerprint",
	}},
}

// as is a case that is one of Instagram's too.
func as(cause instagram.Cause) ownCase {
	meaning, cure := explain.Cause(string(cause))
	return ownCase{explain.Class(cause), meaning, cure}
}

// sealedCase is that of tokens which the keyring does not open.
func sealedCase() findingShown {
	meaning, cure := explain.Cause(store.CauseSealed)
	return ownCase{instagram.ClassOperator, meaning, cure}.finding(store.CauseSealed, "the sealed value does not open with this keyring")
}

var (
	sealedWord  = regexp.MustCompile(`(?i)\bcause\\*"?\s*[:=]\s*\\*"?sealed\b|\bclass operator, sealed\b|does not open with this keyring|keyring does not open|^\W*sealed\W*$`)
	refusedPage = regexp.MustCompile(`(?i)\brefused(?:=|%3d)([a-z-]+)`)
	refusedKind = regexp.MustCompile(`(?i)\blogin refused: ([a-z ]+)|\bkind\\*"?\s*[:=]\s*(?:\\*"([a-z ]+)|([a-z]+))`)
)

// ownWords is what the text says that is Latchkey's alone, whatever else stands in it: tokens that do not
// open, or the address of a page that ends a login. It is nil when there is nothing of it.
func ownWords(pasted string) []findingShown {
	if sealedWord.MatchString(pasted) {
		return []findingShown{sealedCase()}
	}
	if m := refusedPage.FindStringSubmatch(pasted); m != nil {
		return refusedLogin(m[1])
	}
	return nil
}

// ownLine is what a line of the log tells of this server, or of a login that was refused.
func ownLine(pasted string) []findingShown {
	for _, l := range ownLines {
		if strings.Contains(strings.ToLower(pasted), l.text) {
			return []findingShown{l.finding("", l.text)}
		}
	}
	for _, m := range refusedKind.FindAllStringSubmatch(pasted, -1) {
		if found := refusedLogin(m[1] + m[2] + m[3]); found != nil {
			return found
		}
	}
	return nil
}

// besides is what a text, in lower case, can mean of this server where it is taken for one of Instagram's.
func besides(findings []explain.Finding, pasted string) []findingShown {
	if len(findings) == 0 {
		return nil
	}
	switch cause := findings[0].Cause; {
	case cause == "token_unreadable" && strings.Contains(pasted, "decrypt"):
		return []findingShown{sealedCase()}
	case cause == "outage" && !strings.Contains(pasted, "instagram"):
		return []findingShown{ownCase{
			instagram.ClassOperator, "If it stands on a page of your own address, the proxy in front of Latchkey does not reach it, or its store is away",
			"see that the server runs and listens where the proxy looks; latchkey doctor without a text examines it",
		}.finding("server_away", "the same, at your own address")}
	}
	return nil
}

// refusedLogin is the page with this name, whose words are joined by spaces or by dashes; nil when there is
// none.
func refusedLogin(name string) []findingShown {
	kind := login.Kind(strings.TrimSpace(strings.ReplaceAll(strings.ToLower(name), "-", " ")))
	c, ok := refusedLogins[kind]
	if !ok {
		return nil
	}
	word := strings.ReplaceAll(string(kind), " ", "-")
	return []findingShown{c.finding(word, "/auth?refused="+word)}
}
