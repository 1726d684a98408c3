package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/store"
)

func TestWelcome(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	a := b.get("/")
	shows(t, a, http.StatusOK, "Log in with Instagram", "Privacy")
	hides(t, a, "Sign out", "/account", operatorContact)
	if len(a.cookies) != 0 {
		t.Errorf("a visit set %v", a.header["Set-Cookie"])
	}
}

func TestHomeShowsTheAccount(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	many := int64(1234567)
	h.alter(func(c *store.Connection) { c.Followers = &many })
	c := h.connection()
	until := c.TokenExpiresAt.Format(dayIn(c.TokenExpiresAt, h.Now()))
	a := b.get("/")
	shows(t, a, http.StatusOK,
		"Studio North", "@studio_north, business account", "1,234,567", "Connected, safe until "+until, "Sign out",
		"; next check "+c.NextRefreshAt.Format(dayIn(c.NextRefreshAt, h.Now())), "60 days left",
		"As of your login on "+c.ConnectedAt.Format("2 January"))
	if !strings.Contains(a.body, `<time datetime="`+c.TokenExpiresAt.UTC().Format(time.RFC3339)+`">`+until+`</time>`) {
		t.Error("the end is no <time> with its moment")
	}
	hides(t, a, "Not allowed", "did not say", c.PictureURL)
}

// dayIn is how a day is written: with its year where it is not this one.
func dayIn(at, now time.Time) string {
	if at.UTC().Year() == now.UTC().Year() {
		return "2 January"
	}
	return "2 January 2006"
}

// TestHomeStates is each state in which a connection can be, as its owner sees it.
func TestHomeStates(t *testing.T) {
	t.Parallel()
	const calm = "The last check did not work; it is tried again on"
	in := func(d time.Duration) func(*rig, *store.Connection) {
		return func(h *rig, c *store.Connection) { c.TokenExpiresAt = h.Now().Add(d) }
	}
	failingFor := func(days int, d time.Duration, class instagram.Class) func(*rig, *store.Connection) {
		return func(h *rig, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(d), h.Now().Add(min(2*day, d/2))
			c.Failure = store.RefreshFailure{Since: h.Now().Add(-time.Duration(days) * day), Tries: 9, Class: string(class)}
		}
	}
	failing := func(d time.Duration, class instagram.Class) func(*rig, *store.Connection) {
		return failingFor(4, d, class)
	}
	login := `class="button" href="/login"`
	for _, tt := range []struct {
		name  string
		alter func(*rig, *store.Connection)
		says  []string
		not   []string
	}{
		{"safe for long", in(14*day + time.Hour), []string{"Connected, safe until", "; next check", "15 days left", "You need not do anything."}, []string{login, "did not work", "warn", "bad"}},
		{"the last whole day", in(day + time.Hour), []string{"This connection ends on", "2 days left"}, nil},
		{"a short life is no trouble", in(10*day + time.Hour), []string{"Connected, safe until", "11 days left"}, []string{login}},
		{"a check failed long before the end", failingFor(2, 14*day+time.Hour, instagram.ClassOperator), []string{"Connected, safe until", calm, "Nothing is lost."}, []string{login, "Instagram refuses"}},
		{"checks fail for days", failing(14*day+time.Hour, instagram.ClassRetry), []string{
			"Not extended since ", "works until", "15 days from now", "Instagram has trouble of its own", "It is tried again on", "Log in again",
		}, []string{"safe until", "need not do", "Nothing is lost", login, "bad"}},
		{"checks fail for days by the operator's fault", failing(20*day, instagram.ClassOperator), []string{"Not extended since ", "Instagram refuses the app", operatorContact}, []string{"safe until", `href="/login"`}},
		{"Instagram has trouble near the end", failing(14*day-time.Hour, instagram.ClassRetry), []string{
			"This connection ends on", "unless it is extended", "14 days left", "could not be extended: Instagram has trouble of its own", "log in again", "It is tried again on",
		}, []string{"Connected, safe", calm, "bad"}},
		{"Instagram has trouble and days are left", failing(5*day, instagram.ClassRetry), []string{"This connection ends on", "5 days left"}, []string{"Connected, safe", `class="state warn"`}},
		{"Instagram holds back near the end", failing(90*time.Minute, instagram.ClassHold), []string{"1 hour left", "Instagram is holding back", "Open the Instagram app"}, nil},
		{"a minute is left", failing(time.Minute, instagram.ClassRetry), []string{"Less than two minutes left. Since"}, []string{"less than two minutes"}},
		{"Instagram may want the owner", failing(day, instagram.ClassReconnect), []string{"asks once more before it believes that", "Log in again"}, []string{"Needs you"}},
		{"the operator has to act", failing(day, instagram.ClassOperator), []string{"Instagram refuses the app behind this server, not you.", "tell them", operatorContact}, []string{`href="/login"`}},
		{"the program is at fault", failing(day, instagram.ClassPermanent), []string{"Instagram refuses the app behind this server, not you."}, nil},
		{"the keyring does not open it", func(h *rig, c *store.Connection) {
			failing(day, instagram.ClassOperator)(h, c)
			c.Failure.Cause = store.CauseSealed
		}, []string{"This server cannot open what it keeps of your permission.", operatorContact, "Log in again"}, []string{"Instagram refuses"}},
		{"a class that nobody knows", failing(day, "new"), []string{"Instagram has trouble of its own"}, nil},
		{"nobody came near the end", func(h *rig, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(day), h.Now().Add(-time.Hour)
		}, []string{"This server has not come to it.", "tried again soon", operatorContact, "Log in again"}, []string{"Connected, safe"}},
		{"nobody ever comes", func(h *rig, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(20*day), time.Time{}
		}, []string{"Not extended The connection works until", "This server has not come to it.", "tried again soon"}, []string{"Connected, safe", "0001"}},
		{"it would be looked at after its end", func(h *rig, c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt = h.Now().Add(20*day), h.Now().Add(30*day)
		}, []string{"Not extended The connection works until"}, []string{"safe until", "since"}},
		{"just ended", in(-time.Second), []string{"This connection ended on", "Log in again"}, []string{"safe until", " left."}},
		{"ended for a reason", failing(-time.Second, instagram.ClassHold), []string{"This connection ended on", "Instagram is holding back", "Log in again"}, []string{"safe until", " left."}},
		{"needs its owner", func(_ *rig, c *store.Connection) {
			c.Status, c.StatusReason = store.StatusReconnect, "Instagram no longer accepts the permission."
		}, []string{"Instagram asks you to log in again.", "Instagram no longer accepts the permission.", "Needs you"}, []string{"safe until"}},
		{"needs its owner, told in other words", func(_ *rig, c *store.Connection) {
			c.Status, c.StatusReason = store.StatusReconnect, "The account lost its role on this app at Instagram."
		}, []string{"Your account lost its role on this app at Instagram."}, []string{"The account"}},
		{"disconnected", func(_ *rig, c *store.Connection) {
			c.Status, c.TokenExpiresAt = store.StatusDisconnected, time.Time{}
		}, []string{"Whoever runs this server disconnected your account.", "Disconnected", "have erased"}, []string{"safe until", "January 1", "0001"}},
		{"without an end", func(_ *rig, c *store.Connection) { c.TokenExpiresAt = time.Time{} }, []string{"Connected Instagram did not say until when. Next check"}, []string{"safe until", "0001"}},
		{"without an end, and a check failed", func(h *rig, c *store.Connection) {
			failing(day, instagram.ClassRetry)(h, c)
			c.TokenExpiresAt = time.Time{}
		}, []string{"Instagram did not say until when.", calm}, []string{"safe until", "0001"}},
		{"numbers unsaid", func(_ *rig, c *store.Connection) {
			zero := int64(0)
			c.Followers, c.Follows = nil, &zero
		}, []string{"Followers Instagram did not say", "Following 0"}, nil},
		{"scopes unsaid", func(_ *rig, c *store.Connection) { c.Scopes = nil }, nil, []string{"Not allowed"}},
		{"a scope missing", func(_ *rig, c *store.Connection) { c.Scopes = allScopes[:2] }, []string{"Not allowed: Read and answer comments", "Log in again and allow it"}, nil},
		{"an unknown scope", func(_ *rig, c *store.Connection) { c.Scopes = append(allScopes[:3:3], "instagram_new_thing") }, nil, []string{"Not allowed"}},
		{"disconnected, and a scope was missing", func(_ *rig, c *store.Connection) {
			c.Status, c.Scopes = store.StatusDisconnected, allScopes[:2]
		}, nil, []string{"Not allowed"}},
		{"no name", func(_ *rig, c *store.Connection) { c.Name, c.AccountType, c.PictureURL = "", "", "" }, []string{"SN studio_north", "@studio_north Connected,"}, []string{"<img", "business"}},
		{"markup in a name", func(_ *rig, c *store.Connection) { c.Name = `<b>"Tom" & Co</b>` }, []string{`<b>"Tom" & Co</b>`}, []string{"<b>\"Tom"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			b := h.browser()
			b.signIn("studio_north")
			h.alter(func(c *store.Connection) { tt.alter(h, c) })
			a := b.get("/")
			wellFormed(t, a.body)
			shows(t, a, http.StatusOK, tt.says...)
			hides(t, a, tt.not...)
			account := b.get("/account")
			wellFormed(t, account.body)
			// The state is told in the same words on both pages.
			works := !slices.ContainsFunc([]string{"Needs you", "Disconnected", "This connection ended"}, func(lost string) bool { return strings.Contains(a.body, lost) })
			if ticked := strings.Contains(account.body, `<path d="m5 12.5 4.5 4.5L19 7.5"/>`); ticked != (works && h.connection().Scopes != nil) {
				t.Errorf("permissions are ticked: %t, and the connection works: %t", ticked, works)
			}
			shows(t, account, http.StatusOK, words("</head>"+between(t, a.body, `aria-labelledby="state">`, "</section>")))
		})
	}
}

// TestScopesOnTheAccountPage is what the owner allowed, where the whole of it is told.
func TestScopesOnTheAccountPage(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	for _, tt := range []struct {
		scopes []string
		says   []string
	}{
		{nil, []string{"Instagram did not say which permissions you gave."}},
		{allScopes[:2], []string{"See your profile", "See your numbers", "Not allowed: Read and answer comments", "Log in again and allow it"}},
		{append(allScopes[:3:3], "instagram_new_thing"), []string{"instagram_new_thing This page does not know what this permission means."}},
	} {
		h.alter(func(c *store.Connection) { c.Scopes = tt.scopes })
		shows(t, b.get("/account"), http.StatusOK, tt.says...)
	}
}

// TestTimeGoesPastTheEnd moves the clock as the demonstration does. The session lives on.
func TestTimeGoesPastTheEnd(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	h.sim.Advance(61 * day)
	shows(t, b.get("/"), http.StatusOK, "This connection ended on", "Log in again")
	b.signIn("studio_north")
	shows(t, b.get("/"), http.StatusOK, "Connected, safe until")
}

func TestUntickedPermission(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	goesTo(t, b.login(igsim.Decision{Persona: "studio_north", Without: []string{instagram.ScopeComments}}), "/")
	shows(t, b.get("/"), http.StatusOK, "Not allowed: Read and answer comments")
}

// TestSessionOfNobody is a cookie that is worth nothing: the page is the welcome, and the cookie goes.
func TestSessionOfNobody(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	a := b.do(http.MethodGet, "/", "Cookie", "latchkey_session=CANARY")
	shows(t, a, http.StatusOK, "Log in with Instagram")
	hides(t, a, "CANARY")
	if c := a.cookie(t, "latchkey_session"); c.MaxAge >= 0 || c.Value != "" {
		t.Errorf("the cookie became %v", c)
	}
}

// TestSessionThatIsOverKeepsItsCookie sets the clock ahead and back under a signed-in owner: meanwhile she sees the
// welcome, and afterwards her page, without another login.
func TestSessionThatIsOverKeepsItsCookie(t *testing.T) {
	t.Parallel()
	clock := time.Now()
	b := newRig(t, origin, func(h *rig) {
		h.Sessions.Now = func() time.Time { return clock }
	}).browser()
	b.signIn("studio_north")
	clock = clock.Add(90 * 24 * time.Hour)
	shows(t, b.get("/"), http.StatusOK, "Log in with Instagram")
	goesTo(t, b.get("/account"), "/")
	clock = clock.Add(-90 * 24 * time.Hour)
	shows(t, b.get("/account"), http.StatusOK, "studio_north")
}
