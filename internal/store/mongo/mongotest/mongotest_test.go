package mongotest

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// What the tests of leases and versions rest on: of updates of one document at once, none is lost.
func TestUpdatesAreNotLost(t *testing.T) {
	t.Parallel()
	const writers, writes = 16, 20
	counters := Database(t, URI(t)).Collection("counters")
	if _, err := counters.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "c"}, {Key: "n", Value: int64(0)}}); err != nil {
		t.Fatal(err)
	}
	var g sync.WaitGroup
	for range writers {
		g.Go(func() {
			for range writes {
				_, err := counters.UpdateByID(t.Context(), "c", bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	var counter struct{ N int64 }
	if err := counters.FindOne(t.Context(), bson.D{}).Decode(&counter); err != nil {
		t.Fatal(err)
	}
	if counter.N != writers*writes {
		t.Errorf("counted to %d of %d", counter.N, writers*writes)
	}
}

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	a, b := URI(t), URI(t)
	if a == b {
		t.Errorf("%s twice", a)
	}
}

// The database goes with its test.
func TestTheDatabaseIsDropped(t *testing.T) {
	t.Parallel()
	db := Database(t, URI(t)) // a client that outlives the inner test
	var name string
	t.Run("inner", func(t *testing.T) {
		uri := URI(t)
		name = database(uri)
		if _, err := Database(t, uri).Collection("c").InsertOne(t.Context(), bson.D{}); err != nil {
			t.Fatal(err)
		}
	})
	names, err := db.Client().ListDatabaseNames(t.Context(), bson.D{{Key: "name", Value: name}})
	if err != nil || len(names) != 0 {
		t.Errorf("databases %v, error %v, want none", names, err)
	}
}

func TestWithDatabase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ uri, want string }{
		{"mongodb://localhost", "mongodb://localhost/d"},
		{"mongodb://localhost/", "mongodb://localhost/d"},
		{"mongodb://localhost/other?retryWrites=false", "mongodb://localhost/d?retryWrites=false"},
		{"mongodb://a:1,b:2/?replicaSet=rs", "mongodb://a:1,b:2/d?replicaSet=rs"},
		{"mongodb://ada:secret@localhost/users", "mongodb://ada:secret@localhost/d?authSource=users"},
		{"mongodb://ada:secret@localhost/users?w=1", "mongodb://ada:secret@localhost/d?w=1&authSource=users"},
		{"mongodb://ada:secret@localhost/users?AuthSource=x", "mongodb://ada:secret@localhost/d?AuthSource=x"},
		{"mongodb://ada:secret@localhost/?w=1", "mongodb://ada:secret@localhost/d?w=1"},
	} {
		got := withDatabase(tt.uri, "d")
		if got != tt.want {
			t.Errorf("%s becomes %s, want %s", tt.uri, got, tt.want)
		}
		if err := options.Client().ApplyURI(got).Validate(); err != nil || database(got) != "d" {
			t.Errorf("%s: database %s, error %v", got, database(got), err)
		}
	}
}

// What cannot be fetched is told from what does not compile.
func TestRunSaysWhatFailed(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), t.TempDir(), "list", "-deps", ".")
	if err == nil || !strings.Contains(err.Error(), "go list") || !strings.Contains(err.Error(), "go.mod") {
		t.Errorf("error %v, want one that quotes the go command", err)
	}
	if errors.Is(err, errUnavailable) {
		t.Errorf("the error %v decides for the caller", err)
	}
}
