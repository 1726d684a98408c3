package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPrivacy(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	shows(t, b.get("/privacy"), http.StatusOK, "What is kept about you", "Who sees it", "How to leave", "30 days", "180 days", "ten minutes", operatorContact,
		"The links that are made for you: those with which whoever runs this server lets you log in again.", "A link works for seven days; thirty days later it is forgotten.")
	b.signIn("studio_north")
	shows(t, b.get("/privacy"), http.StatusOK, "Sign out")
}

// TestPrivacySaysHowLongARecordIsKept names the days where there is an end.
func TestPrivacySaysHowLongARecordIsKept(t *testing.T) {
	t.Parallel()
	for keep, says := range map[time.Duration]string{
		0:                    "All this is kept until you erase it. A sign-in ends",
		24 * time.Hour:       "All this is kept until you erase it, a line of the record for 1 day at most. A sign-in ends",
		730 * 24 * time.Hour: "All this is kept until you erase it, a line of the record for 730 days at most. A sign-in ends",
	} {
		h := newRig(t, origin, func(h *rig) { h.owner.KeepEvents = keep })
		shows(t, h.browser().get("/privacy"), http.StatusOK, says)
	}
}

// TestPrivacyWithMail says more where owners can give an address.
func TestPrivacyWithMail(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	b := h.browser()
	shows(t, b.get("/privacy"), http.StatusOK, "Once a week this server asks Instagram to extend it", "Your mail address, if you give one",
		"those in such mails, those in mail about you", "A link works for seven days, one that stops mail for a year; thirty days later it is forgotten", "when you are needed and no mail reaches you", "Mail to you passes through the mail server that they chose, and so does mail about you to them.")
	b.signIn("studio_north")
	b.give("anna@example.com")
	shows(t, b.get("/account/disconnect"), http.StatusOK, "your mail address")
	shows(t, b.get("/account/erase"), http.StatusOK, "your mail address")
	shows(t, b.post("/account/erase"), http.StatusOK, "your mail address")
}

// TestNoPagePromisesWhatIsNotBuilt looks for the words of what comes later, and of what is no longer
// so, since nobody has to come back in time by herself; and for words that are not an owner's.
func TestNoPagePromisesWhatIsNotBuilt(t *testing.T) {
	t.Parallel()
	for name, page := range everyPage(t, "") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hides(t, page, "token", "refresh", "before then", "Log in again before", "audience", "history", "chart", "export", "webhook", "API")
		})
	}
}

// TestEveryPageSaysWhoAsks is what keeps a stranger's customer from taking a page for phishing.
func TestEveryPageSaysWhoAsks(t *testing.T) {
	t.Parallel()
	const purpose = "We send you a <report> every Monday."
	named := func(h *rig) { h.Service, h.Purpose = `Café "Nord" & Co`, purpose }
	b := newRig(t, origin, named).browser()
	for _, address := range []string{"/", "/privacy", "/nowhere", "/auth?error=access_denied"} {
		a := b.get(address)
		shows(t, a, a.status, `Café "Nord" & Co`)
		wellFormed(t, a.body)
		if !strings.Contains(a.body, "· Café &#34;Nord&#34; &amp; Co</title>") {
			t.Errorf("the title of %s does not say who asks", address)
		}
	}
	shows(t, b.get("/"), http.StatusOK, `Café "Nord" & Co asks you to connect your Instagram account. `+purpose)
	shows(t, b.get("/privacy"), http.StatusOK, "What it is for, in their words: "+purpose, `Who runs this server Café "Nord" & Co: `+operatorContact)
	b.signIn("studio_north")
	for _, address := range []string{"/", "/account", "/account/erase"} {
		shows(t, b.get(address), http.StatusOK, `Café "Nord" & Co is not part of Instagram or Meta.`)
	}

	shows(t, b.get("/privacy"), http.StatusOK, `Café "Nord" & Co runs on Latchkey, a small server that somebody you trust keeps for you.`)

	for _, name := range []string{"", "Latchkey"} {
		b := newRig(t, origin, func(h *rig) { h.Service = name }).browser()
		shows(t, b.get("/"), http.StatusOK, "Latchkey asks you to connect your Instagram account. Log in once")
		shows(t, b.get("/privacy"), http.StatusOK, "Latchkey is a small server that somebody you trust keeps for you.", "Who runs this server "+operatorContact)
	}
}
