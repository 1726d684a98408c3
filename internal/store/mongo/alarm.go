package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

type alarmDocument struct {
	Kind      store.AlarmKind `bson:"_id"`
	RaisedAt  *bson.DateTime  `bson:"raised_at"`
	ClearedAt *bson.DateTime  `bson:"cleared_at"`
	Class     string          `bson:"class"`
	Cause     string          `bson:"cause"`
	Message   string          `bson:"message"`
	ProbeAt   *bson.DateTime  `bson:"probe_at"`
	Worked    int64           `bson:"worked"`
	ToldAt    *bson.DateTime  `bson:"told_at"`
	Version   int64           `bson:"version"`
}

// alarmAt is the filter of an alarm at one version.
type alarmAt struct {
	Kind    store.AlarmKind `bson:"_id"`
	Version int64           `bson:"version"`
}

// Alarms returns the alarms in the order of their kinds.
func (s *Store) Alarms(ctx context.Context) ([]store.Alarm, error) {
	q := allAlarms()
	cursor, err := s.alarms.Find(ctx, q.Filter, options.Find().SetSort(q.Sort))
	if err != nil {
		return nil, wrap(ctx, err, "alarms")
	}
	var documents []alarmDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, wrap(ctx, err, "alarms")
	}
	alarms := make([]store.Alarm, len(documents))
	for i := range documents {
		alarms[i] = documents[i].alarm()
	}
	return alarms, nil
}

// PutAlarm creates or replaces the alarm in one step, then writes the events.
func (s *Store) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
	d := alarmDocument{
		Kind:      a.Kind,
		RaisedAt:  optionalDate(a.RaisedAt),
		ClearedAt: optionalDate(a.ClearedAt),
		Class:     a.Class,
		Cause:     a.Cause,
		Message:   a.Message,
		ProbeAt:   optionalDate(a.ProbeAt),
		Worked:    a.Worked,
		ToldAt:    optionalDate(a.ToldAt),
		Version:   a.Version + 1,
	}
	err := s.replaceAlarm(ctx, d)
	if err == nil {
		err = s.insertEvents(ctx, events...)
	}
	if err != nil {
		return store.Alarm{}, wrap(ctx, err, "put alarm", string(a.Kind))
	}
	return d.alarm(), nil
}

// replaceAlarm writes the version that follows the one stored.
func (s *Store) replaceAlarm(ctx context.Context, d alarmDocument) error {
	if d.Version == 1 {
		_, err := s.alarms.InsertOne(ctx, d)
		if driver.IsDuplicateKeyError(err) {
			return store.ErrConflict
		}
		return err
	}
	result, err := s.alarms.ReplaceOne(ctx, alarmAt{d.Kind, d.Version - 1}, d)
	if err == nil && result.MatchedCount == 0 {
		err = store.ErrConflict
	}
	return err
}

func (d *alarmDocument) alarm() store.Alarm {
	return store.Alarm{
		Kind:      d.Kind,
		RaisedAt:  optionalTime(d.RaisedAt),
		ClearedAt: optionalTime(d.ClearedAt),
		Class:     d.Class,
		Cause:     d.Cause,
		Message:   d.Message,
		ProbeAt:   optionalTime(d.ProbeAt),
		Worked:    d.Worked,
		ToldAt:    optionalTime(d.ToldAt),
		Version:   d.Version,
	}
}
