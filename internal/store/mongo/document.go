package mongo

import (
	"bytes"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store"
)

// connectionFields is what a write of a connection replaces. The names are promised.
type connectionFields struct {
	AppScopedID    string         `bson:"app_scoped_id"`
	Username       string         `bson:"username"`
	Name           string         `bson:"name"`
	AccountType    string         `bson:"account_type"`
	PictureURL     string         `bson:"picture_url"`
	Followers      *int64         `bson:"followers"`
	Follows        *int64         `bson:"follows"`
	Media          *int64         `bson:"media"`
	ScopesAsked    []string       `bson:"scopes_asked"`
	Scopes         []string       `bson:"scopes"`
	Status         store.Status   `bson:"status"`
	StatusReason   string         `bson:"status_reason"`
	ConnectedAt    *bson.DateTime `bson:"connected_at"`
	TokenIssuedAt  *bson.DateTime `bson:"token_issued_at"`
	TokenExpiresAt *bson.DateTime `bson:"token_expires_at"`
	RefreshedAt    *bson.DateTime `bson:"refreshed_at"`
	TriedAt        *bson.DateTime `bson:"tried_at"`
	NextRefreshAt  *bson.DateTime `bson:"next_refresh_at"`
	NoticeAt       *bson.DateTime `bson:"notice_at"`
	Trouble        troubleFields  `bson:",inline"`
	SealedToken    []byte         `bson:"sealed_token"`
}

// troubleFields are null each while there is no trouble. Documents from before there were such
// fields have none of them, which reads the same.
type troubleFields struct {
	Since          *bson.DateTime `bson:"trouble_since"`
	Tries          *int64         `bson:"trouble_tries"`
	Class          *string        `bson:"trouble_class"`
	Cause          *string        `bson:"trouble_cause"`
	RecordedAt     *bson.DateTime `bson:"trouble_recorded_at"`
	SuspectedAt    *bson.DateTime `bson:"doubted_at"`
	SuspectedCause *string        `bson:"doubted_cause"`
}

// connectionDocument is a connection as it is read; its lease is read apart.
type connectionDocument struct {
	ID      string           `bson:"_id"`
	Fields  connectionFields `bson:",inline"`
	Version int64            `bson:"version"`
}

// connectionWrite replaces every field, counts the version, adds the events that tell of it to those that
// wait, and leaves a lease alone.
type connectionWrite struct {
	Set struct {
		Fields    connectionFields `bson:",inline"`
		PendingAt *bson.DateTime   `bson:"pending_at,omitempty"`
	} `bson:"$set"`
	Inc  versionStep     `bson:"$inc"`
	Push *connectionPush `bson:"$push,omitempty"`
}

// connectionPush adds events to those that wait, and sessions to those that are there.
type connectionPush struct {
	Pending  *pushed[eventDocument] `bson:"pending,omitempty"`
	Sessions *pushed[sessionFields] `bson:"sessions,omitempty"`
}

// pushed is what a push adds at the end of a list.
type pushed[T any] struct {
	Each []T `bson:"$each"`
}

// connectionAt is the filter of a connection at one version.
type connectionAt struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
}

// connectionOfLogin is the filter of a connection at one version since one login: after an erase, versions begin
// anew.
type connectionOfLogin struct {
	At          connectionAt   `bson:",inline"`
	ConnectedAt *bson.DateTime `bson:"connected_at"`
}

func (s *Store) writeOf(c store.Connection, events []store.Event) connectionWrite {
	var w connectionWrite
	w.Set.Fields, w.Inc.Version = fieldsOf(c), 1
	if len(events) > 0 {
		w.Set.PendingAt, w.Push = new(date(time.Now())), &connectionPush{Pending: new(pushed[eventDocument]{Each: s.eventDocuments(events)})}
	}
	return w
}

// fieldsOf shares what it holds with the connection.
func fieldsOf(c store.Connection) connectionFields {
	return connectionFields{
		AppScopedID:    c.AppScopedID,
		Username:       c.Username,
		Name:           c.Name,
		AccountType:    c.AccountType,
		PictureURL:     c.PictureURL,
		Followers:      c.Followers,
		Follows:        c.Follows,
		Media:          c.Media,
		ScopesAsked:    c.ScopesAsked,
		Scopes:         c.Scopes,
		Status:         c.Status,
		StatusReason:   c.StatusReason,
		ConnectedAt:    optionalDate(c.ConnectedAt),
		TokenIssuedAt:  optionalDate(c.TokenIssuedAt),
		TokenExpiresAt: optionalDate(c.TokenExpiresAt),
		RefreshedAt:    optionalDate(c.RefreshedAt),
		TriedAt:        optionalDate(c.TriedAt),
		NextRefreshAt:  optionalDate(c.NextRefreshAt),
		NoticeAt:       optionalDate(c.NoticeAt),
		Trouble:        troubleOf(c.Failure),
		SealedToken:    c.SealedToken,
	}
}

// clone returns the fields with a copy of all that they share with the connection they were made of.
func (f connectionFields) clone() connectionFields {
	for _, n := range []**int64{&f.Followers, &f.Follows, &f.Media} {
		if *n != nil {
			*n = new(**n)
		}
	}
	f.ScopesAsked, f.Scopes = slices.Clone(f.ScopesAsked), slices.Clone(f.Scopes)
	f.SealedToken = bytes.Clone(f.SealedToken)
	return f
}

func (d *connectionDocument) connection() store.Connection {
	f := &d.Fields
	return store.Connection{
		ID:             d.ID,
		AppScopedID:    f.AppScopedID,
		Username:       f.Username,
		Name:           f.Name,
		AccountType:    f.AccountType,
		PictureURL:     f.PictureURL,
		Followers:      f.Followers,
		Follows:        f.Follows,
		Media:          f.Media,
		ScopesAsked:    f.ScopesAsked,
		Scopes:         f.Scopes,
		Status:         f.Status,
		StatusReason:   f.StatusReason,
		ConnectedAt:    optionalTime(f.ConnectedAt),
		TokenIssuedAt:  optionalTime(f.TokenIssuedAt),
		TokenExpiresAt: optionalTime(f.TokenExpiresAt),
		RefreshedAt:    optionalTime(f.RefreshedAt),
		TriedAt:        optionalTime(f.TriedAt),
		NextRefreshAt:  optionalTime(f.NextRefreshAt),
		NoticeAt:       optionalTime(f.NoticeAt),
		Failure:        f.Trouble.trouble(),
		SealedToken:    f.SealedToken,
		Version:        d.Version,
	}
}

func troubleOf(t store.RefreshFailure) troubleFields {
	return troubleFields{
		Since:          optionalDate(t.Since),
		Tries:          optional(t.Tries),
		Class:          optional(t.Class),
		Cause:          optional(t.Cause),
		RecordedAt:     optionalDate(t.RecordedAt),
		SuspectedAt:    optionalDate(t.SuspectedAt),
		SuspectedCause: optional(t.SuspectedCause),
	}
}

func (f *troubleFields) trouble() store.RefreshFailure {
	return store.RefreshFailure{
		Since:          optionalTime(f.Since),
		Tries:          valueOf(f.Tries),
		Class:          valueOf(f.Class),
		Cause:          valueOf(f.Cause),
		RecordedAt:     optionalTime(f.RecordedAt),
		SuspectedAt:    optionalTime(f.SuspectedAt),
		SuspectedCause: valueOf(f.SuspectedCause),
	}
}
