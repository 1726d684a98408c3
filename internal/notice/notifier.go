package notice

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/work"
)

const (
	// lookEvery is the rhythm of Run, on the machine's own time.
	lookEvery = 15 * time.Second
	// tidyEvery is how often Run removes what is kept no longer.
	tidyEvery = time.Hour
	// writeTries is how often a write starts anew after somebody else wrote first.
	writeTries = 5
)

// caller stands in the events that a Notifier writes by itself, owner in those of an owner's word.
const (
	caller = "notice"
	owner  = "owner"
)

// Store is what a Notifier needs of a database.
type Store interface {
	store.Connections
	store.Events
	store.Stats
	store.Alarms
	store.Links
	store.Records
}

// Notifier tells owners and the operator. Processes that share a store may each run one. Its
// exported fields are set before the first call and not changed after it.
type Notifier struct {
	Store Store
	// Mail sends; nil sends nothing, and the log says what there is to say.
	Mail *mail.Sender
	// PublicURL is the origin that links begin with, without a last slash.
	PublicURL string
	// ServiceName is how owners know this service, and ServicePurpose a sentence of its operator's
	// that says what it is for; each may be empty.
	ServiceName, ServicePurpose string
	// OperatorEmail is where alarms go, and notices to owners whom no mail reaches; empty leaves both
	// to the log.
	OperatorEmail string
	// Now is the time of connections, alarms and links; nil is time.Now.
	Now func() time.Time
	// Trusted says whether our clock may be decided by; nil is always. While it may not, nobody is told
	// anything: what seems to run out may have weeks to live.
	Trusted func(context.Context) bool
	// KeepEvents is how long the lines of histories are kept, by Now; 0 keeps them for good.
	KeepEvents time.Duration
	// Metrics counts the mails; nil counts nothing.
	Metrics *metrics.Metrics
	Log     *slog.Logger

	// asking holds the connections for which a confirm mail is on its way.
	asking sync.Map

	// sweeping lets one sweep of this process go at a time, and guards what follows.
	sweeping sync.Mutex
	// mailRests is until when no mail to owners is tried, because the server takes none.
	mailRests time.Time
	// operatorRests is until when no mail to the operator about owners is tried, because one of them
	// failed.
	operatorRests time.Time
	// unreached are the owners of a page whom no mail reaches.
	unreached []unreached
	// alarmRests is until when the mail of an alarm is not tried again.
	alarmRests map[store.AlarmKind]time.Time
	// pendingUndo is what could not be taken back, by whom it is about.
	pendingUndo map[string]func(context.Context) error
	// healed is when it was last looked for notices that a wrong clock put off, by Now.
	healed time.Time
}

// Run sweeps every 15 seconds of the machine's own time, and soon after the clock of the connections
// jumped, until ctx ends. A store that is away is logged when that begins and when it is over.
func (n *Notifier) Run(ctx context.Context) {
	var tidied time.Time
	loop := work.Loop{
		Every: lookEvery, Now: n.now, Log: n.Log,
		Do: func(ctx context.Context) error {
			err := n.Sweep(ctx)
			if err == nil && time.Since(tidied) >= tidyEvery && n.trusts(ctx) {
				if err = n.tidy(ctx); err == nil {
					tidied = time.Now()
				}
			}
			return err
		},
		Failing:   "not everybody can be told who should be; it is tried again every 15 seconds",
		Recovered: "everybody is told again who should be",
	}
	loop.Run(ctx)
}

// tidy removes links that ended long ago, and lines of histories that are kept no longer.
func (n *Notifier) tidy(ctx context.Context) error {
	if _, err := n.Store.DeleteExpiredLinks(ctx, n.now()); err != nil || n.KeepEvents == 0 {
		return err
	}
	_, err := n.Store.SweepEvents(ctx, n.now().Add(-n.KeepEvents))
	return err
}

func (n *Notifier) trusts(ctx context.Context) bool { return n.Trusted == nil || n.Trusted(ctx) }

// Mails says whether owners can be told by mail.
func (n *Notifier) Mails() bool { return n.Mail != nil }

// send hands a mail of a kind to the server, and counts how that ended.
func (n *Notifier) send(ctx context.Context, kind string, m mail.Message) error {
	err := n.Mail.Send(ctx, m)
	n.Metrics.Mailed(kind, err)
	return err
}

func (n *Notifier) now() time.Time {
	if n.Now == nil {
		return time.Now()
	}
	return n.Now()
}
