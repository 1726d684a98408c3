package owner

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/page"
)

// TestEmptyPages holds that each page of each language can be shown with nothing to show: what is not known is no error
// and no odd word.
func TestEmptyPages(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	kit := &page.Kit{PublicURL: "http://localhost", Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, l := range i18n.Languages() {
		for name, render := range map[string]func(http.ResponseWriter, *http.Request){
			"home":       shows(kit, homePage),
			"account":    shows(kit, accountPage),
			"disconnect": shows(kit, disconnectPage),
			"erase":      shows(kit, erasePage),
			"receipt":    shows(kit, receiptPage),
			"reconnect":  shows(kit, reconnectPage),
			"mail_link":  shows(kit, mailLinkPage),
			"privacy":    shows(kit, privacyPage),
		} {
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody)
			r.Header.Set("Accept-Language", l.Code())
			render(w, r)
			body := w.Body.String()
			if w.Code != http.StatusOK || !strings.Contains(body, `<html lang="`+l.Code()+`">`) || !strings.HasSuffix(strings.TrimSpace(body), "</html>") {
				t.Errorf("%s in %s: %d\n%s", name, l.Code(), w.Code, log.String())
			}
			for _, odd := range []string{"<no value>", "<nil>", "%!", "0001"} {
				if strings.Contains(body, odd) {
					t.Errorf("%s in %s says %s", name, l.Code(), odd)
				}
			}
		}
	}
}

func shows[V any](k *page.Kit, p page.Page[V]) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		var nothing V
		page.Render(k, w, r, http.StatusOK, p, nothing)
	}
}
