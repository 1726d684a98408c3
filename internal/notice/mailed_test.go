package notice_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/internal/i18n"
	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
)

// counted are the series of mails that are not 0, as a scrape has them.
func (h *rig) counted() []string {
	h.t.Helper()
	w := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(w, httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, "/metrics", nil))
	return slices.DeleteFunc(strings.Split(w.Body.String(), "\n"), func(line string) bool {
		return !strings.HasPrefix(line, "latchkey_mail_total{") || strings.HasSuffix(line, " 0")
	})
}

// TestMailsAreCounted holds that each mail is counted once, by whom it is for and by how the server took it.
func TestMailsAreCounted(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ outcome, at, answer string }{
		{"sent", "RCPT", ""},
		{"refused", "RCPT", "550 5.1.1 no such address"},
		{"failed", "RCPT", "452 4.2.2 the mailbox is full"},
		{"away", "MAIL", "451 4.3.0 not now"},
	} {
		t.Run(tt.outcome, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.Metrics = metrics.New()
			h.connection(id(1), needsLogin)
			h.wantsMail(id(1), address)
			h.post.Answer(tt.at, tt.answer)

			h.OperatorEmail = ""
			h.sweep()
			want := []string{`latchkey_mail_total{kind="notice",outcome="` + tt.outcome + `"} 1`}
			if diff := cmp.Diff(want, h.counted()); diff != "" {
				t.Errorf("after a notice (-want +got):\n%s", diff)
			}
			h.OperatorEmail = operator
			h.raise(store.AlarmApp)
			h.sweep()
			want = append(want, `latchkey_mail_total{kind="operator",outcome="`+tt.outcome+`"} 1`)
			if diff := cmp.Diff(want, h.counted()); diff != "" {
				t.Errorf("after an alarm (-want +got):\n%s", diff)
			}
			h.connection(id(2), func(*store.Connection) {})
			if err := h.Ask(t.Context(), id(2), "other@example.org", i18n.English()); (err == nil) != (tt.outcome == "sent") {
				t.Errorf("asked: %v", err)
			}
			want = slices.Insert(want, 0, `latchkey_mail_total{kind="confirm",outcome="`+tt.outcome+`"} 1`)
			if diff := cmp.Diff(want, h.counted()); diff != "" {
				t.Errorf("after an address was given (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAMailThatIsNotTriedIsNotCounted holds that what nobody asked the mail server to take is neither sent nor
// failed: the notice of an owner without an address, and the one that waits while the server takes none.
func TestAMailThatIsNotTriedIsNotCounted(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.Metrics = metrics.New()
	h.OperatorEmail = ""
	h.connection(id(1), needsLogin)
	h.raise(store.AlarmApp)
	h.sweep()
	if err := h.Ask(t.Context(), id(1), "no address", i18n.English()); !errors.Is(err, mail.ErrAddress) {
		t.Errorf("asked: %v", err)
	}
	if got := h.counted(); len(got) > 0 {
		t.Errorf("counted %q", got)
	}
	h.post.Answer("MAIL", "451 4.3.0 not now")
	for n := range 3 {
		h.connection(id(2+n), needsLogin)
		h.wantsMail(id(2+n), address)
	}
	h.sweep()
	if got := h.counted(); !slices.Equal(got, []string{`latchkey_mail_total{kind="notice",outcome="away"} 1`}) {
		t.Errorf("of three notices to a server that is away: %q", got)
	}
}
