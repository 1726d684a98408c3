package notice_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/instagram"
	"latchkey/internal/logtest"
	"latchkey/internal/mail"
	"latchkey/internal/mail/mailtest"
	"latchkey/internal/notice"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/vault"
)

const (
	day      = 24 * time.Hour
	origin   = "https://latchkey.example"
	operator = "operator@example.net"
	address  = "anna.owner@example.org"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is a notifier on a real store, with a mail server.
type rig struct {
	*notice.Notifier
	*clock
	t    *testing.T
	st   store.Store
	post *mailtest.Server
	log  *logtest.Buffer
}

// setup makes a rig outside of any bubble.
func setup(t *testing.T) *rig {
	t.Helper()
	return newRig(t, mailtest.Start(t))
}

// newRig makes a rig around a mail server.
func newRig(t *testing.T, post *mailtest.Server) *rig {
	t.Helper()
	return newRigOn(t, post, sqlitetest.Open(t))
}

// newRigOn makes a rig on a database.
func newRigOn(t *testing.T, post *mailtest.Server, st store.Store) *rig {
	t.Helper()
	h := &rig{t: t, st: st, post: post, log: &logtest.Buffer{}, clock: &clock{now: noon}}
	h.Notifier = h.notifier()
	t.Cleanup(h.noSecretInLogs)
	return h
}

// inBubble runs a test in a rig in a bubble of time; its mail server stands outside.
func inBubble(t *testing.T, test func(*testing.T, *rig)) {
	t.Helper()
	post := mailtest.Start(t)
	synctest.Test(t, func(t *testing.T) { test(t, newRig(t, post)) })
}

// onBothStores runs a test in a rig on each database.
func onBothStores(t *testing.T, test func(*testing.T, *rig)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, setup(t))
	})
	t.Run("mongo", func(t *testing.T) {
		t.Parallel()
		test(t, newRigOn(t, mailtest.Start(t), mongotest.Store(t)))
	})
}

// notifier is one more process on the same store.
func (h *rig) notifier() *notice.Notifier {
	h.t.Helper()
	sender, err := mail.New(h.post.URL(), "Latchkey <latchkey@example.net>")
	if err != nil {
		h.t.Fatal(err)
	}
	return &notice.Notifier{
		Store: h.st, Mail: sender, PublicURL: origin, OperatorEmail: operator, Now: h.clock.Now,
		Log: slog.New(slog.NewTextHandler(h.log, nil)),
	}
}

// Now is the time of the rig; it hides the field of the notifier.
func (h *rig) Now() time.Time { return h.clock.Now() }

// noSecretInLogs holds that neither the log nor the history has a link or an address in it.
func (h *rig) noSecretInLogs() {
	ctx := context.Background()
	said := h.log.String()
	list, err := h.st.ListConnections(ctx, "", 1000)
	if err != nil {
		return // the test closed the store
	}
	for _, c := range append(list, store.Connection{}) {
		events, err := h.st.Events(ctx, c.ID, 1000)
		if err != nil {
			h.t.Error(err)
		}
		for _, e := range events {
			said += e.Message + "\n"
		}
	}
	for _, m := range h.post.Mails() {
		for word := range strings.FieldsSeq(m.Text(h.t)) {
			if path, ours := strings.CutPrefix(word, origin+"/"); ours && strings.Contains(said, path[strings.LastIndexByte(path, '/')+1:]) {
				h.t.Errorf("the secret of %s stands in the log or the history", word)
			}
		}
		if strings.Contains(said, m.To) {
			h.t.Errorf("the address %s stands in the log or the history:\n%s", m.To, said)
		}
	}
}

// connection stores a connection that is fine for two months, as change leaves it.
func (h *rig) connection(id string, change func(*store.Connection)) store.Connection {
	h.t.Helper()
	now := h.Now()
	c := store.Connection{
		ID: id, Username: "owner_of_" + id, Status: store.StatusActive, ConnectedAt: now,
		TokenIssuedAt: now, TokenExpiresAt: now.Add(60 * day), NextRefreshAt: now.Add(7 * day),
		NoticeAt: now.Add(46 * day), SealedToken: []byte("sealed"),
	}
	change(&c)
	c, err := h.st.PutConnection(h.t.Context(), c, store.Event{ConnectionID: id, At: now, Kind: store.EventConnected, Caller: "login"})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// needsLogin is a connection whose owner is to be told at once.
func needsLogin(c *store.Connection) {
	c.Status, c.StatusReason = store.StatusReconnect, vault.Reason(instagram.CausePasswordChanged)
	c.NoticeAt = c.ConnectedAt
}

// wantsMail gives a connection a confirmed address.
func (h *rig) wantsMail(id, address string) {
	h.t.Helper()
	h.keeps(notice.Contact{ConnectionID: id, Address: address, AskedAt: h.Now(), ConfirmedAt: h.Now()})
}

// keeps puts a contact in place of the one that is there.
func (h *rig) keeps(c notice.Contact) {
	h.t.Helper()
	before, err := notice.FindContact(h.t.Context(), h.st, c.ConnectionID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		h.t.Fatal(err)
	}
	c.Version = before.Version
	if _, err := notice.PutContact(h.t.Context(), h.st, c); err != nil {
		h.t.Fatal(err)
	}
}

// get returns a connection as stored.
func (h *rig) get(id string) store.Connection {
	h.t.Helper()
	c, err := h.st.Connection(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// sweep sweeps, and nothing may fail.
func (h *rig) sweep() {
	h.t.Helper()
	if err := h.Sweep(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// sweepAtOnce lets three processes sweep at once.
func (h *rig) sweepAtOnce() {
	h.t.Helper()
	var all sync.WaitGroup
	for range 3 {
		n := h.notifier()
		all.Go(func() {
			if err := n.Sweep(h.t.Context()); err != nil {
				h.t.Error(err)
			}
		})
	}
	all.Wait()
}

// passes lets time pass in a bubble, on both clocks, and sweeps.
func (h *rig) passes(d time.Duration) {
	h.t.Helper()
	time.Sleep(d)
	h.advance(d)
	h.sweep()
}

// heard is how often the mail server heard a command.
func (h *rig) heard(command string) int {
	return strings.Count(strings.Join(h.post.Heard(), "\n"), command)
}

// history returns the messages of the events of a kind, the newest first.
func (h *rig) history(id string, kind store.EventKind) []string {
	h.t.Helper()
	events, err := h.st.Events(h.t.Context(), id, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	var messages []string
	for _, e := range events {
		if e.Kind == kind {
			messages = append(messages, e.Message)
		}
	}
	return messages
}

// mails holds how many mails went out so far, and returns them.
func (h *rig) mails(want int) []mailtest.Mail {
	h.t.Helper()
	got := h.post.Mails()
	if len(got) != want {
		h.t.Fatalf("%d mails went out, want %d\n%s", len(got), want, h.log)
	}
	return got
}

// secret returns the secret of a link in a mail.
func secret(t *testing.T, m mailtest.Mail, path string) string {
	t.Helper()
	return strings.TrimPrefix(m.Link(t, origin+path), origin+path)
}

func id(n int) string { return fmt.Sprintf("178414000000%05d", n) }
