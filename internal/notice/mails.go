package notice

import (
	"embed"
	"net/url"
	"strings"
	"text/template"
	"time"

	"latchkey/instagram"
	"latchkey/internal/explain"
	"latchkey/internal/mail"
	"latchkey/internal/store"
)

//go:embed texts
var files embed.FS

// texts are the bodies of the mails. A paragraph is one line: a phone breaks it where it likes.
var texts = template.Must(template.ParseFS(files, "texts/*.txt"))

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

func fill(name, subject string, b body) (mail.Message, error) {
	var text strings.Builder
	if err := texts.ExecuteTemplate(&text, name, b); err != nil {
		return mail.Message{}, err
	}
	return mail.Message{Subject: subject, Text: strings.TrimSpace(text.String()) + "\n", Stop: b.Stop}, nil
}

// ownerMail is the mail to an owner who is needed.
func (n *Notifier) ownerMail(c store.Connection, needed need, link, stop string, until time.Time) (mail.Message, error) {
	b := n.body()
	b.Account, b.Link, b.Until, b.Stop = account(c), link, date(until), stop
	if needed == login {
		b.Why = c.StatusReason
		return fill("login.txt", b.Account+": please log in once more", b)
	}
	b.Why, b.Expires, b.Left = hindrance(c), date(c.TokenExpiresAt), left(c.DaysLeft(n.now()))
	if !c.Failure.Since.IsZero() {
		b.Since = date(c.Failure.Since)
	}
	if b.Left == "" {
		return fill("runsout.txt", b.Account+": your connection has run out", b)
	}
	return fill("runsout.txt", b.Account+": your connection runs out "+b.Left, b)
}

// confirmMail is the first mail to an address.
func (n *Notifier) confirmMail(c store.Connection, link string, until time.Time) (mail.Message, error) {
	b := n.body()
	b.Account, b.Link, b.Until = account(c), link, date(until)
	return fill("confirm.txt", "Please confirm your mail address for "+b.Account, b)
}

// alarmMail is the mail to the operator.
func (n *Notifier) alarmMail(a store.Alarm) (mail.Message, error) {
	b := n.body()
	b.What, b.Began, b.App = headline(a.Kind), moment(a.RaisedAt), a.Kind == store.AlarmApp
	b.Class, b.Cause, b.Said, b.Advice = a.Class, a.Cause, a.Message, explain.Advice(a.Cause)
	if a.Lasts() {
		return fill(string(a.Kind)+".txt", "Alarm at "+b.Host+": "+b.What, b)
	}
	b.Ended, b.Lasted = moment(a.ClearedAt), span(a.ClearedAt.Sub(a.RaisedAt))
	return fill("cleared.txt", "Over at "+b.Host+": "+b.What, b)
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

// hindrance says why a connection is not extended, in the words of its owner.
func hindrance(c store.Connection) string {
	switch instagram.Class(c.Failure.Class) {
	case instagram.ClassHold:
		return "Instagram is holding back what is asked for you. Such blocks mostly end by themselves; open the Instagram app and see whether it asks you to confirm something."
	case instagram.ClassReconnect:
		return "Instagram’s last answer may mean that it wants you to log in again."
	case instagram.ClassOperator, instagram.ClassPermanent:
		return "The trouble is with this service and not with you, and whoever runs it has to mend that. Tell them if a new login does not work."
	case instagram.ClassRetry, instagram.ClassIgnore:
		return "Instagram has trouble of its own, or the server does not reach it. It is tried again all the time."
	default:
		return ""
	}
}
