package web_test

import (
	"net/http"
	"testing"
)

func TestPrivacy(t *testing.T) {
	t.Parallel()
	b := setup(t, origin).browser()
	shows(t, b.get("/privacy"), http.StatusOK, "What is kept about you", "Who sees it", "How to leave", "30 days", "180 days", "ten minutes", contact)
	b.signIn("studio_north")
	shows(t, b.get("/privacy"), http.StatusOK, "Sign out")
}

// TestPrivacyWithMail says more where owners can give an address.
func TestPrivacyWithMail(t *testing.T) {
	t.Parallel()
	h := setup(t, origin, mailing)
	b := h.browser()
	shows(t, b.get("/privacy"), http.StatusOK, "Once a week this server asks Instagram to extend it", "Your mail address, if you give one",
		"thirty days later it is forgotten", "Mail to you passes through the mail server")
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
	for name, page := range everyPage(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hides(t, page, "token", "refresh", "before then", "Log in again before", "audience", "history", "chart", "export", "webhook", "API")
		})
	}
}
