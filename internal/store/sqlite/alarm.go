package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"latchkey/internal/store"
)

// alarmColumns is what [alarmArgs] and [alarmDest] follow.
const alarmColumns = `kind, raised_at, cleared_at, class, cause, message, probe_at, worked, told_at`

const (
	insertAlarm = `
		INSERT INTO alarms (` + alarmColumns + `, version)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 + 1) ON CONFLICT DO NOTHING`

	updateAlarm = `
		UPDATE alarms SET raised_at = ?2, cleared_at = ?3, class = ?4, cause = ?5, message = ?6,
			probe_at = ?7, worked = ?8, told_at = ?9, version = ?10 + 1
		WHERE kind = ?1 AND version = ?10`

	listAlarms = `SELECT ` + alarmColumns + `, version FROM alarms ORDER BY kind`
)

// Alarms implements [store.Alarms].
func (s *Store) Alarms(ctx context.Context) ([]store.Alarm, error) {
	var found []store.Alarm
	err := s.readers.rows(ctx, listAlarms, nil, func(rows *sql.Rows) error {
		var a store.Alarm
		if err := rows.Scan(alarmDest(&a)...); err != nil {
			return err
		}
		found = append(found, a)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("alarms: %w", err)
	}
	return found, nil
}

// PutAlarm implements [store.Alarms].
func (s *Store) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
	query := updateAlarm
	if a.Version == 0 {
		query = insertAlarm
	}
	err := s.writer.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		n, err := tx.exec(ctx, query, alarmArgs(a)...)
		if err == nil && n == 0 {
			err = store.ErrConflict
		}
		if err != nil {
			return err
		}
		return appendEvents(ctx, tx, events)
	}, query, insertEvent)
	if err != nil {
		return store.Alarm{}, fmt.Errorf("put alarm %s: %w", a.Kind, err)
	}
	a.RaisedAt, a.ClearedAt = truncate(a.RaisedAt), truncate(a.ClearedAt)
	a.ProbeAt, a.ToldAt = truncate(a.ProbeAt), truncate(a.ToldAt)
	a.Version++
	return a, nil
}

func alarmArgs(a store.Alarm) []any {
	return []any{
		string(a.Kind), millis(a.RaisedAt), millis(a.ClearedAt), a.Class, a.Cause, a.Message,
		millis(a.ProbeAt), a.Worked, millis(a.ToldAt), a.Version,
	}
}

func alarmDest(a *store.Alarm) []any {
	return []any{
		&a.Kind,
		timeColumn{&a.RaisedAt},
		timeColumn{&a.ClearedAt},
		&a.Class, &a.Cause, &a.Message,
		timeColumn{&a.ProbeAt},
		&a.Worked,
		timeColumn{&a.ToldAt},
		&a.Version,
	}
}
