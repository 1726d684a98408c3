package igsim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// controlView is what the control page shows.
type controlView struct {
	Bar       bar
	App       appShown
	Mailbox   *mailboxRow // nil where no mail can come
	Personas  []personaRow
	Hidden    int // personas that are not shown because there are too many
	Faults    []faultRow
	Endpoints []endpointChoice
	Presets   []preset
	Choices   []personaChoice
	Requests  []requestRow
	Total     int
	Switches  []switchRow
}

type personaRow struct {
	ID, Name, Username, Kind, Note string
	NoRole                         bool
	Until                          time.Time // when her last token ends; zero if none works
}

// mailboxRow is what the control page says of the mail box.
type mailboxRow struct {
	Count  string
	Newest *Mail // nil where it is empty
}

type faultRow struct{ What, Where, When string }

type endpointChoice struct {
	ID    Endpoint
	Words string
}

type requestRow struct {
	At             time.Time
	Method         string
	What           string
	Parameters     string
	Status         string
	Failed, Struck bool
}

// endpointWords are the endpoints in plain words, in the order of a login.
var endpointWords = []endpointChoice{
	{AnyEndpoint, "any call"},
	{Authorize, "the login page"},
	{CodeExchange, "code into token"},
	{LongExchange, "short token into long"},
	{Refresh, "refresh of a token"},
	{Me, "the account (/me)"},
	{Media, "posts"},
	{Comments, "comments"},
	{Insights, "insights"},
	{OtherEndpoint, "anything else"},
}

func (e Endpoint) words() string {
	i := slices.IndexFunc(endpointWords, func(c endpointChoice) bool { return c.ID == e })
	return endpointWords[i].Words
}

func (s *Simulator) controlPage(w http.ResponseWriter, r *http.Request) {
	v := newControlView(s.state())
	v.Mailbox = newMailboxRow(s.MailServer(), s.Mails())
	answer{status: http.StatusOK, page: page{template: "control.html", view: v}}.deliver(w, r)
}

// newMailboxRow is nil where no mail came and none can.
func newMailboxRow(server string, mails []Mail) *mailboxRow {
	switch {
	case len(mails) == 0 && server == "":
		return nil
	case len(mails) == 0:
		return &mailboxRow{}
	case len(mails) == 1:
		return &mailboxRow{Count: "1 mail", Newest: &mails[0]}
	}
	return &mailboxRow{Count: fmt.Sprintf("%d mails", len(mails)), Newest: &mails[0]}
}

func newControlView(st state) controlView {
	v := controlView{
		Bar:       bar{Now: st.Now},
		App:       st.App,
		Endpoints: endpointWords,
		Presets:   presets,
		Switches:  switchRows(st.Switches),
	}
	for i, p := range st.Personas {
		if i == personasShown {
			v.Hidden = len(st.Personas) - i
			break
		}
		row := personaRow{
			ID: p.ID, Name: cmp.Or(p.Name, p.Username), Username: p.Username, Kind: accountKind(p.AccountType),
			Note: p.Note, NoRole: p.NoRole,
		}
		if len(p.Tokens) > 0 {
			row.Until = p.Tokens[0].Expires
		}
		v.Personas = append(v.Personas, row)
		v.Choices = append(v.Choices, personaChoice{ID: p.ID, Name: row.Name})
	}
	for _, f := range st.Faults {
		v.Faults = append(v.Faults, faultRow{f.Fault.words(), f.Endpoint.words(), f.when()})
	}
	for _, q := range st.Requests {
		v.Requests = append(v.Requests, requestRow{
			At: q.At, Method: q.Method, What: q.Endpoint.words(), Parameters: strings.Join(q.Parameters, ", "),
			Status: statusWords(q.Status), Failed: q.Status == 0 || q.Status >= 400, Struck: q.Fault,
		})
	}
	for _, n := range st.Calls {
		v.Total += n
	}
	return v
}

func statusWords(status int) string {
	if status == 0 {
		return "cut"
	}
	return fmt.Sprint(status)
}

func (f faultShown) when() string {
	if f.Next > 0 {
		return fmt.Sprintf("the next %d", f.Next)
	}
	return fmt.Sprintf("%.4g %% of all, %d so far", f.Share*100, f.Struck)
}

// words describes a fault by its preset, or by its numbers if it has none.
func (f wireFault) words() string {
	plain := f.Fault
	plain.Persona = ""
	text := describe(plain)
	if i := slices.IndexFunc(presets, func(p preset) bool { return p.Fault == plain }); i >= 0 {
		text = presets[i].Words
	}
	if f.Persona != "" {
		text += ", for " + f.Persona
	}
	return text
}

func describe(f Fault) string {
	var parts []string
	if f.Kind != GraphError {
		parts = append(parts, string(f.Kind))
	}
	if f.Status != 0 {
		parts = append(parts, fmt.Sprintf("status %d", f.Status))
	}
	if f.Code != 0 {
		parts = append(parts, fmt.Sprintf("code %d/%d", f.Code, f.Subcode))
	}
	if f.Message != "" {
		parts = append(parts, "“"+f.Message+"”")
	}
	if f.Wait > 0 {
		parts = append(parts, "after "+f.Wait.String())
	}
	return strings.Join(parts, ", ")
}
