package config

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"
)

// Kind is a kind of database.
type Kind string

// The kinds of databases.
const (
	SQLite  Kind = "sqlite"
	MongoDB Kind = "mongodb"
)

// Store says where connections are kept.
type Store struct {
	Kind Kind
	// Path is the SQLite file.
	Path string
	// URI is MongoDB's address. It may hold a password.
	URI Secret
}

// Place says in the form of an address where the store is, without users, passwords and options.
func (s Store) Place() string {
	if s.Kind == SQLite {
		if full, err := filepath.Abs(s.Path); err == nil {
			return "sqlite:" + full
		}
		return "sqlite:" + s.Path
	}
	scheme, rest, _ := strings.Cut(s.URI.Reveal(), "://")
	user, options := strings.LastIndexByte(rest, '@'), strings.IndexByte(rest, '?')
	switch {
	case options < 0:
		options = len(rest)
	case options < user: // an option with @ or a password with ?: nobody can tell
		return scheme
	}
	return scheme + "://" + rest[user+1:options]
}

var (
	errNoDatabase = errors.New("names no database; write it after the hosts, as in mongodb://HOST/latchkey")
	errNoHost     = errors.New("names no host; write an address such as mongodb://HOST/latchkey")
)

// parseStore tells the databases apart. The rest of a MongoDB address is its driver's to judge.
func parseStore(text string) (Store, error) {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok {
		return parseSQLite(path)
	}
	for _, scheme := range [...]string{"mongodb://", "mongodb+srv://"} {
		if rest, ok := strings.CutPrefix(text, scheme); ok {
			return Store{Kind: MongoDB, URI: Secret{&text}}, checkMongoDB(rest)
		}
	}
	return Store{}, errors.New("begins with neither sqlite: nor mongodb://; " +
		"write sqlite:PATH, such as sqlite:latchkey.db, or mongodb://HOST/DATABASE")
}

func parseSQLite(path string) (Store, error) {
	switch {
	case path == "":
		return Store{}, errors.New("names no file; write sqlite:PATH, such as sqlite:latchkey.db")
	case path == ":memory:":
		return Store{}, errors.New("names no file that could be kept; write sqlite:PATH, such as sqlite:latchkey.db")
	case strings.HasPrefix(path, "//"):
		// As the address that it looks like, sqlite://latchkey.db would be a file in the root folder.
		return Store{}, errors.New("has slashes as in an address; write sqlite:PATH, such as sqlite:/var/lib/latchkey/latchkey.db")
	}
	return Store{Kind: SQLite, Path: path}, nil
}

// checkMongoDB looks for the hosts and the database in what follows the scheme. It is no ordinary
// address: there may be several hosts.
func checkMongoDB(rest string) error {
	authority, path, _ := strings.Cut(rest, "/")
	authority, _, _ = strings.Cut(authority, "?")
	if hosts := authority[strings.LastIndexByte(authority, '@')+1:]; hosts == "" {
		return errNoHost
	}
	database, _, _ := strings.Cut(path, "?")
	if database == "" {
		return errNoDatabase
	}
	// The characters that MongoDB allows in no name.
	if name, err := url.PathUnescape(database); err != nil || strings.ContainsAny(name, "/\\. \"$\x00") {
		return errors.New("has a database name that MongoDB does not allow; write a name of letters and digits, such as latchkey")
	}
	return nil
}
