package page_test

import (
	"html/template"
	"testing"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/page"
)

// TestWhatIsFilledInIsEscaped holds that a text keeps its own marks, and nothing that is filled in brings any unless it is
// HTML already.
func TestWhatIsFilledInIsEscaped(t *testing.T) {
	t.Parallel()
	at := page.Reader{Language: i18n.English(), Zone: time.UTC}
	for _, tt := range []struct {
		got  template.HTML
		want template.HTML
	}{
		{at.HTML("zone.is", "zone", `<i>"x"&`), "Times on your pages are in <b>&lt;i&gt;&#34;x&#34;&amp;</b>."},
		{at.HTML("zone.is", "zone", template.HTML("<i>x</i>")), "Times on your pages are in <b><i>x</i></b>."},
		{at.HTML("span.days", "n", 1000), "1,000 days"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s, want %s", tt.got, tt.want)
		}
	}
}
