package notice

import (
	"embed"
	"net/url"
	"strings"
	"text/template"
	"time"

	"latchkey/instagram"
	"latchkey/internal/explain"
	"latchkey/internal/i18n"
	"latchkey/internal/mail"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

//go:embed texts
var files embed.FS

// texts are the bodies of the mails, for readers of each language. A paragraph is one line: a phone breaks it where it
// likes. The words of a mail to an owner stand in the catalogue; those of a mail to the operator stand in place, in
// English, as everything that is for the operator.
var texts = func() map[*i18n.Language]*template.Template {
	byLang := make(map[*i18n.Language]*template.Template)
	for _, l := range i18n.Languages() {
		t := template.New("").Funcs(template.FuncMap{"t": l.Text})
		byLang[l] = template.Must(t.ParseFS(files, "texts/*.txt"))
	}
	return byLang
}()

// body is what a text of a mail is filled with. Each text uses what it needs.
type body struct {
	Host, PublicURL string
	// Service is who writes, by name and host, and Purpose what for; Purpose
	// is empty when the operator said nothing.
	Service, Purpose string
	// Account is how the owner knows her account.
	Account string
	// Why is a sentence, empty when there is nothing more to say.
	Why string
	// Link is what to follow, and Until the day on which it ends.
	Link, Until string
	Stop        string
	// Since and Expires are days, Left is how long it still holds; empty when it does not.
	Since, Expires, Left string
	// App says that an alarm is about the app, for which refreshing stops.
	App bool
	// What is wrong with the installation, since when, until when and for how long; Instagram's own
	// words, and what to do.
	What, Began, Ended, Lasted string
	Class, Cause, Said, Advice string
	// Owners are those of whom the operator is told, and Several says that they are more than one.
	Owners  []needy
	Several bool
}

func (n *Notifier) body() body {
	b := body{Host: n.host(), PublicURL: n.PublicURL, Purpose: n.ServicePurpose}
	b.Service = b.Host
	if n.ServiceName != "" {
		b.Service = n.ServiceName + " (" + b.Host + ")"
	}
	return b
}

// host is the name by which an owner knows this installation.
func (n *Notifier) host() string {
	if u, err := url.Parse(n.PublicURL); err == nil && u.Host != "" {
		return u.Host
	}
	return n.PublicURL
}

func fill(l *i18n.Language, name, subject string, b body) (mail.Message, error) {
	var text strings.Builder
	if err := texts[l].ExecuteTemplate(&text, name, b); err != nil {
		return mail.Message{}, err
	}
	return mail.Message{Subject: subject, Text: strings.TrimSpace(text.String()) + "\n", Stop: b.Stop}, nil
}

// ownerMail is the mail to an owner who is needed.
func (n *Notifier) ownerMail(l *i18n.Language, c store.Connection, needed need, link, stop string, until time.Time) (mail.Message, error) {
	b := n.body()
	b.Account, b.Link, b.Until, b.Stop = account(c), link, l.Day(until.UTC(), true), stop
	if needed == login {
		b.Why = vault.OwnerReason(l, c.StatusReason)
		return fill(l, "login.txt", l.Text("mail.login.subject", "account", b.Account), b)
	}
	b.Why, b.Expires = hindrance(l, c), l.Day(c.TokenExpiresAt.UTC(), true)
	if !c.Failure.Since.IsZero() {
		b.Since = l.Day(c.Failure.Since.UTC(), true)
	}
	switch days := c.DaysLeft(n.now()); days {
	case 0:
		return fill(l, "runsout.txt", l.Text("mail.runs_out.subject_over", "account", b.Account), b)
	case 1:
		b.Left = l.Text("mail.runs_out.within_a_day")
	default:
		b.Left = l.Text("mail.runs_out.in_days", "n", days)
	}
	return fill(l, "runsout.txt", l.Text("mail.runs_out.subject", "account", b.Account, "left", b.Left), b)
}

// confirmMail is the first mail to an address.
func (n *Notifier) confirmMail(l *i18n.Language, c store.Connection, link string, until time.Time) (mail.Message, error) {
	b := n.body()
	b.Account, b.Link, b.Until = account(c), link, l.Day(until.UTC(), true)
	return fill(l, "confirm.txt", l.Text("mail.confirm.subject", "account", b.Account), b)
}

// alarmMail is the mail to the operator.
func (n *Notifier) alarmMail(a store.Alarm) (mail.Message, error) {
	b := n.body()
	b.What, b.Began, b.App = headline(a.Kind), moment(a.RaisedAt), a.Kind == store.AlarmApp
	b.Class, b.Cause, b.Said, b.Advice = a.Class, a.Cause, a.Message, explain.Advice(a.Cause)
	if a.Lasts() {
		return fill(i18n.English(), string(a.Kind)+".txt", "Alarm at "+b.Host+": "+b.What, b)
	}
	b.Ended, b.Lasted = moment(a.ClearedAt), span(a.ClearedAt.Sub(a.RaisedAt))
	return fill(i18n.English(), "cleared.txt", "Over at "+b.Host+": "+b.What, b)
}

// headline says in a few words what an alarm is about.
func headline(kind store.AlarmKind) string {
	if kind == store.AlarmApp {
		return "Instagram refuses the app"
	}
	return "connections wait for their operator"
}

// account is how an owner knows her account.
func account(c store.Connection) string {
	if c.Username == "" {
		return "account " + c.ID
	}
	return "@" + c.Username
}

// hindrance says why a connection is not extended, in the words of its owner; empty where nothing is known.
func hindrance(l *i18n.Language, c store.Connection) string {
	switch instagram.Class(c.Failure.Class) {
	case instagram.ClassHold:
		return l.Text("mail.hindrance.hold")
	case instagram.ClassReconnect:
		return l.Text("mail.hindrance.reconnect")
	case instagram.ClassOperator, instagram.ClassPermanent:
		return l.Text("mail.hindrance.operator")
	case instagram.ClassRetry, instagram.ClassIgnore:
		return l.Text("mail.hindrance.retry")
	default:
		return ""
	}
}
