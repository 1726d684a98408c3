// Package latchkey_test holds the rules of the house: which room stands on which floor, and that
// imports go strictly downward.
package latchkey_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "latchkey"
	// mongotest and sqlitetest stand above the stores that they open.
	mongotest  = module + "/internal/store/mongo/mongotest"
	sqlitetest = module + "/internal/store/sqlite/sqlitetest"
)

// floors holds every room. A new one needs a line here, not a new floor.
var floors = map[string]int{
	"cmd/latchkey": 5,
	"cmd/soak":     5,

	"internal/web/webtest": 5,

	"internal/web/signin": 4,
	"internal/web/owner":  4,
	"internal/httpapi":    4,

	"internal/page":       3,
	"internal/login":      3,
	"internal/refresh":    3,
	"internal/notice":     3,
	"internal/picture":    3,
	"internal/middleware": 3,

	"internal/store/sqlite/sqlitetest": 3,
	"internal/store/mongo/mongotest":   3,

	"internal/config":          2,
	"internal/health":          2,
	"internal/vault":           2,
	"internal/explain":         2,
	"internal/session":         2,
	"internal/metrics":         2,
	"internal/usage":           2,
	"internal/work":            2,
	"igsim/smtpd":              2,
	"internal/tracing":         2,
	"internal/store/sqlite":    2,
	"internal/store/mongo":     2,
	"internal/store/storetest": 2,

	"internal/mail/mailtest": 1,
	"internal/disk/disktest": 1,

	"internal/i18n":    1,
	"internal/store":   1,
	"internal/seal":    1,
	"internal/clock":   1,
	"internal/disk":    1,
	"internal/egress":  1,
	"internal/mail":    1,
	"internal/logtest": 1,
	"internal/panics":  1,
	"instagram":        1,
	"igsim":            1,
	"api":              1,
}

// only names the rooms that alone may import another room, or a module that stands for one.
var only = map[string][]string{
	module + "/internal/seal":            {"internal/vault", "cmd/latchkey", "cmd/soak", "internal/web/webtest"},
	module + "/internal/config":          {"cmd/latchkey"},
	module + "/internal/clock":           {"cmd/latchkey", "internal/refresh"},
	module + "/internal/store/sqlite":    {"cmd/latchkey", "cmd/soak", "internal/store/sqlite/sqlitetest"},
	sqlitetest:                           {},
	module + "/internal/store/mongo":     {"cmd/latchkey", "cmd/soak", "internal/store/mongo/mongotest"},
	module + "/igsim":                    {"cmd/latchkey", "cmd/soak", "igsim/smtpd", "internal/web/webtest"},
	module + "/igsim/smtpd":              {"cmd/latchkey"},
	module + "/internal/store/storetest": {},
	module + "/internal/web/webtest":     {},
	module + "/internal/mail/mailtest":   {},
	module + "/internal/logtest":         {},
	module + "/internal/disk/disktest":   {},
	mongotest:                            {"cmd/soak"},
	"modernc.org/sqlite":                 {"internal/store/sqlite", "cmd/soak"},
	"database/sql":                       {"internal/store/sqlite", "cmd/soak"},
	"go.mongodb.org/mongo-driver/v2":     {"internal/store/mongo", "internal/store/mongo/mongotest"},
	"github.com/tink-crypto/tink-go/v2":  {"internal/seal"},
	"github.com/wneessen/go-mail":        {"internal/mail"},
	"github.com/emersion/go-smtp":        {"igsim/smtpd"},
}

// TestFloors reads the import lines of every file that is no test. It reads them in this process,
// so that a cached result cannot hide a new import.
func TestFloors(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for file := range goFiles(t) {
		room := filepath.ToSlash(filepath.Dir(file))
		floor, ok := floors[room]
		if !ok {
			t.Errorf("%s: the room %s has no floor; give it one in floors_test.go and ARCHITECTURE.md", file, room)
			continue
		}
		seen[room] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if below, ours := strings.CutPrefix(path, module+"/"); ours && floors[below] >= floor {
				t.Errorf("%s: floor %d imports %s on floor %d; imports go strictly downward", file, floor, below, floors[below])
			}
			if !mayImport(room, path) {
				t.Errorf("%s: %s may not import %s", file, room, path)
			}
		}
	}
	for room := range floors {
		if !seen[room] {
			t.Errorf("the room %s has a floor and no file", room)
		}
	}
}

// mayImport applies the rules of only.
func mayImport(room, path string) bool {
	ours := strings.HasPrefix(path, module+"/")
	if room == "igsim" && ours || room == "igsim/smtpd" && ours && path != module+"/igsim" {
		return false // a mistake that simulator and client share would cancel out
	}
	for target, rooms := range only {
		if path != target && !strings.HasPrefix(path, target+"/") || room == strings.TrimPrefix(target, module+"/") {
			continue
		}
		if strings.HasPrefix(path, target+"/") && strings.HasPrefix(target, module) {
			continue // a room below a room has its own line
		}
		allowed := false
		for _, r := range rooms {
			allowed = allowed || r == room
		}
		if !allowed {
			return false
		}
	}
	return true
}

// goFiles yields the files of this module that are no tests.
func goFiles(t *testing.T) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || isModule(path)):
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			case !yield(path):
				return filepath.SkipAll
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// isModule says whether a folder is a module of its own.
func isModule(dir string) bool {
	found, _ := filepath.Glob(filepath.Join(dir, "go.mod"))
	return len(found) > 0
}

// TestRulesBite holds that the rules refuse what they are there to refuse.
func TestRulesBite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		room, path string
		want       bool
	}{
		{"internal/web/owner", module + "/internal/seal", false},
		{"internal/vault", module + "/internal/seal", true},
		{"internal/login", module + "/internal/store/sqlite", false},
		{"internal/store/sqlite", "database/sql", true},
		{"internal/web/signin", "database/sql", false},
		{"internal/store", "go.mongodb.org/mongo-driver/v2/mongo", false},
		{"internal/store/mongo", "go.mongodb.org/mongo-driver/v2/bson", true},
		{"igsim", module + "/instagram", false},
		{"igsim", "github.com/emersion/go-smtp", false},
		{"igsim/smtpd", "github.com/emersion/go-smtp", true},
		{"igsim/smtpd", module + "/igsim", true},
		{"igsim/smtpd", module + "/internal/mail", false},
		{"cmd/latchkey", module + "/igsim", true},
		{"cmd/latchkey", mongotest, false},
	} {
		if got := mayImport(tt.room, tt.path); got != tt.want {
			t.Errorf("may %s import %s: %v, want %v", tt.room, tt.path, got, tt.want)
		}
	}
}
