package mongo_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/mongo/mongotest"
	"latchkey/internal/store/storetest"
)

// open returns a prepared store.
func open(t testing.TB, uri string) *mongo.Store {
	t.Helper()
	s, err := mongo.Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// connection returns a connection in which every field has a value.
func connection(id string, now time.Time) store.Connection {
	return store.Connection{
		ID:             id,
		AppScopedID:    "26000000000000001",
		Username:       "ada.bakes",
		Name:           "Ada Bakes",
		AccountType:    "business",
		PictureURL:     "https://scontent.cdninstagram.com/ada.jpg",
		Followers:      new(int64(1 << 40)),
		Follows:        new(int64(80)),
		Media:          new(int64(0)),
		ScopesAsked:    []string{"instagram_business_basic", "instagram_business_manage_insights"},
		Scopes:         []string{"instagram_business_basic"},
		Status:         store.StatusActive,
		StatusReason:   "for a test",
		ConnectedAt:    now,
		TokenIssuedAt:  now,
		TokenExpiresAt: now.Add(60 * 24 * time.Hour),
		RefreshedAt:    now,
		TriedAt:        now,
		NextRefreshAt:  now.Add(7 * 24 * time.Hour),
		NoticeAt:       now.Add(46 * 24 * time.Hour),
		Failure: store.RefreshFailure{
			Since: now, Tries: 3, Class: "retry", Cause: "1/2", SuspectedAt: now, SuspectedCause: "190/460", RecordedAt: now,
		},
		SealedToken: []byte("sealed by the vault, about three hundred bytes in truth"),
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		uri := mongotest.URI(t)
		// The cases have their own days. Where these indexes stand before, Migrate leaves it at that,
		// and the server expires nothing by its own clock.
		db := mongotest.Database(t, uri)
		for _, name := range []string{"links", "records"} {
			keys := driver.IndexModel{Keys: bson.D{{Key: "expires_at", Value: 1}}}
			if _, err := db.Collection(name).Indexes().CreateOne(t.Context(), keys); err != nil {
				t.Fatal(err)
			}
		}
		return open(t, uri)
	})
}
