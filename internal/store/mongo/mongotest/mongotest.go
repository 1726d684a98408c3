package mongotest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Variable names the environment variable that puts a real MongoDB in place of the stand-in.
const Variable = "LATCHKEY_TEST_MONGODB_URI"

// patience bounds what one test asks of the server for itself.
const patience = 20 * time.Second

// standIn starts the stand-in, once in a test process, and keeps it.
var standIn = sync.OnceValues(start)

// URI returns the address of an empty database, which is dropped when the test ends. Where no
// database can be had the test is skipped with the reason, and fails when CI is "true".
func URI(tb testing.TB) string {
	tb.Helper()
	uri, drop, err := Open()
	switch {
	case errors.Is(err, errUnavailable) && os.Getenv("CI") != "true":
		tb.Skip(err)
	case err != nil:
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := drop(); err != nil {
			tb.Error(err)
		}
	})
	return uri
}

// Open is [URI] for a program that is no test: it returns the address of an empty database and what
// drops it.
func Open() (uri string, drop func() error, err error) {
	base := os.Getenv(Variable)
	if base == "" {
		p, err := standIn()
		if err != nil {
			return "", nil, fmt.Errorf("no MongoDB: %s is not set, and %w", Variable, err)
		}
		base = p.uri
	}
	uri = withDatabase(base, "latchkey_test_"+strings.ToLower(rand.Text()))
	return uri, func() error { return dropDatabase(uri) }, nil
}

// Database opens the database of an address of [URI] with the plain driver.
func Database(tb testing.TB, uri string) *mongo.Database {
	tb.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetTimeout(patience))
	if err != nil {
		tb.Fatalf("connect to the test database: %v", err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = client.Disconnect(ctx)
	})
	return client.Database(database(uri))
}

func dropDatabase(uri string) error {
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetTimeout(patience))
	if err != nil {
		return fmt.Errorf("connect to drop the test database: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err = client.Database(database(uri)).Drop(ctx)
	if err := errors.Join(err, client.Disconnect(ctx)); err != nil {
		return fmt.Errorf("drop the test database: %w", err)
	}
	return nil
}

// database cuts the name out of an address that has one.
func database(uri string) string {
	address, _, _ := strings.Cut(uri, "?")
	return address[strings.LastIndexByte(address, '/')+1:]
}

// withDatabase puts another database into an address. The one that was there stays what the user
// is looked up in.
func withDatabase(uri, name string) string {
	address, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(address, "://")
	hosts, old, _ := strings.Cut(rest, "/")
	// The driver knows the names of options in any case; what the query has stays as written.
	if old != "" && strings.Contains(hosts, "@") && !strings.Contains(strings.ToLower(query), "authsource=") {
		query = strings.TrimPrefix(query+"&authSource="+url.QueryEscape(old), "&")
	}
	uri = scheme + "://" + hosts + "/" + name
	if query != "" {
		uri += "?" + query
	}
	return uri
}
