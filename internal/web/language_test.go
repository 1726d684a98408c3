package web_test

import (
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"latchkey/internal/i18n"
	"latchkey/internal/mail/mailtest"
	"latchkey/internal/store"
)

// speak sends the form with a language.
func (b *browser) speak(code string) answer {
	b.t.Helper()
	return b.submit("/account/language", url.Values{"language": {code}})
}

// TestTheBrowserSaysWhichLanguage holds that pages come in the language that a browser asks for, until its owner chooses
// another.
func TestTheBrowserSaysWhichLanguage(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	shows(t, b.get("/"), http.StatusOK, "Log in with Instagram")
	b.language = "de-DE,de;q=0.9,en;q=0.8"
	shows(t, b.get("/"), http.StatusOK, "Mit Instagram anmelden")
	shows(t, b.get("/nowhere"), http.StatusNotFound, "Diese Seite gibt es nicht.")
	b.signIn("studio_north")
	until := h.connection().TokenExpiresAt
	german, _ := i18n.Find("de")
	shows(t, b.get("/"), http.StatusOK, "Noch 60 Tage.", "Verbunden, sicher bis "+german.Day(until, until.Year() != h.Now().Year()), "@studio_north, Business-Konto")

	a := b.speak("en")
	goesTo(t, a, "/account#language")
	if c := a.cookie(t, "latchkey_language"); c.Value != "en" || c.MaxAge != 400*24*60*60 || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
		t.Errorf("the cookie is %v", c)
	}
	a = b.get("/account")
	shows(t, a, http.StatusOK, "These pages are in English.", "You logged in with Instagram")
	if !strings.Contains(a.body, `<option value="en" lang="en" selected="">English</option>`) || !strings.Contains(a.body, `<option value="de" lang="de">Deutsch</option>`) {
		t.Error("the languages are not offered, each by its own name")
	}
	goesTo(t, b.speak("de"), "/account#language")
	b.language = "en"
	shows(t, b.get("/account"), http.StatusOK, "Diese Seiten sind auf Deutsch.", "Du hast dich mit Instagram angemeldet")
	shows(t, b.do(http.MethodGet, "/", "Cookie", "latchkey_language=tlh"), http.StatusOK)
}

// TestLanguageThatIsNone holds that what is no language changes nothing, and is said beside the field.
func TestLanguageThatIsNone(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	b.signIn("studio_north")
	for _, code := range []string{"", "tlh", "EN", "../de", strings.Repeat("a", 5000)} {
		a := b.speak(code)
		shows(t, a, http.StatusUnprocessableEntity, "There is no such language here.", "These pages are in English.")
		wellFormed(t, a.body)
		if !strings.Contains(a.body, "<title>Not done: your connection ·") ||
			!strings.Contains(a.body, `aria-invalid="true" aria-describedby="language-fault" autofocus=""`) || !strings.Contains(a.body, `id="language-fault"`) {
			t.Error("the page does not say what is wrong, and where")
		}
		if len(a.cookies) != 0 {
			t.Errorf("%q set %v", code, a.cookies)
		}
	}
	goesTo(t, b.browser().speak("de"), "/")
}

// TestMailInTheOwnersLanguage holds that mail comes in the language in which she gave her address, or chose since.
func TestMailInTheOwnersLanguage(t *testing.T) {
	t.Parallel()
	type texts struct{ question, confirmed, notice []string }
	in := map[string]texts{
		"de": {
			[]string{"Bitte bestätige deine Mailadresse für @studio_north", "Hallo,", "öffne diesen Link"},
			[]string{"Deine Adresse ist bestätigt."},
			[]string{
				"@studio_north: bitte melde dich noch einmal an", "funktioniert nicht mehr",
				"Warum: Instagram nimmt die Erlaubnis nicht mehr an.", "Wenn du keine mehr willst",
			},
		},
		"en": {
			[]string{"Please confirm your mail address for @studio_north", "Hello,", "open this link"},
			[]string{"Your address is confirmed."},
			[]string{"@studio_north: please log in once more", "has stopped working", "Why: Instagram no longer accepts the permission.", "If you want no more of them"},
		},
	}
	for _, tt := range []struct{ gave, chose, noticed string }{{"de", "", "de"}, {"de", "en", "en"}, {"en", "de", "de"}} {
		h := newRig(t, origin, mailing)
		b := h.browser()
		b.language = tt.gave
		b.signIn("studio_north")
		goesTo(t, b.speak(tt.gave), "/account#language") // no address yet, which is no error
		b.give("ada@example.com")
		question := h.lastMail()
		says(t, question, in[tt.gave].question...)
		shows(t, b.post(question.Link(t, origin+"/mail/confirm/")), http.StatusOK, in[tt.gave].confirmed...)
		if tt.chose != "" {
			goesTo(t, b.speak(tt.chose), "/account#language")
		}
		h.away()
		h.alter(func(c *store.Connection) { c.NoticeAt = h.Now() })
		if err := h.owner.Notices.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		notice := h.lastMail()
		says(t, notice, in[tt.noticed].notice...)
		for _, english := range []string{"Hello", "connection", " the ", " you "} {
			if tt.noticed == "de" && strings.Contains(notice.Text(t), english) {
				t.Errorf("the mail says %q:\n%s", english, notice.Text(t))
			}
		}
	}
}

// TestNothingIsLeftInEnglish holds that no page for a German reader has the words of one for an English one, but
// for names.
func TestNothingIsLeftInEnglish(t *testing.T) {
	t.Parallel()
	english := regexp.MustCompile(`(?i)\b(the|you|your|this|that|and|with|from|log in|connection)\b`)
	for name, page := range everyPage(t, "de") {
		text := words(page.body)
		for _, found := range english.FindAllString(text, -1) {
			t.Errorf("%s says %q:\n%s", name, found, text)
		}
	}
}

// TestHistoryInGerman is what was written down in English, told to a German reader.
func TestHistoryInGerman(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.language = "de"
	b.signIn("studio_north")
	for _, tt := range []struct{ kept, told string }{
		{"Whoever runs this server was told: the connection needs a login. The account lost its role on this app at Instagram.", "Im Protokoll dieses Servers steht: Deine Verbindung braucht eine Anmeldung. Dein Konto hat bei Instagram seine Rolle in dieser App verloren."},
		{"Whoever runs this server was told by mail: the connection is not extended and runs out on 2 March 2027.", "Wer diesen Server betreibt, bekam eine Mail: Deine Verbindung wird nicht verlängert und läuft am 2. März 2027 ab."},
		{"Told by mail to a…@example.com: the connection needs a login. ", "Dir wurde per Mail an a…@example.com gesagt: Deine Verbindung braucht eine Anmeldung."},
		{"The mail to a…@example.com is refused; told in the log instead (5.1.1).", "Die Mail an a…@example.com wird nicht angenommen; stattdessen steht es im Protokoll dieses Servers"},
		{"The mail to a…@example.com is refused (5.1.1).", "Die Mail an a…@example.com wird nicht angenommen "},
		{"The mail to a…@example.com could not be sent; it is tried again in ten minutes (x).", "Die Mail an a…@example.com konnte nicht gesendet werden; in zehn Minuten wird es neu versucht"},
		{"The mail to whoever runs this server could not be sent; it is tried again in ten minutes (x).", "Die Mail an die Person, die diesen Server betreibt, konnte nicht gesendet werden"},
		{"The mail to whoever runs this server is refused; told in the log instead (x).", "Die Mail an die Person, die diesen Server betreibt, wird nicht angenommen"},
		{"A mail to confirm the address a…@example.com was asked for.", "Du hast um eine Mail gebeten, um die Adresse a…@example.com zu bestätigen."},
		{"The mail to a…@example.com did something new.", "Dir wurde gesagt, dass die Verbindung dich braucht"},
		{"Something new.", "Dir wurde gesagt, dass die Verbindung dich braucht"},
	} {
		e := store.Event{ConnectionID: h.connection().ID, At: h.Now(), Kind: store.EventNotified, Caller: "notice", Message: tt.kept}
		if err := h.st.AppendEvent(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		shows(t, b.get("/account"), http.StatusOK, tt.told)
	}
}

// says holds that a mail has these texts.
func says(t *testing.T, m mailtest.Mail, texts ...string) {
	t.Helper()
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header(t).Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if !strings.Contains(subject+"\n"+m.Text(t), text) {
			t.Errorf("the mail does not say %q:\n%s\n%s", text, subject, m.Text(t))
		}
	}
}
