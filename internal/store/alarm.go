package store

import (
	"context"
	"time"
)

// AlarmKind names what is wrong with the installation as a whole.
type AlarmKind string

// The kinds of alarms.
const (
	// AlarmApp means that Instagram refuses the app, not single owners: refreshing has stopped but
	// for a probe now and then.
	AlarmApp AlarmKind = "app"
	// AlarmOperator means that connections fail for something that only the operator can mend.
	AlarmOperator AlarmKind = "operator"
)

// AlarmKinds are all kinds.
func AlarmKinds() []AlarmKind { return []AlarmKind{AlarmApp, AlarmOperator} }

// Alarm is one kind of trouble of the whole installation, shared by all processes. It stays when
// it is over, so that nobody is told twice.
type Alarm struct {
	// Kind is the key.
	Kind AlarmKind
	// RaisedAt is when it last began.
	RaisedAt time.Time
	// ClearedAt is when it ended; zero while it lasts.
	ClearedAt time.Time
	// Class and Cause are those of the answers behind it, as the package instagram names them.
	Class, Cause string
	// Message is Instagram's literal text, cleaned and at most 500 bytes.
	Message string
	// ProbeAt is when a single connection is next tried although the alarm lasts; zero when no
	// connection waits for it.
	ProbeAt time.Time
	// Worked counts the probes in a row that went well.
	Worked int64
	// ToldAt is when the operator was told of what the alarm is now; zero while that is to be done.
	ToldAt time.Time
	// Version counts the writes, from 1.
	Version int64
}

// Lasts says whether the alarm is on.
func (a Alarm) Lasts() bool { return a.Version > 0 && a.ClearedAt.IsZero() }

// Alarms keeps one alarm of each kind.
type Alarms interface {
	// Alarms returns those that were ever raised, in the order of their kinds as bytes.
	Alarms(ctx context.Context) ([]Alarm, error)
	// PutAlarm replaces every field if the stored version is still a.Version, where 0 means that
	// none of the kind is stored yet, and adds the events that tell of it. It returns the alarm as
	// stored, its version one more. Another version is ErrConflict; then no event is written
	// either. Where a database cannot write all in one step, the events come second, as with
	// UpdateConnection.
	PutAlarm(ctx context.Context, a Alarm, events ...Event) (Alarm, error)
}
