package igsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"latchkey/igsim"
)

// written is a mail as it comes: lines with CRLF.
func written(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

// take puts a mail to anna@example.com into the mail box, and gives it as it stands there.
func (r *rig) take(raw []byte) igsim.Mail {
	r.Helper()
	if err := r.sim.TakeMail("envelope@example.com", []string{"anna@example.com"}, raw); err != nil {
		r.Fatal(err)
	}
	return r.sim.Mails()[0]
}

// TestReadingMails has mails of all kinds, the broken ones among them: what can be read of each stands in the mail
// box, and what a reader must not meet does not.
func TestReadingMails(t *testing.T) {
	t.Parallel()
	const other = "envelope@example.com"
	for name, tt := range map[string]struct {
		raw                 []byte
		from, subject, text string
		html                bool
	}{
		"plain": {
			written("From: Latchkey <latchkey@example.com>", "Subject: Hello", "", "One line", "and another"),
			"Latchkey <latchkey@example.com>", "Hello", "One line\nand another\n", false,
		},
		"bare address": {written("From: latchkey@example.com", "", "x"), "latchkey@example.com", "", "x\n", false},
		"encoded": {
			written("From: =?utf-8?q?M=C3=A4ra?= <m@example.com>", "Subject: =?UTF-8?B?4pyo?= and =?iso-8859-1?q?caf=E9?=", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "a=C3=A4 soft=", "ly"),
			"Mära <m@example.com>", "✨ and café", "aä softly\n", false,
		},
		"base64, Latin-1": {
			written("Subject: x", "Content-Type: text/plain; charset=ISO-8859-1", "Content-Transfer-Encoding: base64", "", "Y2Fm6Q=="),
			other, "x", "café", false,
		},
		"Windows": {
			written("Content-Type: text/plain; charset=Windows-1252", "", "\x93caf\xe9\x94"), other, "", "café\n", false,
		},
		"base64 in capitals": {written("Content-Transfer-Encoding:  BASE64 ", "", "eAl5"), other, "", "x\ty", false},
		"two texts": {
			written("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "first", "--b", "", "second", "--b--"),
			other, "", "first", false,
		},
		"two with tags": {
			written("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/html", "", "<p>1", "--b", "Content-Type: text/html", "", "<p>2", "--b--"),
			other, "", "<p>1", true,
		},
		"both forms": {
			written("Content-Type: multipart/alternative; boundary=b", "", "--b", "Content-Type: text/html", "", "<p>rich", "--b", "Content-Type: text/plain", "", "poor", "--b--"),
			other, "", "poor", false,
		},
		"HTML alone": {
			written("Content-Type: text/html; charset=utf-8", "", "<script>alert(1)</script>"),
			other, "", "<script>alert(1)</script>\n", true,
		},
		"a file beside the text": {
			written("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Disposition: attachment; filename=a.txt", "", "file", "--b", "", "text", "--b--"),
			other, "", "text", false,
		},
		"nothing but a file": {
			written("Content-Type: image/png", "Content-Transfer-Encoding: base64", "", "AAAA"), other, "", "", false,
		},
		"no headers":            {[]byte("no headers here"), other, "", "no headers here", false},
		"nothing":               {nil, other, "", "", false},
		"an address of nothing": {written("From: =?utf-8?q?a", "", "x"), "=?utf-8?q?a", "", "x\n", false},
		"an unknown type":       {written("Content-Type: ;;", "", "x"), other, "", "x\n", false},
		"no boundary":           {written("Content-Type: multipart/mixed", "", "x"), other, "", "", false},
		"an end too early":      {written("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "half"), other, "", "half", false},
		"base64 that is none":   {written("Content-Transfer-Encoding: base64", "", "Y2Fm!!!!"), other, "", "caf", false},
		"no UTF-8, no text":     {written("Subject: a\xff\x07b", "", "c\xffd\x00\x1b[31me"), other, "a\uFFFD b", "c\uFFFDd[31me\n", false},
		"a long subject":        {written("Subject: "+strings.Repeat("ä", 501), "", ""), other, strings.Repeat("ä", 500) + "…", "\n", false},
		"a subject just so":     {written("Subject: "+strings.Repeat("ä", 500), "", ""), other, strings.Repeat("ä", 500), "\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			got := r.take(tt.raw)
			if got.At.Sub(r.sim.Now()).Abs() > hour {
				t.Errorf("it came at %v", got.At)
			}
			want := igsim.Mail{ID: 1, At: got.At, From: tt.from, To: []string{"anna@example.com"}, Subject: tt.subject, Text: tt.text, HTML: tt.html}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("mail (-want +got):\n%s", diff)
			}
		})
	}
}

// nested is a text within so many multiparts.
func nested(depth int) []byte {
	var lines []string
	for i := range depth {
		lines = append(lines, fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d", i), "", fmt.Sprintf("--b%d", i))
	}
	return written(append(lines, "", "deep")...)
}

// beside is a text behind so many parts that have none.
func beside(parts int) []byte {
	lines := []string{"Content-Type: multipart/mixed; boundary=b", ""}
	for range parts {
		lines = append(lines, "--b", "Content-Type: image/png", "", "")
	}
	return written(append(lines, "--b", "", "late", "--b--")...)
}

// TestPartsOfMailsAreBounded looks ten parts deep and at a hundred in all, the mail itself among them.
func TestPartsOfMailsAreBounded(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for _, tt := range []struct {
		raw  []byte
		want string
	}{
		{nested(10), "deep"},
		{nested(11), ""},
		{nested(3000), ""},
		{beside(98), "late"},
		{beside(99), ""},
		{beside(5000), ""},
	} {
		if got := r.take(tt.raw); got.Text != tt.want {
			t.Errorf("%d bytes: %q, want %q", len(tt.raw), got.Text, tt.want)
		}
	}
}

// TestTheMailBoxIsBounded fills it beyond what it keeps, and hands in one mail that is too large.
func TestTheMailBoxIsBounded(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for i := range 203 {
		r.take(written(fmt.Sprintf("Subject: %d", i), ""))
	}
	all := r.sim.Mails()
	if len(all) != 200 || all[0].Subject != "202" || all[0].ID != 203 || all[199].Subject != "3" {
		t.Errorf("%d mails, from %s to %s", len(all), all[0].Subject, all[len(all)-1].Subject)
	}
	largest := append([]byte("\r\n"), strings.Repeat("x", 256*1024-2)...)
	if got := r.take(largest); len(got.Text) != 256*1024-2 {
		t.Errorf("the largest mail has %d bytes", len(got.Text))
	}
	if err := r.sim.TakeMail("a@example.com", nil, append(largest, 'x')); err == nil || r.sim.Mails()[0].ID != 204 {
		t.Errorf("a mail that is too large: %v", err)
	}
	r.sim.ClearMails()
	if all := r.sim.Mails(); len(all) != 0 {
		t.Errorf("%d mails are left", len(all))
	}
	if got := r.take(nil); got.ID != 205 {
		t.Errorf("after that the next one is number %d", got.ID)
	}
}

// TestTheMailBoxsPage reads and empties the mail box as a person does.
func TestTheMailBoxsPage(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const box = "/_sim/mailbox"
	if got := r.open(r.server.URL + box); !strings.Contains(got.text, "No mail server runs beside this simulator") {
		t.Errorf("without a mail server the page is %s", got.text)
	}
	if got := r.open(r.server.URL); strings.Contains(got.text, box) {
		t.Error("without a mail server, the control page leads to the mail box")
	}
	r.sim.SetMailServer("smtp://127.0.0.1:2525")
	for path, want := range map[string][]string{
		box: {"smtp://127.0.0.1:2525", "No mail yet", "A mail stands here as soon as one was sent", `value="` + box + `"`},
		"/": {"None yet.", `href="` + box + `"`},
	} {
		got := r.open(r.server.URL + path)
		for _, want := range want {
			if !strings.Contains(got.text, want) {
				t.Errorf("%s does not have %q", path, want)
			}
		}
	}
	r.take(written("Subject: First", "", "Press http://localhost:3000/mail/confirm/aB-c_1."))
	if got := r.open(r.server.URL); !strings.Contains(got.text, "1 mail. The newest is “<bdi>First</bdi>”, to <bdi>anna@example.com</bdi>.") {
		t.Error("the control page does not tell of one mail")
	}
	r.take(written("Subject: <script>alert(1)</script>", "From: \"<b>\" <b@example.com>", "Content-Type: text/html", "", "<img src=x onerror=alert(1)> javascript:alert(1)"))
	r.take(nil)
	r.take(written("", strings.Repeat("long ", 4000)))
	got := r.open(r.server.URL + box)
	for _, want := range []string{
		"4 mails, the newest first", `<a href="http://localhost:3000/mail/confirm/aB-c_1">http://localhost:3000/mail/confirm/aB-c_1</a>.`,
		"&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(1)&gt; javascript:alert(1)", "the source of its HTML", "&lt;b&gt;",
		"(no subject)", "It has no text.", "The rest is left out here", "From <bdi>envelope@example.com</bdi>",
	} {
		if !strings.Contains(got.text, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	for _, bad := range []string{"<script", "<img", "<b>&", `href="javascript`} {
		if strings.Contains(got.text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if strings.Index(got.text, "The rest is left out") > strings.Index(got.text, "alert(1)") || strings.Count(got.text, "<details class=\"mail\" open>") != 1 {
		t.Error("the newest mail is not the first one and the only one that is open")
	}
	if policy := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'self'") {
		t.Errorf("policy %q", policy)
	}
	if got := r.open(r.server.URL); !strings.Contains(got.text, "4 mails. The newest is “<bdi>(no subject)</bdi>”") {
		t.Error("the control page does not count")
	}
	if got := r.press(r.server.URL+"/_sim/mails/clear", url.Values{"back": {box}}); got.status != http.StatusSeeOther || got.header.Get("Location") != box || len(r.sim.Mails()) != 0 {
		t.Errorf("emptying it: %d to %q", got.status, got.header.Get("Location"))
	}
}

// TestLongMailsAreCutOnThePage shows sixteen kibibytes of a text, which ends between two letters. All of it is in the JSON.
func TestLongMailsAreCutOnThePage(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for n, shown := range map[int]int{16383: 16384, 16384: 16384, 40000: 16384} { // with the \n at its end
		r.take(written("", strings.Repeat("x", n)))
		page := r.open(r.server.URL + "/_sim/mailbox").text
		_, body, _ := strings.Cut(page, `<p class="letter" dir="auto">`)
		body, _, _ = strings.Cut(body, "</p>")
		if got := len(strings.TrimSuffix(body, "\n")); got != min(n, shown) || strings.Contains(page, "The rest is left out here") != (n >= 16384) {
			t.Errorf("of %d letters %d are shown", n, got)
		}
		r.sim.ClearMails()
	}
	r.take(written("", "x"+strings.Repeat("ä", 10000)))
	if page := r.open(r.server.URL + "/_sim/mailbox").text; strings.Contains(page, "\uFFFD") || strings.Count(page, "ä") != 8191 {
		t.Errorf("%d letters are shown", strings.Count(page, "ä"))
	}
	if m := r.get("/_sim/mails"); strings.Count(m.text, "ä") != 10000 {
		t.Error("the JSON is cut")
	}
}

// TestLinksInMails finds what is a link in a text, and where it ends.
func TestLinksInMails(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for text, want := range map[string]string{
		"see https://a.example/b?c=d&e=f#g, please":  `see <a href="https://a.example/b?c=d&amp;e=f#g">https://a.example/b?c=d&amp;e=f#g</a>, please`,
		"is it http://a.example/x?":                  `is it <a href="http://a.example/x">http://a.example/x</a>?`,
		"(http://a.example/)":                        `(<a href="http://a.example/">http://a.example/</a>)`,
		"http://a.example/1 http://a.example/2":      `<a href="http://a.example/1">http://a.example/1</a> <a href="http://a.example/2">http://a.example/2</a>`,
		`"https://a.example"<x>`:                     `&#34;<a href="https://a.example">https://a.example</a>&#34;&lt;x&gt;`,
		"http:// and https://?x and ftp://a.example": "http:// and https://?x and ftp://a.example",
		"javascript:alert(1) data:text/html,x":       "javascript:alert(1) data:text/html,x",
		"http://a.example:port/":                     "http://a.example:port/",
	} {
		r.take(written("", text))
		page := r.open(r.server.URL + "/_sim/mailbox").text
		_, body, _ := strings.Cut(page, `<p class="letter" dir="auto">`)
		body, _, _ = strings.Cut(body, "\n</p>")
		if body != want {
			t.Errorf("%q is shown as\n%s, want\n%s", text, body, want)
		}
	}
}

// TestMailsForPrograms has the mail box through its JSON.
func TestMailsForPrograms(t *testing.T) {
	t.Parallel()
	r := setup(t)
	if got := r.get("/_sim/mails"); got.text != `{"mails":[]}` {
		t.Errorf("an empty mail box is %s", got.text)
	}
	r.sim.Set(noon)
	r.take(written("Subject: one", "", "first"))
	r.take(written("Subject: two", "", "second"))
	got := r.get("/_sim/mails")
	if got.at("mails", 0, "subject") != "two" || got.at("mails", 1, "text") != "first\n" || got.at("mails", 0, "to", 0) != "anna@example.com" ||
		got.at("mails", 0, "id") != json.Number("2") || got.at("mails", 0, "from") != "envelope@example.com" || got.at("mails", 0, "html") != false ||
		!strings.HasPrefix(fmt.Sprint(got.at("mails", 0, "at")), noon.UTC().Format("2006-01-02T15:04")) {
		t.Errorf("the mails are %s", got.text)
	}
	if got := r.do(r.request(http.MethodDelete, "/_sim/mails", nil)); got.text != `{"mails":[]}` || len(r.sim.Mails()) != 0 {
		t.Errorf("DELETE answers %s", got.text)
	}
	r.take(nil)
	if got := r.post("/_sim/mails/clear", "", ""); got.text != `{"mails":[]}` || len(r.sim.Mails()) != 0 {
		t.Errorf("clear answers %s", got.text)
	}
}

// FuzzMail takes any bytes for a mail: it is kept, it is text, and its page has no tag of its own making.
func FuzzMail(f *testing.F) {
	for _, raw := range [][]byte{
		written("From: a <a@example.com>", "Subject: =?utf-8?q?x?=", "", "https://a.example/."),
		written("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/html", "", "<script>", "--b--"),
		written("Content-Transfer-Encoding: base64", "", "Y2Fm6Q=="), nested(3), beside(3),
		{0xff, 0},
	} {
		f.Add("a@example.com", raw)
	}
	f.Fuzz(func(t *testing.T, address string, raw []byte) {
		sim := igsim.New()
		err := sim.TakeMail(address, []string{address}, raw)
		if (err == nil) != (len(raw) <= igsim.MaxMailBytes) {
			t.Fatalf("%d bytes: %v", len(raw), err)
		}
		for _, m := range sim.Mails() {
			for _, text := range append(m.To, m.From, m.Subject, m.Text) {
				if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
					t.Errorf("kept is %q", text)
				}
			}
			if strings.ContainsAny(m.Subject+m.From, "\r\n") {
				t.Errorf("more than one line: %q, %q", m.Subject, m.From)
			}
		}
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_sim/mailbox", nil))
		if page := w.Body.String(); strings.Contains(page, "<script") || strings.Contains(page, "ZgotmplZ") != strings.Contains(string(raw), "ZgotmplZ") || !strings.HasSuffix(page, "</html>\n") {
			t.Errorf("the page is %s", page)
		}
	})
}
