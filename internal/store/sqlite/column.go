package sqlite

import (
	"encoding/json"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// millis is the column form of a time; the zero time is NULL.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// truncate is what is left of a time once it was stored.
func truncate(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// timeColumn scans a time.
type timeColumn struct{ to *time.Time }

func (m timeColumn) Scan(column any) error {
	switch v := column.(type) {
	case nil:
		*m.to = time.Time{}
	case int64:
		*m.to = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a time is no %T", column)
	}
	return nil
}

// list is the column form of strings; nil is NULL.
func list(values []string) any {
	if values == nil {
		return nil
	}
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings always have a JSON form
	}
	return string(text)
}

// texts scans what list made.
type texts struct{ to *[]string }

func (l texts) Scan(column any) error {
	switch v := column.(type) {
	case nil:
		*l.to = nil
		return nil
	case string:
		return json.Unmarshal([]byte(v), l.to)
	default:
		return fmt.Errorf("a list is no %T", column)
	}
}

// blob scans bytes; an empty blob is not nil.
type blob struct{ to *[]byte }

func (b blob) Scan(column any) error {
	switch v := column.(type) {
	case nil:
		*b.to = nil
	case []byte:
		*b.to = append([]byte{}, v...)
	default:
		return fmt.Errorf("bytes are no %T", column)
	}
	return nil
}

// hash scans a hash.
type hash struct{ to *store.Hash }

func (h hash) Scan(column any) error {
	v, ok := column.([]byte)
	if !ok || len(v) != len(h.to) {
		return fmt.Errorf("a hash is no %T of %d bytes", column, len(v))
	}
	copy(h.to[:], v)
	return nil
}
