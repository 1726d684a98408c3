package notice_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// raise stores an alarm that nobody knows of.
func (h *rig) raise(kind store.AlarmKind) store.Alarm {
	h.t.Helper()
	a, err := h.st.PutAlarm(h.t.Context(), store.Alarm{
		Kind: kind, RaisedAt: h.Now(), Class: "operator", Cause: string(instagram.CauseNoRole),
		Message: "Unsupported request - method type: get", ProbeAt: h.Now().Add(time.Hour),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// alarm returns the alarm as stored.
func (h *rig) alarm(kind store.AlarmKind) store.Alarm {
	h.t.Helper()
	alarms, err := h.st.Alarms(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range alarms {
		if a.Kind == kind {
			return a
		}
	}
	h.t.Fatalf("no alarm %s", kind)
	return store.Alarm{}
}

// keep writes an alarm as the keeper does.
func (h *rig) keep(kind store.AlarmKind, change func(*store.Alarm)) {
	h.t.Helper()
	a := h.alarm(kind)
	change(&a)
	if _, err := h.st.PutAlarm(h.t.Context(), a); err != nil {
		h.t.Fatal(err)
	}
}

func TestTheOperatorIsToldByMail(t *testing.T) {
	t.Parallel()
	for kind, tt := range map[store.AlarmKind]struct{ subject, says, over string }{
		store.AlarmApp:      {"Instagram refuses the app", "no owner is asked to log in", "Tokens are refreshed again, and there"},
		store.AlarmOperator: {"connections wait for their operator", "about every hour", "No connection fails for it any more, and there"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.raise(kind)
			h.sweep()
			h.keep(kind, func(a *store.Alarm) { a.Worked = 1 })
			h.sweep()
			m := h.mails(1)[0]
			if m.To != operator || m.Header(t).Get("Subject") != "Alarm at latchkey.example: "+tt.subject || m.Header(t).Get("List-Unsubscribe") != "" {
				t.Errorf("%s", m.Raw)
			}
			for _, want := range []string{
				"23 November 2026, 12:00 UTC", tt.says, "Instagram said: Unsupported request - method type: get\n", "operator, no_role",
				instagram.CauseNoRole.Advice(), origin, "latchkey connections",
			} {
				if !strings.Contains(m.Text(t), want) {
					t.Errorf("the mail does not say %q:\n%s", want, m.Text(t))
				}
			}
			h.advance(3*time.Hour + time.Minute)
			h.keep(kind, func(a *store.Alarm) { a.ClearedAt, a.ToldAt = h.Now(), time.Time{} })
			h.sweep()
			h.sweep()
			m = h.mails(2)[1]
			if m.Header(t).Get("Subject") != "Over at latchkey.example: "+tt.subject || !strings.Contains(m.Text(t), "after 3 hours: "+tt.subject+" no longer") || !strings.Contains(m.Text(t), tt.over) ||
				!strings.Contains(m.Text(t), "\nWhat Instagram said on 23 November 2026, 12:00 UTC: Unsupported request") {
				t.Errorf("%s", m.Raw)
			}
			said := h.history("", store.EventNotified)
			if len(said) != 2 || !strings.Contains(said[1], "by mail to o…@example.net of an alarm") || !strings.Contains(said[0], "is over") {
				t.Errorf("the history says %q", said)
			}
		})
	}
}

func TestTheOperatorIsToldInTheLog(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(*rig){
		"no mail here":    func(h *rig) { h.Mail = nil },
		"nobody to write": func(h *rig) { h.OperatorEmail = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			arrange(h)
			h.raise(store.AlarmApp)
			h.sweep()
			h.sweep()
			log := h.log.String()
			if strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "Unsupported request") || !strings.Contains(log, "Instagram Tester") {
				t.Errorf("the log says\n%s", log)
			}
			h.advance(time.Minute)
			h.keep(store.AlarmApp, func(a *store.Alarm) { a.ClearedAt, a.ToldAt = h.Now(), time.Time{} })
			h.sweep()
			h.sweep()
			if log := h.log.String(); strings.Count(log, "an alarm is over") != 1 || !strings.Contains(log, `lasted="1 minute"`) {
				t.Errorf("the log says\n%s", log)
			}
			if said := h.history("", store.EventNotified); len(said) != 2 || !strings.Contains(said[0], "in the log that an alarm is over") {
				t.Errorf("the history says %q", said)
			}
			h.mails(0)
		})
	}
}

// TestAnAlarmWhoseMailFails holds that the log has it at once, and that the mail follows when the
// server takes it, once.
func TestAnAlarmWhoseMailFails(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		h.raise(store.AlarmApp)
		h.post.Answer("RCPT", "450 4.2.0 not now")
		h.sweep()
		if a := h.alarm(store.AlarmApp); !a.ToldAt.IsZero() || !strings.Contains(h.log.String(), "Unsupported request") {
			t.Errorf("told at %v; the log says\n%s", a.ToldAt, h.log)
		}
		h.post.Answer("RCPT", "")
		for range 9 {
			time.Sleep(time.Minute)
			h.sweep()
		}
		h.mails(0)
		time.Sleep(time.Minute)
		h.sweep()
		h.sweep()
		h.mails(1)
		if a := h.alarm(store.AlarmApp); !a.ToldAt.Equal(noon) {
			t.Errorf("told at %v", a.ToldAt)
		}
	})
}

func TestAnOperatorWhoIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.raise(store.AlarmApp)
	h.post.Answer("RCPT", "550 5.1.1 nobody")
	h.sweep()
	h.sweep()
	if log := h.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "refused for o…@example.net") {
		t.Errorf("the log says\n%s", log)
	}
	if a := h.alarm(store.AlarmApp); !a.ToldAt.Equal(noon) {
		t.Errorf("told at %v", a.ToldAt)
	}
}

// TestTheKeeperWritesTheAlarmInBetween holds that its write stays and the operator is told all the
// same, or is told by whoever was first.
func TestTheKeeperWritesTheAlarmInBetween(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*store.Alarm)
		told   int
	}{
		"a probe":                {func(a *store.Alarm) { a.Worked = 2 }, 1},
		"somebody told it first": {func(a *store.Alarm) { a.ToldAt = noon.Add(-time.Second) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.raise(store.AlarmApp)
			h.Store = meddled(h.st, func() { h.keep(store.AlarmApp, tt.change) })
			h.sweep()
			h.mails(tt.told)
			want := h.alarm(store.AlarmApp)
			tt.change(&want)
			if got := h.alarm(store.AlarmApp); got != want {
				t.Errorf("stored %+v, want %+v", got, want)
			}
		})
	}
}

// afterPutAlarm is a store on which somebody else does something right after the operator counts as told.
type afterPutAlarm struct {
	store.Store
	once   sync.Once
	meddle func()
}

func (s *afterPutAlarm) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
	stored, err := s.Store.PutAlarm(ctx, a, events...)
	s.once.Do(s.meddle)
	return stored, err
}

// TestAnAlarmWhoseMailFailsAfterAWrite is the table of what may happen to an alarm while its mail is on the way
// and fails: the operator is still to be told, unless somebody told what became of it.
func TestAnAlarmWhoseMailFailsAfterAWrite(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*store.Alarm)
		told   time.Time
	}{
		"a probe":                   {func(a *store.Alarm) { a.Worked = 1 }, time.Time{}},
		"it is over, and not told":  {func(a *store.Alarm) { a.ClearedAt, a.ToldAt = noon, time.Time{} }, time.Time{}},
		"it is over, and told":      {func(a *store.Alarm) { a.ClearedAt, a.ToldAt = noon, noon.Add(time.Millisecond) }, noon.Add(time.Millisecond)},
		"told a moment before ours": {func(a *store.Alarm) { a.ToldAt = noon.Add(-time.Millisecond) }, noon.Add(-time.Millisecond)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.raise(store.AlarmApp)
			h.post.Answer("RCPT", "450 4.2.0 not now")
			h.Store = &afterPutAlarm{Store: h.st, meddle: func() { h.keep(store.AlarmApp, tt.change) }}
			h.sweep()
			if got := h.alarm(store.AlarmApp).ToldAt; !got.Equal(tt.told) {
				t.Errorf("told at %v, want %v", got, tt.told)
			}
		})
	}
}

// TestAnInstallationWithoutAHost holds that a mail names what the installation is reached by, whatever that is.
func TestAnInstallationWithoutAHost(t *testing.T) {
	t.Parallel()
	for _, reached := range []string{"latchkey.example", "://"} {
		h := setup(t)
		h.PublicURL = reached
		h.raise(store.AlarmApp)
		h.sweep()
		if subject := h.mails(1)[0].Header(t).Get("Subject"); !strings.HasPrefix(subject, "Alarm at "+reached+": ") {
			t.Errorf("the subject is %q", subject)
		}
	}
}

// TestAnAlarmThatIsWrittenLate has a store that wrote the alarm and lost the event.
func TestAnAlarmThatIsWrittenLate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.raise(store.AlarmApp)
	h.connection(id(1), needsLogin)
	h.Store = &failing{Store: h.st, fails: func(_ string, n int) bool { return n == 1 }, late: true}
	if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
		t.Errorf("the sweep ended with %v", err)
	}
	if said := h.history(id(1), store.EventNotified); len(said) != 1 {
		t.Errorf("an owner waits for the alarm: %q", said)
	}
	h.sweep()
	h.mails(2) // of the owner, and of the alarm
}

// TestAnAlarmOfOurOwn holds that a keyring which does not open the tokens is not told as a riddle of
// Instagram's.
func TestAnAlarmOfOurOwn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.raise(store.AlarmOperator)
	h.keep(store.AlarmOperator, func(a *store.Alarm) { a.Cause, a.Message = "sealed", "" })
	h.sweep()
	if text := h.mails(1)[0].Text(t); !strings.Contains(text, "LATCHKEY_KEYRING_FILE") || strings.Contains(text, "Instagram said") {
		t.Errorf("the mail says\n%s", text)
	}
}

// TestHowLongItLasted holds the words for lengths of time.
func TestHowLongItLasted(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.raise(store.AlarmApp)
	for lasted, want := range map[time.Duration]string{
		30 * time.Second: "after less than a minute", time.Minute: "after 1 minute:", 59 * time.Minute: "after 59 minutes",
		time.Hour: "after 1 hour:", 47 * time.Hour: "after 47 hours", 48 * time.Hour: "after 2 days", 300 * time.Hour: "after 12 days",
	} {
		h.keep(store.AlarmApp, func(a *store.Alarm) { a.ClearedAt, a.ToldAt = noon.Add(lasted), time.Time{} })
		before := len(h.post.Mails())
		h.sweep()
		if text := h.mails(before + 1)[before].Text(t); !strings.Contains(text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, text)
		}
	}
}
