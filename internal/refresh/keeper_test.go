package refresh_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

func TestHealthyConnection(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	for range 30 {
		h.week()
		got := h.connection(c.ID)
		if left := got.TokenExpiresAt.Sub(h.sim.Now()); left < 50*day || got.Status != store.StatusActive {
			t.Fatalf("%v of runway, %s", left, got.Status)
		}
	}
	if n := h.sim.Calls(igsim.Refresh); n != 30 {
		t.Errorf("%d refreshes in 30 weeks", n)
	}
	if !h.works(c.ID) {
		t.Error("the stored token does not work")
	}
	if h.sim.Calls(igsim.Me) != 2 { // the login's and that of works
		t.Error("a healthy connection needs no /me")
	}
}

// TestFormsOfAnswer holds that whatever comes back as a good answer is stored whole.
func TestFormsOfAnswer(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]igsim.Switches{
		"the same string":             {SameToken: true},
		"a new string, the old lives": {},
		"a new string, the old dies":  {OldTokenDies: true},
		"permissions come with it":    {LongPermissions: true},
		"no life is named":            {MissingExpiresIn: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.set(switches)
			h.week()

			got, life := h.connection(c.ID), 60*day
			if switches.MissingExpiresIn {
				life = 50 * day
			}
			if off := life - got.TokenExpiresAt.Sub(got.TokenIssuedAt); off.Abs() > 2*time.Minute || h.sim.Now().Sub(got.TokenIssuedAt) > time.Minute {
				t.Errorf("issued %v, expires %v", got.TokenIssuedAt, got.TokenExpiresAt)
			}
			if !h.works(c.ID) || !got.Failure.IsZero() {
				t.Errorf("it works: %v, trouble %+v", h.works(c.ID), got.Failure)
			}
			if want := []store.EventKind{store.EventConnected, store.EventRefreshed}; !slices.Equal(h.history(c.ID), want) {
				t.Errorf("history %v", h.history(c.ID))
			}
			events, _ := h.st.Events(t.Context(), c.ID, 1)
			if assumed := strings.Contains(events[0].Message, "guess"); assumed != switches.MissingExpiresIn {
				t.Errorf("the event says %q", events[0].Message)
			}
			h.week()
			if !h.works(c.ID) {
				t.Error("the next refresh lost it")
			}
		})
	}
}

// TestScopesOfAnswer holds that the permissions which Instagram names are kept.
func TestScopesOfAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	granted := c.Scopes
	c.Scopes = nil // the login did not say
	if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	h.set(igsim.Switches{LongPermissions: true})
	h.week()
	if got := h.connection(c.ID); len(got.Scopes) == 0 || !slices.Equal(got.Scopes, granted) {
		t.Errorf("scopes %v, want %v", got.Scopes, granted)
	}
}

// TestBadAnswer holds that an answer without a token changes nothing but when it is tried again.
func TestBadAnswer(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]igsim.Fault{
		"server error":              {Code: 2},
		"unknown code":              {Code: 98765, Status: 400, Message: "something new"},
		"unknown OAuthException":    {Code: 98765, Status: 401, Type: "OAuthException", Message: "something new"},
		"an error with status 200":  {Code: 190, Status: 200, Message: "Error validating access token"},
		"rate limit of the app":     {Code: 4, Type: "OAuthException"},
		"rate limit of the account": {Code: 80002, RegainMinutes: 30},
		"access blocked":            {Code: 200, Type: "OAuthException", Message: "API access blocked."},
		"a revoked token":           {Code: 190, Subcode: 460},
		"advanced access":           {Code: 10, Message: "(#10) App does not have Advanced Access"},
		"a client bug":              {Code: 104},
		"a page":                    {Kind: igsim.Page},
		"a page with status 400":    {Kind: igsim.Page, Status: 400},
		"nothing":                   {Kind: igsim.Empty},
		"half of it":                {Kind: igsim.Truncated},
		"a broken connection":       {Kind: igsim.Cut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.fail(igsim.Refresh, 1, fault)
			h.week()

			got := h.connection(c.ID)
			if string(got.SealedToken) != string(c.SealedToken) || got.Status != store.StatusActive ||
				!got.TokenIssuedAt.Equal(c.TokenIssuedAt) || !got.TokenExpiresAt.Equal(c.TokenExpiresAt) {
				t.Errorf("became %+v", got)
			}
			if got.Failure.Tries != 1 || !got.NextRefreshAt.After(h.sim.Now()) || got.NextRefreshAt.Sub(h.sim.Now()) > 30*time.Hour {
				t.Errorf("trouble %+v, next %v from now", got.Failure, got.NextRefreshAt.Sub(h.sim.Now()))
			}
			if want := []store.EventKind{store.EventConnected, store.EventRefreshFailed}; !slices.Equal(h.history(c.ID), want) {
				t.Errorf("history %v", h.history(c.ID))
			}
			h.pass(30 * time.Hour)
			if got := h.connection(c.ID); !got.Failure.IsZero() || got.TokenExpiresAt.Sub(h.sim.Now()) < 59*day {
				t.Errorf("a success did not clear it: %+v", got)
			}
		})
	}
}

func TestBlankToken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.set(igsim.Switches{BlankToken: true})
	h.week()
	if got := h.connection(c.ID); string(got.SealedToken) != string(c.SealedToken) || got.Status != store.StatusActive || got.Failure.Tries != 1 {
		t.Errorf("became %+v", got)
	}
	h.set(igsim.Switches{})
	h.pass(time.Hour)
	if !h.works(c.ID) || !h.connection(c.ID).Failure.IsZero() {
		t.Error("it did not recover")
	}
}

// TestTooYoung holds that the day counts from the token's issue by Instagram, whatever was written
// since: a token that the store calls due by another clock is left alone.
func TestTooYoung(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(20 * time.Hour)
	c.NextRefreshAt, c.ConnectedAt = h.sim.Now(), c.ConnectedAt.Add(-3*day)
	c, err := h.st.PutConnection(t.Context(), c, store.Event{ConnectionID: c.ID, At: h.sim.Now(), Kind: store.EventConnected})
	if err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	got := h.connection(c.ID)
	if n := h.sim.Calls(igsim.Refresh); n != 0 {
		t.Errorf("asked %d times", n)
	}
	if want := c.TokenIssuedAt.Add(day); !got.NextRefreshAt.Equal(want) {
		t.Errorf("next at %v, want %v", got.NextRefreshAt, want)
	}
	if !strings.Contains(scrape(t, h.Metrics.Handler()), `outcome="too_young"} 1`) {
		t.Error("it is not counted as too young")
	}
	h.pass(4*time.Hour + time.Minute)
	if n := h.sim.Calls(igsim.Refresh); n != 1 || !h.connection(c.ID).Failure.IsZero() {
		t.Errorf("a day after its issue it was asked for %d times", n)
	}
}

// TestUnrelatedWrite holds that a write about something else moves no date of the token.
func TestUnrelatedWrite(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	for range 8 {
		h.pass(day)
		c = h.connection(c.ID)
		if h.sim.Calls(igsim.Refresh) > 0 {
			break
		}
		c.Name = "Studio North, renamed"
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if h.sim.Calls(igsim.Refresh) != 1 {
		t.Errorf("%d refreshes in eight days", h.sim.Calls(igsim.Refresh))
	}
}

// TestOneBadToken holds that one that cannot even be opened keeps nobody else waiting.
func TestOneBadToken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(40)
	broken := fleet[0]
	broken.SealedToken = []byte("not sealed by anybody")
	broken.NextRefreshAt = h.sim.Now() // the first of all
	if _, err := h.st.UpdateConnection(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	h.fail(igsim.Refresh, 1, igsim.Fault{Code: 190, Subcode: 460})
	h.week()
	refreshed := 0
	for _, c := range fleet {
		if got := h.connection(c.ID); !got.RefreshedAt.IsZero() {
			refreshed++
		}
	}
	if refreshed != 38 {
		t.Errorf("%d of 40 were refreshed, want 38", refreshed)
	}
	h.pass(2 * time.Hour)
	if !h.alarm(store.AlarmOperator).Lasts() {
		t.Error("the operator was not told about the token that cannot be opened")
	}
}

// TestLoginInFlight holds that a login while a refresh is in flight wins, whatever the refresh brings.
func TestLoginInFlight(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*igsim.Fault{"and succeeds": nil, "and fails": {Code: 190, Subcode: 460, AfterWork: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			var since store.Connection
			done := false
			h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/refresh_access_token" || done {
					h.sim.ServeHTTP(w, r)
					return
				}
				done = true
				since = h.connect("studio_north") // before Instagram issues the other token
				if fault != nil {
					h.fail(igsim.Refresh, 1, *fault)
				}
				h.sim.ServeHTTP(w, r)
			})
			h.week()
			got := h.connection(c.ID)
			if !done || got.Version != since.Version || string(got.SealedToken) != string(since.SealedToken) || !got.Failure.IsZero() {
				t.Errorf("the login left %+v, then %+v", since, got)
			}
		})
	}
}

// TestDisconnectInFlight holds that a token which was destroyed stays destroyed.
func TestDisconnectInFlight(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.beforeRefresh(func(context.Context) {
		if _, err := h.Vault.Disconnect(context.Background(), vault.CallerOwner, c.ID); err != nil {
			t.Error(err)
		}
	})
	h.week()
	if got := h.connection(c.ID); got.SealedToken != nil || got.Status != store.StatusDisconnected {
		t.Errorf("became %+v", got)
	}
}

func TestEraseInFlight(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.beforeRefresh(func(context.Context) {
		if err := h.Vault.Erase(context.Background(), vault.CallerOwner, c.ID); err != nil {
			t.Error(err)
		}
	})
	h.week()
	if _, err := h.st.Connection(t.Context(), c.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is back: %v", err)
	}
	if len(h.history(c.ID)) != 0 {
		t.Errorf("a history is back: %v", h.history(c.ID))
	}
}

// TestEraseAndLoginInFlight erases a connection while its token is refreshed, and logs its owner in again, so that the
// new one has the version of the old one: whatever the refresh brings, the new login stands as it was.
func TestEraseAndLoginInFlight(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request, *rig){
		"a token": func(w http.ResponseWriter, r *http.Request, h *rig) { h.sim.ServeHTTP(w, r) },
		"a refusal": func(w http.ResponseWriter, _ *http.Request, _ *rig) {
			says(http.StatusBadRequest, `{"error":{"code":190,"error_subcode":460,"type":"OAuthException","message":"changed"}}`)(w)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			old := h.connect("studio_north")
			var login store.Connection
			once := sync.OnceFunc(func() {
				if err := h.Vault.Erase(context.Background(), vault.CallerOwner, old.ID); err != nil {
					t.Error(err)
				}
				h.sim.Advance(time.Second)
				h.handler = h.sim
				login = h.connect("studio_north")
			})
			h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				once()
				answer(w, r, h)
			})
			h.week()
			got := h.connection(old.ID)
			if login.Version != old.Version || !got.ConnectedAt.Equal(login.ConnectedAt) || !bytes.Equal(got.SealedToken, login.SealedToken) || !got.Failure.IsZero() {
				t.Errorf("the new login\n%+v became\n%+v", login, got)
			}
			if kinds := h.history(old.ID); !slices.Equal(kinds, []store.EventKind{store.EventConnected}) {
				t.Errorf("its history is %v", kinds)
			}
		})
	}
}

// TestOlderAnswer holds that of two answers the one that was issued later stays, in whichever order
// they are written.
func TestOlderAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	other := h.another(0)
	inner := false
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/refresh_access_token" || inner {
			h.sim.ServeHTTP(w, r)
			return
		}
		inner = true
		// Ours is issued now, and held back while the lease runs out and another process asks too.
		h.sim.ServeHTTP(w, r)
		h.sim.Advance(11 * time.Minute)
		if err := other.Sweep(context.Background()); err != nil {
			t.Error(err)
		}
	})
	h.week()
	got := h.connection(c.ID)
	if n := h.sim.Calls(igsim.Refresh); n != 2 {
		t.Fatalf("%d refreshes, want 2", n)
	}
	if age := h.sim.Now().Sub(got.TokenIssuedAt); age > time.Minute {
		t.Errorf("the answer that was issued %v ago stayed", age)
	}
	if !h.works(c.ID) {
		t.Error("the stored token does not work")
	}
}

// TestYoungerAnswer is the other order: what we hold was issued later than what somebody wrote first.
func TestYoungerAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.beforeRefresh(func(ctx context.Context) {
		read := h.connection(c.ID)
		read.TokenIssuedAt = read.TokenIssuedAt.Add(2 * day)
		read.NoticeAt = read.NoticeAt.Add(2 * day)
		if _, err := h.st.UpdateConnection(ctx, read); err != nil {
			t.Error(err)
		}
	})
	h.week()
	if got := h.connection(c.ID); h.sim.Now().Sub(got.TokenIssuedAt) > time.Minute || !h.works(c.ID) {
		t.Errorf("ours was dropped: issued %v", got.TokenIssuedAt)
	}
}

// TestFailureGivesWay holds that a failure says nothing about what somebody else wrote meanwhile: a
// token that was issued since, or how another try went.
func TestFailureGivesWay(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*store.Connection){
		"a newer token": func(c *store.Connection) { c.TokenIssuedAt = c.TokenIssuedAt.Add(time.Second) },
		"another try":   func(c *store.Connection) { c.Failure.Tries = 7 },
		"its mark":      func(c *store.Connection) { c.Status = store.StatusReconnect },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.fail(igsim.Refresh, 1, igsim.Fault{Code: 2})
			var written store.Connection
			h.beforeRefresh(func(ctx context.Context) {
				written = h.connection(c.ID)
				write(&written)
				written.NextRefreshAt = written.NextRefreshAt.Add(7 * day)
				if _, err := h.st.UpdateConnection(ctx, written); err != nil {
					t.Error(err)
				}
			})
			h.week()
			if got := h.connection(c.ID); got.Version != written.Version+1 {
				t.Errorf("%+v became %+v", written, got)
			}
		})
	}
}

// TestUnrelatedWriteInFlight holds that neither a token nor a failure is lost to a write about
// something else.
func TestUnrelatedWriteInFlight(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*igsim.Fault{"a token": nil, "a failure": {Code: 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			if fault != nil {
				h.fail(igsim.Refresh, 1, *fault)
			}
			h.beforeRefresh(func(ctx context.Context) {
				read := h.connection(c.ID)
				read.Name = "renamed"
				if _, err := h.st.UpdateConnection(ctx, read); err != nil {
					t.Error(err)
				}
			})
			h.week()
			got := h.connection(c.ID)
			if got.Name != "renamed" || fault == nil && got.RefreshedAt.IsZero() || fault != nil && got.Failure.Tries != 1 {
				t.Errorf("became %+v", got)
			}
		})
	}
}

// busy is a store in which somebody else writes about a connection right before so many of our writes.
type busy struct {
	refresh.Store
	writes int
}

func (b *busy) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	if b.writes--; b.writes >= 0 {
		cur, err := b.Connection(ctx, c.ID)
		if err != nil {
			return cur, err
		}
		cur.Name += "."
		if _, err := b.Store.UpdateConnection(ctx, cur); err != nil {
			return cur, err
		}
	}
	return b.Store.UpdateConnection(ctx, c, events...)
}

// TestBusyConnection holds that a token is written when the fifth try of that finds nobody faster, and else
// waits on disk and is written by the next sweep.
func TestBusyConnection(t *testing.T) {
	t.Parallel()
	for writes, waits := range map[int]int{4: 0, 5: 1} {
		h := setup(t)
		c := h.connect("studio_north")
		h.Store = &busy{h.Store, writes}
		h.week()
		if n := len(h.waiting()); n != waits {
			t.Errorf("%d writes by others: %d answers wait, want %d", writes, n, waits)
		}
		h.pass(0)
		if got := h.connection(c.ID); got.RefreshedAt.IsZero() || len(h.waiting()) != 0 {
			t.Errorf("%d writes by others: became %+v", writes, got)
		}
	}
}

// TestLeases holds that replicas share the work, and that one with a clock two minutes off does no
// harm.
func TestLeases(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(60)
	h.sim.Advance(8 * day)
	ended := make(chan error, 2)
	go func() { ended <- h.Sweep(t.Context()) }()
	go func() { ended <- h.another(-2 * time.Minute).Sweep(t.Context()) }()
	for range 2 {
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	if n := h.sim.Calls(igsim.Refresh); n != len(fleet) {
		t.Errorf("%d refreshes for %d connections", n, len(fleet))
	}
}

// TestClockJumps holds that a clock which runs a day off and comes back loses nothing.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{"forward": day, "back": -day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			off := time.Duration(0)
			h.Clock.Now = func() time.Time { return h.sim.Now().Add(off) }
			in := false
			h.beforeRefresh(func(context.Context) {
				if !in { // the jump is in the middle of a call
					in, off = true, jump
				}
			})
			h.fail(igsim.Refresh, 1, igsim.Fault{Code: 2})
			h.week()
			off = 0
			h.pass(time.Hour) // a doubt, a lease or a due time of the future must not stop it for long
			h.pass(day + time.Hour)
			if got := h.connection(c.ID); got.RefreshedAt.IsZero() || !got.Failure.IsZero() || !h.works(c.ID) {
				t.Errorf("became %+v", got)
			}
			for range 4 {
				h.week()
			}
			if got := h.connection(c.ID); got.TokenExpiresAt.Sub(h.sim.Now()) < 50*day {
				t.Errorf("%v of runway", got.TokenExpiresAt.Sub(h.sim.Now()))
			}
		})
	}
}

// TestReleaseByAnother holds that whoever does not hold the lease cannot give it away.
func TestReleaseByAnother(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(8 * day)
	held, err := h.st.Claim(t.Context(), c.ID, "somebody", h.sim.Now(), 10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	if _, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("on demand beside somebody at work: %v", err)
	}
	if n := h.sim.Calls(igsim.Refresh); n != 0 {
		t.Errorf("asked %d times under somebody's lease", n)
	}
	if err := h.st.ReleaseLease(t.Context(), held); err != nil {
		t.Errorf("the lease is gone: %v", err)
	}
}

// panicking is a store that panics whenever it is to read, or to write, one connection.
type panicking struct {
	refresh.Store
	reads, writes string
}

func (p *panicking) Connection(ctx context.Context, id string) (store.Connection, error) {
	if id == p.reads {
		panic("IGAAsecret")
	}
	return p.Store.Connection(ctx, id)
}

func (p *panicking) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	if c.ID == p.writes {
		panic("IGAAsecret")
	}
	return p.Store.UpdateConnection(ctx, c, events...)
}

// TestPanicIsOneFailedAttempt holds that what panics ends neither the process nor the sweep, is not tried
// in a circle, and says where without what.
func TestPanicIsOneFailedAttempt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(5)
	h.Store = &panicking{Store: h.Store, reads: fleet[2].ID}
	h.week()
	for i, c := range fleet {
		if refreshed := !h.connection(c.ID).RefreshedAt.IsZero(); refreshed == (i == 2) {
			t.Errorf("connection %d: refreshed %v", i, refreshed)
		}
	}
	h.pass(time.Minute)
	if log := h.log.String(); strings.Count(log, "a try panicked") != 1 || !strings.Contains(log, "attend") || strings.Contains(log, "IGAAsecret") {
		t.Errorf("while the lease of what panicked runs, the log says:\n%s", log)
	}
}

// TestPanicLosesNoToken holds that a token whose write panics waits in the spill folder like any other
// that the store does not take.
func TestPanicLosesNoToken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	sound := h.Store
	h.Store = &panicking{Store: sound, writes: c.ID}
	h.week()
	if !h.Spill.Has(c.ID) {
		t.Fatalf("no answer waits:\n%s", h.log)
	}
	h.Store = sound
	h.pass(time.Minute)
	if got := h.connection(c.ID); got.RefreshedAt.IsZero() || !h.works(c.ID) {
		t.Errorf("became %+v", got)
	}
}

// TestLostAnswer holds that a refresh which worked and whose answer was lost is made again within a
// minute, before the old token dies; and that one which did not reach Instagram is in no hurry.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lose func(w http.ResponseWriter)
		soon bool
	}{
		"cut off":                      {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, true},
		"an outage":                    {func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) }, true},
		"an internal error":            {says(http.StatusBadRequest, `{"error":{"code":2,"type":"OAuthException","message":"An unexpected error has occurred."}}`), true},
		"an unknown one":               {says(http.StatusBadRequest, `{"error":{"code":1,"type":"OAuthException","message":"An unknown error occurred"}}`), true},
		"a transient one":              {says(http.StatusBadRequest, `{"error":{"code":99999,"is_transient":true,"type":"OAuthException","message":"later"}}`), true},
		"a limit called transient":     {says(http.StatusBadRequest, `{"error":{"code":17,"is_transient":true,"type":"OAuthException","message":"User request limit reached"}}`), false},
		"an answer without a token":    {says(http.StatusOK, `{"token_type":"bearer","expires_in":5184000}`), true},
		"an answer that is none":       {says(http.StatusOK, `<html>`), true},
		"a refusal that is clear":      {says(http.StatusBadRequest, `{"error":{"code":17,"type":"OAuthException","message":"User request limit reached"}}`), false},
		"an unknown code of Instagram": {says(http.StatusBadRequest, `{"error":{"code":99999,"type":"OAuthException","message":"What?"}}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.sim.ServeHTTP(httptest.NewRecorder(), r) // it works
				tt.lose(w)
			})
			h.week()
			h.handler = h.sim
			wait := h.connection(c.ID).NextRefreshAt.Sub(h.sim.Now())
			if soon := wait <= 30*time.Second; soon != tt.soon || wait > 6*time.Minute {
				t.Errorf("tried again in %v", wait)
			}
			h.pass(wait + time.Second)
			if got := h.connection(c.ID); got.RefreshedAt.IsZero() || !h.works(c.ID) {
				t.Errorf("became %+v", got)
			}
		})
	}
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// TestUnsentIsInNoHurry holds that a refresh which did not reach Instagram is tried again at the usual
// pause.
func TestUnsentIsInNoHurry(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	endpoints := h.Instagram.Endpoints
	h.Instagram.Endpoints.Graph = "http://127.0.0.1:1"
	h.week()
	h.Instagram.Endpoints = endpoints
	if wait := h.connection(c.ID).NextRefreshAt.Sub(h.sim.Now()); wait < 5*time.Minute {
		t.Errorf("tried again in %v", wait)
	}
}
