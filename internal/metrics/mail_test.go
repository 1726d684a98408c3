package metrics_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/internal/mail"
	"latchkey/internal/metrics"
)

// TestMailed holds what each error of a mail is counted as, apart for each kind, and that all series are there
// before the first mail: an alert on mails that fail would else miss the first of them.
func TestMailed(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	before := names(scrape(t, m))
	for n, end := range []struct {
		outcome string
		err     error
	}{
		{"sent", nil},
		{"refused", fmt.Errorf("send a mail: %w", mail.ErrRefused)},
		{"away", fmt.Errorf("send a mail: %w", mail.ErrAway)},
		{"failed", fmt.Errorf("send a mail: %w", mail.ErrAddress)},
		{"failed", fmt.Errorf("send a mail: %w", context.Canceled)},
	} {
		for k, kind := range []string{metrics.MailConfirm, metrics.MailNotice, metrics.MailOperator} {
			was := scrape(t, m)
			for range n + k + 1 {
				m.Mailed(kind, end.err)
			}
			name := fmt.Sprintf("latchkey_mail_total{kind=%s,outcome=%s}", kind, end.outcome)
			was[name] += float64(n + k + 1)
			if diff := cmp.Diff(mails(was), mails(scrape(t, m))); diff != "" {
				t.Errorf("%d of %s that ended with %v (-want +got):\n%s", n+k+1, kind, end.err, diff)
			}
		}
	}
	if diff := cmp.Diff(before, names(scrape(t, m))); diff != "" {
		t.Errorf("series came later: %s", diff)
	}
}

// mails are the counts of mails in what was scraped.
func mails(series map[string]float64) map[string]float64 {
	counts := maps.Clone(series)
	maps.DeleteFunc(counts, func(name string, _ float64) bool { return !strings.HasPrefix(name, "latchkey_mail_total{") })
	return counts
}
