package mongo

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

const (
	// timeout bounds a call whose context has no deadline.
	timeout = 10 * time.Second
	// poolSize suffices for thousands of short calls a second, and small servers count connections.
	poolSize = 20
)

// parse reads an address into the options of the driver and the name of the database. What the
// address says goes first, but for what the contract of the store rests on.
func parse(uri string) (*options.ClientOptions, string, error) {
	opts := options.Client().ApplyURI(uri)
	if err := opts.Validate(); err != nil {
		return nil, "", withoutSecrets(uri)
	}
	database, err := databaseName(uri)
	if err != nil {
		return nil, "", err
	}
	if opts.AppName == nil {
		opts.SetAppName("latchkey")
	}
	if opts.Timeout == nil {
		opts.SetTimeout(timeout)
	}
	if opts.MaxPoolSize == nil {
		opts.SetMaxPoolSize(poolSize)
	}
	majority := writeconcern.Majority()
	majority.Journal = new(true)
	opts.SetWriteConcern(majority).SetReadPreference(readpref.Primary()).SetDialer(&dialer{})
	return opts, database, nil
}

// databaseName reads the name out of an address that the driver accepted. There the first @ ends
// user and password, which may hold anything but a slash.
func databaseName(uri string) (string, error) {
	_, rest, _ := strings.Cut(uri, "://")
	if _, hosts, ok := strings.Cut(rest, "@"); ok {
		rest = hosts
	}
	rest, _, _ = strings.Cut(rest, "?")
	_, name, _ := strings.Cut(rest, "/")
	name, err := url.PathUnescape(name)
	if err != nil || name == "" {
		return "", errors.New("LATCHKEY_STORE names no database; write it after the host: mongodb://HOST/latchkey")
	}
	return name, nil
}

// withoutSecrets is the error about an address that the driver refused. It has what the driver says
// without user, password and options; its words about the whole may quote all of them.
func withoutSecrets(uri string) error {
	scheme, rest, _ := strings.Cut(uri, "://")
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	rest, _, _ = strings.Cut(rest, "?")
	const refused = "LATCHKEY_STORE is no address that MongoDB's driver accepts"
	if err := options.Client().ApplyURI(scheme + "://" + rest).Validate(); err != nil {
		return fmt.Errorf("%s: %w", refused, err)
	}
	return errors.New(refused + "; check its options, and that in user and password every special character is written as %XX")
}
