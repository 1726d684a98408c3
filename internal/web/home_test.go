package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/store"
	"latchkey/internal/web"
)

func TestWelcome(t *testing.T) {
	t.Parallel()
	b := setup(t, origin).browser()
	a := b.get("/")
	shows(t, a, http.StatusOK, "Log in with Instagram", "Privacy")
	hides(t, a, "Sign out", "/account", contact)
	if len(a.cookies) != 0 {
		t.Errorf("a visit set %v", a.header["Set-Cookie"])
	}
}

func TestHomeShowsTheAccount(t *testing.T) {
	t.Parallel()
	h := setup(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	many := int64(1234567)
	h.alter(func(c *store.Connection) { c.Followers = &many })
	c := h.connection()
	until := c.TokenExpiresAt.Format("2 January")
	a := b.get("/")
	shows(t, a, http.StatusOK,
		"Studio North", "@studio_north, business account", "1,234,567", "Connected, safe until "+until+"; next check "+c.NextRefreshAt.Format("2 January"), "Sign out",
		"As Instagram said it at your login on "+c.ConnectedAt.Format("2 January 2006, 15:04 UTC"),
		"See your profile", "See your numbers", "Read and answer comments", "59 days left")
	if !strings.Contains(a.body, `<time datetime="`+c.TokenExpiresAt.UTC().Format(time.RFC3339)+`">`+until+`</time>`) {
		t.Error("the end is no <time> with its moment")
	}
	hides(t, a, "Not allowed", "did not say", c.PictureURL)
}

// TestHomeStates is each state in which a connection can be, as its owner sees it.
func TestHomeStates(t *testing.T) {
	t.Parallel()
	const calm = "The last check did not work; it is tried again on"
	in := func(d time.Duration) func(*house, *store.Connection) {
		return func(h *house, c *store.Connection) { c.TokenExpiresAt = h.Now().Add(d) }
	}
	failing := func(d time.Duration, class instagram.Class) func(*house, *store.Connection) {
		return func(h *house, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(d), h.Now().Add(2*day)
			c.Trouble = store.Trouble{Since: h.Now().Add(-3 * day), Tries: 9, Class: string(class)}
		}
	}
	for _, tt := range []struct {
		name  string
		alter func(*house, *store.Connection)
		says  []string
		not   []string
	}{
		{"safe for long", in(14*day + time.Hour), []string{"Connected, safe until", "; next check", "14 days left", "You need not do anything."}, []string{`id="banner"`, "did not work"}},
		{"a short life is no trouble", in(10*day + time.Hour), []string{"Connected, safe until", "10 days left"}, []string{`id="banner"`}},
		{"a check failed long before the end", failing(14*day+time.Hour, instagram.ClassOperator), []string{"Connected, safe until", calm, "Nothing is lost."}, []string{`id="banner"`, "Instagram refuses"}},
		{"Instagram has trouble near the end", failing(14*day-time.Hour, instagram.ClassRetry), []string{
			"This connection ends on", "unless it is extended", "13 days left", "could not be extended: Instagram has trouble of its own", "log in again", "It is tried again on",
		}, []string{"Connected, safe", calm}},
		{"Instagram holds back near the end", failing(90*time.Minute, instagram.ClassHold), []string{"1 hour left", "Instagram is holding back", "Open the Instagram app"}, nil},
		{"Instagram may want the owner", failing(day, instagram.ClassReconnect), []string{"asks once more before it believes that", "Log in again"}, []string{"Needs you"}},
		{"the operator has to act", failing(day, instagram.ClassOperator), []string{"Instagram refuses the app behind this server, not you.", "tell them", contact}, []string{`class="button" href="/login"`}},
		{"the program is at fault", failing(day, instagram.ClassPermanent), []string{"Instagram refuses the app behind this server, not you."}, nil},
		{"a class that nobody knows", failing(day, "new"), []string{"Instagram has trouble of its own"}, nil},
		{"nobody came near the end", func(h *house, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(day), h.Now().Add(-time.Hour)
		}, []string{"This server has not come to it.", "tried again soon", contact, "Log in again"}, []string{"Connected, safe"}},
		{"nobody ever comes", func(h *house, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(day), time.Time{}
		}, []string{"It could not be extended: This server has not come to it.", "tried again soon"}, []string{"Connected, safe", "0001"}},
		{"just ended", in(-time.Second), []string{"This connection ended on", "Ended on", "Log in again"}, []string{"safe until", " left."}},
		{"ended for a reason", failing(-time.Second, instagram.ClassHold), []string{"This connection ended on", "Instagram is holding back", "Log in again"}, []string{"safe until", " left."}},
		{"needs its owner", func(_ *house, c *store.Connection) {
			c.Status, c.StatusReason = store.StatusReconnect, "You changed your password at Instagram."
		}, []string{"Instagram asks you to log in again.", "You changed your password at Instagram.", "Needs you"}, []string{"safe until"}},
		{"disconnected", func(_ *house, c *store.Connection) {
			c.Status, c.TokenExpiresAt = store.StatusDisconnected, time.Time{}
		}, []string{"This account is disconnected.", "Disconnected", "have erased"}, []string{"safe until", "January 1", "0001"}},
		{"without an end", func(_ *house, c *store.Connection) { c.TokenExpiresAt = time.Time{} }, []string{"Connected; next check", "Instagram did not say until when."}, []string{"safe until", "0001"}},
		{"without an end, and a check failed", func(h *house, c *store.Connection) {
			failing(day, instagram.ClassRetry)(h, c)
			c.TokenExpiresAt = time.Time{}
		}, []string{"Instagram did not say until when.", calm}, []string{"safe until", "0001"}},
		{"numbers unsaid", func(_ *house, c *store.Connection) {
			zero := int64(0)
			c.Followers, c.Follows = nil, &zero
		}, []string{"Followers Instagram did not say", "Following 0"}, nil},
		{"scopes unsaid", func(_ *house, c *store.Connection) { c.Scopes = nil }, []string{"Instagram did not say which permissions you gave."}, []string{"Not allowed"}},
		{"a scope missing", func(_ *house, c *store.Connection) { c.Scopes = allScopes[:2] }, []string{"Not allowed: Read and answer comments", "Log in again and allow it"}, nil},
		{"an unknown scope", func(_ *house, c *store.Connection) { c.Scopes = append(allScopes[:3:3], "instagram_new_thing") }, []string{"instagram_new_thing This page does not know what this permission means."}, []string{"Not allowed"}},
		{"no name", func(_ *house, c *store.Connection) { c.Name, c.AccountType, c.PictureURL = "", "", "" }, []string{"SN studio_north", "@studio_north Connected"}, []string{"<img", "business"}},
		{"markup in a name", func(_ *house, c *store.Connection) { c.Name = `<b>"Tom" & Co</b>` }, []string{`<b>"Tom" & Co</b>`}, []string{"<b>\"Tom"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, origin)
			b := h.browser()
			b.signIn("studio_north")
			h.alter(func(c *store.Connection) { tt.alter(h, c) })
			for _, address := range []string{"/", "/account"} {
				a := b.get(address)
				wellFormed(t, a.body)
				if address == "/" {
					shows(t, a, http.StatusOK, tt.says...)
					hides(t, a, tt.not...)
				}
				shows(t, a, http.StatusOK)
			}
		})
	}
}

// TestTimeGoesPastTheEnd moves the clock as the demonstration does. The session lives on.
func TestTimeGoesPastTheEnd(t *testing.T) {
	t.Parallel()
	h := setup(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	h.sim.Advance(61 * day)
	shows(t, b.get("/"), http.StatusOK, "This connection ended on", "Log in again")
	b.signIn("studio_north")
	shows(t, b.get("/"), http.StatusOK, "Connected, safe until")
}

func TestUntickedPermission(t *testing.T) {
	t.Parallel()
	b := setup(t, origin).browser()
	goesTo(t, b.login(igsim.Decision{Persona: "studio_north", Without: []string{instagram.ScopeComments}}), "/")
	shows(t, b.get("/"), http.StatusOK, "Not allowed: Read and answer comments")
}

// TestSessionOfNobody is a cookie that is worth nothing: the page is the welcome, and the cookie goes.
func TestSessionOfNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, origin).browser()
	a := b.do(http.MethodGet, "/", "Cookie", "latchkey_session=CANARY")
	shows(t, a, http.StatusOK, "Log in with Instagram")
	hides(t, a, "CANARY")
	if c := a.cookie(t, "latchkey_session"); c.MaxAge >= 0 || c.Value != "" {
		t.Errorf("the cookie became %v", c)
	}
}

// TestNextCheck is when the page says that a connection is looked at next.
func TestNextCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		next time.Time
		want string
	}{
		{"next week", now.Add(7 * day), "30 November"},
		{"next year, soon", now.Add(60 * day), "22 January"},
		{"far away", now.Add(200 * day), "11 June 2027"},
		{"later today", now.Add(11 * time.Hour), "today"},
		{"tomorrow", now.Add(12 * time.Hour), "24 November"},
		{"overdue", now.Add(-3 * day), "today"},
		{"never", time.Time{}, ""},
	} {
		if got := web.NextCheck(tt.next, now); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 999999: "999,999", 1000000: "1,000,000",
		-1: "−1", -1234: "−1,234", -123: "−123",
	} {
		if got := web.Thousands(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		60 * day: "60 days", 2*day - 1: "1 day", day: "1 day", day - 1: "23 hours", time.Hour: "1 hour",
		time.Hour - 1: "59 minutes", 2 * time.Minute: "2 minutes", time.Second: "Less than two minutes",
	} {
		if got := web.Left(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, username, want string }{
		{"Studio North", "x", "SN"},
		{"Studio", "x", "S"},
		{"Mara ✨ Makes: ceramics 🏺🌿", "x", "MC"},
		{"the quick brown fox", "x", "TF"},
		{"Fern & Daughters", "x", "FD"},
		{"🏺", "studio_north", "SN"},
		{"", "studio_north", "SN"},
		{"", "_._", ""},
		{"élan vital", "x", "ÉV"},
		{"東京 カフェ", "x", "東カ"},
		{"24 Hours", "x", "2H"},
	} {
		if got := web.Initials(tt.name, tt.username); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.name, tt.username, got, tt.want)
		}
	}
}
