package notice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/internal/mail/mailtest"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

const byMail = "Whoever runs this server was told by mail: the connection needs a login. Instagram ended the permission because the password changed, or for security."

// passedOn returns the links in a mail to the operator, by the connection that each is for, and holds that
// each leads to a login of the account beside which it stands.
func (h *rig) passedOn(m mailtest.Mail) map[string]store.Link {
	h.t.Helper()
	links := map[string]store.Link{}
	for block := range strings.SplitSeq(m.Text(h.t), "\n\n") {
		_, secret, found := strings.Cut(block, "\nHer link: "+origin+"/reconnect/")
		if !found {
			continue
		}
		link, err := h.Look(h.t.Context(), strings.TrimSpace(secret), store.LinkReconnect)
		if err != nil || !strings.Contains(block, ", id "+link.ConnectionID+"\n") {
			h.t.Errorf("the link is %+v, %v; beside it stands\n%s", link, err, block)
		}
		links[link.ConnectionID] = link
	}
	return links
}

// to returns the mails that went to an address.
func (h *rig) to(address string) (mails []mailtest.Mail) {
	return slices.DeleteFunc(h.post.Mails(), func(m mailtest.Mail) bool { return m.To != address })
}

// TestTheOperatorIsToldOfAnOwner holds the whole mail about an owner who has no address, and that it
// comes once for each mark, on each database.
func TestTheOperatorIsToldOfAnOwner(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.ServiceName, h.Metrics = "Café Nord", metrics.New()
		c := h.connection(id(1), func(c *store.Connection) {
			needsLogin(c)
			c.Username, c.Name = "anna", "Anna’s Studio"
			c.Failure = store.RefreshFailure{Since: noon, Tries: 2, Class: "reconnect", Cause: "checkpoint"} // since it was given up
		})
		h.sweep()
		h.sweep()
		m := h.mails(1)[0]
		if m.To != operator || m.Header(t).Get("Subject") != "An owner is needed at latchkey.example: @anna" || m.Header(t).Get("List-Unsubscribe") != "" {
			t.Errorf("%s", m.Raw)
		}
		link := m.Link(t, origin+"/reconnect/")
		want := `An owner is needed at Café Nord (latchkey.example), and this server cannot tell her by mail. Please tell her, and give her the link that stands below. Give it to nobody else, and do not forward this mail.

A link leads to a login with Instagram. It is for that account alone, and works for seven days, until 30 November 2026, and for one login. Opening it changes nothing. After that day, this command makes a new one: latchkey connections link 17841400000000001

@anna (Anna’s Studio), id 17841400000000001
The connection has stopped working; its permission would have been good until 22 January 2027.
Why: Instagram ended the session, because the owner changed her password or for security.
What to do: she logs in again.
While nothing changes, you are told again on 8 January 2027.
No mail address of hers is known here.
Her link: ` + link + `

An owner who confirms a mail address on her page is told herself from then on.

Where each connection stands, says the command: latchkey connections
`
		if got := m.Text(t); got != want {
			t.Errorf("the mail says\n%s\nwant\n%s", got, want)
		}
		if l := h.passedOn(m)[c.ID]; !l.ExpiresAt.Equal(noon.Add(7 * day)) {
			t.Errorf("the link is %+v", l)
		}
		if said := h.history(c.ID, store.EventNotified); !slices.Equal(said, []string{byMail}) {
			t.Errorf("the history says %q", said)
		}
		for n, at := range []time.Duration{-14 * day, -7 * day, -day} {
			if got := h.get(c.ID).NoticeAt; !got.Equal(c.TokenExpiresAt.Add(at)) {
				t.Errorf("after %d mails the next notice is at %v", n+1, got)
			}
			h.advance(h.get(c.ID).NoticeAt.Sub(h.Now()))
			h.sweep()
			h.mails(n + 2)
		}
		if got := h.counted(); !slices.Equal(got, []string{`latchkey_mail_total{kind="operator",outcome="sent"} 4`}) {
			t.Errorf("counted %q", got)
		}
		if log := h.log.String(); strings.Contains(log, "level=WARN") || strings.Count(log, "told the operator by mail of owners") != 4 || !strings.Contains(log, "owners=1 to=o…@example.net") {
			t.Errorf("the log says\n%s", log)
		}
	})
}

// TestManyOwnersOfOneSweep holds that owners who become needed together are told together, fifty in a
// mail, each with a link of her own, while those with an address are told themselves.
func TestManyOwnersOfOneSweep(t *testing.T) {
	t.Parallel()
	for needed, want := range map[int][]int{2: {2}, 49: {49}, 50: {50}, 51: {50, 1}, 101: {50, 50, 1}} {
		t.Run(fmt.Sprint(needed), func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			for n := range needed {
				h.connection(id(n), func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(-day) })
			}
			h.connection(id(needed), needsLogin)
			h.wantsMail(id(needed), address)
			h.sweep()
			h.sweep()
			if owner := h.to(address); len(owner) != 1 {
				t.Errorf("%d mails went to the one with an address", len(owner))
			}
			told := map[string]bool{}
			var sizes []int
			for _, m := range h.to(operator) {
				links := h.passedOn(m)
				sizes = append(sizes, len(links))
				for id := range links {
					told[id] = true
				}
				many := len(links) > 1
				if subject := m.Header(t).Get("Subject"); many != (subject == fmt.Sprintf("%d owners are needed at latchkey.example", len(links))) {
					t.Errorf("%d owners, and the subject is %q", len(links), subject)
				}
				if text := m.Text(t); many != strings.Contains(text, "latchkey connections link ID\n") || many != strings.HasPrefix(text, fmt.Sprintf("%d owners are needed at latchkey.example, and this server cannot tell them by mail. Please tell them,", len(links))) || strings.Contains(text, "\n\n\n") {
					t.Errorf("%d owners, and the mail says\n%s", len(links), text)
				}
			}
			if !slices.Equal(sizes, want) || len(told) != needed {
				t.Errorf("of %d owners %d were told, in mails of %v, want %v", needed, len(told), sizes, want)
			}
		})
	}
}

// TestWhatTheOperatorIsTold is each kind of trouble, in the words of the mail.
func TestWhatTheOperatorIsTold(t *testing.T) {
	t.Parallel()
	runsOut := func(in time.Duration) func(*store.Connection) {
		return func(c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = noon.Add(in), noon.Add(-day), noon.Add(-day)
			c.Failure = store.RefreshFailure{Since: noon.Add(-20 * day), Tries: 30, Class: "hold", Cause: "restricted"}
		}
	}
	for name, tt := range map[string]struct {
		change func(*store.Connection)
		want   string
	}{
		"a login, and nothing known": {
			func(c *store.Connection) {
				needsLogin(c)
				c.StatusReason, c.TokenExpiresAt, c.Username = "", time.Time{}, ""
			},
			"\naccount 17841400000000001, id 17841400000000001\nThe connection has stopped working.\nThis is not told again.\n",
		},
		"a login after the end": {
			func(c *store.Connection) { needsLogin(c); c.TokenExpiresAt = noon.Add(-day) },
			"@owner_of_17841400000000001, id 17841400000000001\nThe connection has stopped working; its permission was good until 22 November 2026.\nWhy: Instagram ended the session, because the owner changed her password or for security.\nWhat to do: she logs in again.\nThis is not told again.\n",
		},
		"a login at the end": {
			func(c *store.Connection) { needsLogin(c); c.TokenExpiresAt = noon },
			"its permission was good until 23 November 2026.",
		},
		"a login before the end": {
			func(c *store.Connection) { needsLogin(c); c.TokenExpiresAt = noon.Add(time.Millisecond) },
			"its permission would have been good until 23 November 2026.",
		},
		"a login, and what is kept says little": {
			func(c *store.Connection) {
				needsLogin(c)
				c.StatusReason, c.Failure = vault.Reason("token_invalid"), store.RefreshFailure{Since: noon, Tries: 3, Class: "hold", Cause: "restricted"}
			},
			"\nWhy: Instagram no longer accepts the permission.\nWhile nothing",
		},
		"it runs out": {
			runsOut(7 * day),
			"The connection still works, but it runs out in 7 days, on 30 November 2026. Since 3 November 2026 it could not be extended.\n" +
				"Why: Instagram restricted the account or it is inactive.\nWhat to do: the owner opens Instagram and clears it; the token is not the trouble.\nWhile nothing changes, you are told again on 29 November 2026.\n",
		},
		"it runs out soon": {runsOut(time.Hour), "it runs out within a day, on 23 November 2026. Since"},
		"it ran out":       {runsOut(0), "id 17841400000000001\nThe connection ran out on 23 November 2026. Since 3 November 2026 it could not be extended.\nWhy: Instagram restricted the account or it is inactive.\nWhat to do: the owner opens Instagram and clears it; the token is not the trouble.\nThis is not told again.\n"},
		"nobody came to it": {
			func(c *store.Connection) { runsOut(10 * day)(c); c.Failure = store.RefreshFailure{} },
			"runs out in 10 days, on 3 December 2026. It should have been extended long before that: look into the log of the server.\nWhile nothing changes, you are told again on 26 November 2026.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.connection(id(1), tt.change)
			h.sweep()
			m := h.mails(1)[0]
			if text := m.Text(t); !strings.Contains(text, tt.want) || len(h.passedOn(m)) != 1 {
				t.Errorf("the mail does not say %q:\n%s", tt.want, text)
			}
		})
	}
}

// TestAnOwnerWhoseMailIsRefused holds that the operator is told of her, with the others, and that she is
// tried at once no more.
func TestAnOwnerWhoseMailIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connection(id(1), needsLogin)
	h.connection(id(2), needsLogin)
	h.wantsMail(id(1), address)
	h.post.Answer("RCPT "+address, "550 5.1.1 no such mailbox")
	h.sweep()
	h.advance(time.Hour)
	h.sweep()
	m := h.mails(1)[0]
	if text := m.Text(t); m.To != operator || strings.Count(text, "\nMail to a…@example.org is refused.\nHer link: ") != 1 || strings.Count(text, "\nNo mail address of hers is known here.\nHer link: ") != 1 || len(h.passedOn(m)) != 2 {
		t.Errorf("to %s:\n%s", m.To, text)
	}
	if n := h.heard("RCPT TO:<" + address); n != 1 {
		t.Errorf("she was tried %d times", n)
	}
	if said := h.history(id(1), store.EventNotified); len(said) != 3 || said[0] != byMail || !strings.HasPrefix(said[1], "The mail to a…@example.org is refused (") ||
		!strings.HasSuffix(said[1], "answered 550 5.1.1: refused for good).") || !strings.HasPrefix(said[2], "Told by mail to a…") {
		t.Errorf("the history says %q", said)
	}
	if at := h.get(id(1)).NoticeAt; !at.Equal(c.TokenExpiresAt.Add(-14 * day)) {
		t.Errorf("the next notice is at %v", at)
	}
	if log := h.log.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "the mail to an owner is refused; the operator is told") {
		t.Errorf("the log says\n%s", log)
	}
}

// TestTheMailToTheOperatorFails holds that owners of whom it tells are told ten minutes later, together with
// those who came meanwhile, and that it keeps nobody else waiting.
func TestTheMailToTheOperatorFails(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		tried := func(want int) {
			t.Helper()
			if n := h.heard("RCPT TO:<" + operator); n != want {
				t.Errorf("the operator was tried %d times, want %d", n, want)
			}
		}
		h.connection(id(1), needsLogin)
		h.connection(id(2), needsLogin)
		h.post.Answer("RCPT "+operator, "450 4.2.0 come back later")
		h.passes(0)
		tried(1)
		for _, id := range []string{id(1), id(2)} {
			said := h.history(id, store.EventNotified)
			if at := h.get(id).NoticeAt; !at.Equal(noon.Add(10*time.Minute)) || len(said) != 2 || said[1] != byMail ||
				said[0] != "The mail to whoever runs this server could not be sent; it is tried again in ten minutes (send a mail: name the recipient: answered 450 4.2.0)." {
				t.Errorf("the next notice is at %v, and the history says %q", at, said)
			}
		}
		if log := h.log.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "tried again in ten minutes\" owners=2 to=o…@example.net") {
			t.Errorf("the log says\n%s", log)
		}
		h.passes(9 * time.Minute)
		h.connection(id(3), needsLogin)
		h.connection(id(4), needsLogin)
		h.wantsMail(id(4), address)
		h.passes(0)
		tried(1)
		if m := h.mails(1)[0]; m.To != address {
			t.Errorf("told was %s", m.To)
		}
		if at := h.get(id(3)).NoticeAt; !at.Equal(noon.Add(19*time.Minute)) || len(h.history(id(3), store.EventNotified)) != 0 {
			t.Errorf("one who came meanwhile is tried at %v", at)
		}
		h.post.Answer("RCPT "+operator, "")
		h.passes(time.Minute)
		if m := h.mails(2)[1]; len(h.passedOn(m)) != 2 {
			t.Errorf("told were\n%s", m.Text(t))
		}
		h.passes(9 * time.Minute)
		h.passes(time.Hour)
		if m := h.mails(3)[2]; len(h.passedOn(m)) != 1 || !strings.Contains(m.Text(t), id(3)) {
			t.Errorf("told was\n%s", m.Text(t))
		}
	})
}

// TestAllMailRests holds that a server which takes no mail is asked once in ten minutes for owners and
// operator alike, whoever's mail found out.
func TestAllMailRests(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{"an owner's": id(1), "the operator's": id(2)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, h *rig) {
				h.post.Answer("MAIL", "451 4.3.0 not now")
				pass := func(d time.Duration, asked int) {
					t.Helper()
					h.passes(d)
					if n := h.heard("MAIL"); n != asked {
						t.Errorf("the server was asked %d times, want %d", n, asked)
					}
				}
				h.connection(id(1), func(*store.Connection) {})
				h.wantsMail(id(1), address)
				h.connection(first, needsLogin)
				pass(0, 1)
				h.connection(id(1), needsLogin)
				h.connection(id(2), needsLogin)
				pass(0, 1)
				pass(9*time.Minute+59*time.Second, 1)
				h.mails(0)
				h.post.Answer("MAIL", "")
				pass(time.Second, 3)
				h.mails(2)
				pass(time.Hour, 3)
			})
		})
	}
}

// TestOneSweepWithoutAServer holds that an owner's mail which finds no server keeps the operator's from
// being tried in the same sweep.
func TestOneSweepWithoutAServer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.connection(id(2), needsLogin)
	h.wantsMail(id(2), address)
	h.post.Answer("MAIL", "451 4.3.0 not now")
	h.sweep()
	if n := h.heard("MAIL"); n != 1 {
		t.Errorf("the server was asked %d times", n)
	}
	if at := h.get(id(1)).NoticeAt; !at.Equal(noon.Add(10*time.Minute)) || len(h.history(id(1), store.EventNotified)) != 0 {
		t.Errorf("the one without an address is tried at %v", at)
	}
}

// TestTheMailToTheOperatorIsRefused holds that the log then has what the mail would have said, once for each
// owner.
func TestTheMailToTheOperatorIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for n := range 3 {
		h.connection(id(n), needsLogin)
	}
	h.post.Answer("RCPT", "550 5.1.1 nobody")
	h.sweep()
	h.advance(time.Hour)
	h.sweep()
	h.mails(0)
	log := h.log.String()
	if strings.Count(log, "level=WARN") != 3 || strings.Count(log, "the mail to the operator is refused\"") != 3 || strings.Count(log, "answered 550 5.1.1") != 3 || strings.Count(log, "to=o…@example.net") != 3 {
		t.Errorf("the log says\n%s", log)
	}
	for n := range 3 {
		if !strings.Contains(log, "connection="+id(n)+" username=owner_of_"+id(n)) {
			t.Errorf("the log does not name %s:\n%s", id(n), log)
		}
		said := h.history(id(n), store.EventNotified)
		if len(said) != 2 || said[1] != byMail || said[0] != "The mail to whoever runs this server is refused; told in the log instead (send a mail: name the recipient: answered 550 5.1.1: refused for good)." {
			t.Errorf("the history says %q", said)
		}
	}
}

// TestWhoIsLeftOut holds that an owner who came back, or whose connection is gone, when the operator is to
// be told of her stands in no mail, and that the others are told.
func TestWhoIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		meddle func(h *rig) error
		told   int
	}{
		"a login":              {func(h *rig) error { h.connection(id(1), func(*store.Connection) {}); return nil }, 1},
		"an erase":             {func(h *rig) error { return h.st.DeleteConnection(h.t.Context(), id(1)) }, 1},
		"another process":      {func(h *rig) error { return h.change(id(1), func(c *store.Connection) { c.NoticeAt = noon.Add(day) }) }, 1},
		"nothing left to tell": {func(h *rig) error { return h.change(id(1), func(c *store.Connection) { c.NoticeAt = time.Time{} }) }, 1},
		"a recovery, still due": {func(h *rig) error {
			return h.change(id(1), func(c *store.Connection) { c.Status = store.StatusActive })
		}, 1},
		"a write beside it":   {func(h *rig) error { return h.change(id(1), func(c *store.Connection) { c.TriedAt = noon }) }, 2},
		"one that is due now": {func(h *rig) error { return h.change(id(1), func(c *store.Connection) { c.NoticeAt = noon }) }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			early := func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(-time.Minute) }
			h.connection(id(1), early)
			h.connection(id(2), early)
			h.Store = meddled(h.st, func() {
				if err := tt.meddle(h); err != nil {
					t.Error(err)
				}
			})
			h.sweep()
			h.sweep()
			links := h.passedOn(h.mails(1)[0])
			if len(links) != tt.told || links[id(2)].ConnectionID == "" {
				t.Errorf("told were %v, want %d", links, tt.told)
			}
			if said := h.history(id(1), store.EventNotified); len(said) != tt.told-1 {
				t.Errorf("the history says %q", said)
			}
		})
	}
}

// change writes to a connection as somebody else does.
func (h *rig) change(id string, change func(*store.Connection)) error {
	c := h.get(id)
	change(&c)
	_, err := h.st.UpdateConnection(h.t.Context(), c)
	return err
}

// TestProcessesShareTheOwners holds that of processes which sweep at once each owner is told by one.
func TestProcessesShareTheOwners(t *testing.T) {
	t.Parallel()
	const many = 70
	h := setup(t)
	for n := range many {
		h.connection(id(n), needsLogin)
	}
	h.sweepAtOnce()
	h.sweep()
	told := map[string]int{}
	for _, m := range h.post.Mails() {
		for id := range h.passedOn(m) {
			told[id]++
		}
	}
	for n := range many {
		if told[id(n)] != 1 {
			t.Errorf("the owner of %s was told %d times", id(n), told[id(n)])
		}
	}
}

// TestABadOneAmongThem has notices whose claim fails, more of them than fit on a page: the operator is told
// of all others, and of those when the store is well.
func TestABadOneAmongThem(t *testing.T) {
	t.Parallel()
	const bad, good = 60, 5
	h := setup(t)
	for n := range bad + good {
		h.connection(id(n), func(c *store.Connection) {
			needsLogin(c)
			c.NoticeAt = noon.Add(time.Duration(n-100) * time.Second)
		})
	}
	h.Store = &failing{Store: h.st, fails: func(connection string, _ int) bool { return connection < id(bad) }}
	err := h.Sweep(t.Context())
	if !errors.Is(err, errStore) || !strings.Contains(err.Error(), "tell the operator of the owner of connection "+id(0)+": ") {
		t.Errorf("the sweep ended with %v", err)
	}
	if links := h.passedOn(h.mails(1)[0]); len(links) != good || links[id(bad)].ConnectionID == "" {
		t.Errorf("told were %v", links)
	}
	h.Store = h.st
	h.sweep()
	told := map[string]bool{}
	for _, m := range h.mails(3)[1:] {
		for id := range h.passedOn(m) {
			told[id] = true
		}
	}
	if len(told) != bad || told[id(bad)] {
		t.Errorf("told later were %v", told)
	}
}

// TestTheirNoticesAreTakenBackLater has a mail that fails and then a store that fails: what was written
// before the mail is taken back once the store is well again, for each owner, and once.
func TestTheirNoticesAreTakenBackLater(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		h.connection(id(1), needsLogin)
		h.connection(id(2), needsLogin)
		h.post.Answer("RCPT", "450 4.2.0 come back later")
		h.Store = &failing{Store: h.st, fails: func(connection string, n int) bool { return n == 3 || n == 5 }}
		for range 2 { // the first owner's write fails twice, the second's works between
			if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
				t.Errorf("the sweep ended with %v", err)
			}
		}
		h.sweep()
		h.post.Answer("RCPT", "")
		for n := range 2 {
			if said := h.history(id(n+1), store.EventNotified); len(said) != 2 {
				t.Errorf("the history of %s says %q", id(n+1), said)
			}
			if at := h.get(id(n + 1)).NoticeAt; !at.Equal(noon.Add(10 * time.Minute)) {
				t.Errorf("%s is due at %v", id(n+1), at)
			}
		}
		h.passes(10 * time.Minute)
		h.sweep()
		if links := h.passedOn(h.mails(1)[0]); len(links) != 2 {
			t.Errorf("told were %v", links)
		}
	})
}

// linkless is a store that makes no link for one connection: it fails, or panics.
type linkless struct {
	store.Store
	id     string
	panics bool
}

func (l *linkless) CreateLink(ctx context.Context, link store.Link) error {
	if link.ConnectionID != l.id {
		return l.Store.CreateLink(ctx, link)
	}
	if l.panics {
		panic("a bug")
	}
	return errStore
}

// TestNoLinkForOne holds that an owner whose link cannot be made is told later, and the others now, still
// not more than fifty in a mail.
func TestNoLinkForOne(t *testing.T) {
	t.Parallel()
	const many = 101
	h := setup(t)
	for n := range many {
		h.connection(id(n), needsLogin)
	}
	h.Store = &linkless{Store: h.st, id: id(1)}
	if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
		t.Errorf("the sweep ended with %v", err)
	}
	told := map[string]bool{}
	for _, m := range h.post.Mails() {
		links := h.passedOn(m)
		if len(links) > 50 {
			t.Errorf("%d owners in one mail", len(links))
		}
		for id := range links {
			told[id] = true
		}
	}
	if len(told) != many-1 || told[id(1)] {
		t.Errorf("%d were told", len(told))
	}
	if at := h.get(id(1)).NoticeAt; !at.Equal(noon.Add(10 * time.Minute)) {
		t.Errorf("the one without a link is due at %v", at)
	}
	sent := len(h.post.Mails())
	h.Store = h.st
	h.advance(10 * time.Minute)
	h.sweep()
	h.sweep()
	if links := h.passedOn(h.mails(sent + 1)[sent]); len(links) != 1 || links[id(1)].ConnectionID == "" {
		t.Errorf("told later were %v", links)
	}
}

// TestAPanicAmongThem holds that it is one failed try, and keeps nobody else waiting.
func TestAPanicAmongThem(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.connection(id(2), needsLogin)
	h.Store = &linkless{Store: h.st, id: id(1), panics: true}
	if err := h.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), "a panic: ") {
		t.Errorf("the sweep ended with %v", err)
	}
	if links := h.passedOn(h.mails(1)[0]); len(links) != 1 || links[id(2)].ConnectionID == "" {
		t.Errorf("told were %v", links)
	}
}

// speechless is a store that panics at an event of its own.
type speechless struct{ store.Store }

func (speechless) AppendEvent(context.Context, store.Event) error { panic("a bug") }

// TestAPanicAfterTheirMail holds that the sweep goes on after it.
func TestAPanicAfterTheirMail(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.post.Answer("RCPT", "550 5.1.1 nobody")
	h.Store = speechless{h.st}
	if err := h.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), "tell the operator of 1 owners: a panic: ") {
		t.Errorf("the sweep ended with %v", err)
	}
}

// TestWhoWasPassedOnOnce holds that an owner of whom the operator was told waits for the keeper of the tokens
// at the next mark as any other does.
func TestWhoWasPassedOnOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(c *store.Connection) {
		c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = noon.Add(10*day), noon.Add(-day), noon
	})
	if err := h.st.RecordSweep(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	h.sweep()
	h.mails(1)
	h.advance(3 * day)
	h.sweep()
	h.mails(1)
	if err := h.st.RecordSweep(t.Context(), h.Now()); err != nil {
		t.Fatal(err)
	}
	h.sweep()
	h.mails(2)
}

// TestAStopEndsTheirClaims stops after the first of three was claimed: the operator is told of that one, and of
// the others by the next process.
func TestAStopEndsTheirClaims(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for n := range 3 {
		h.connection(id(n), needsLogin)
	}
	ctx, stop := context.WithCancel(t.Context())
	h.Store = meddled(h.st, stop)
	if err := h.Sweep(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the sweep ended with %v", err)
	}
	if links := h.passedOn(h.mails(1)[0]); len(links) != 1 {
		t.Errorf("told were %v", links)
	}
	next := h.notifier()
	if err := next.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if links := h.passedOn(h.mails(2)[1]); len(links) != 2 {
		t.Errorf("told later were %v", links)
	}
}
