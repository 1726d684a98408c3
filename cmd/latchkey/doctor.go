package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"latchkey/internal/clock"
	"latchkey/internal/config"
	"latchkey/internal/store"
)

func doctorCommand(e env) *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "look for what is wrong, or explain what Instagram said",
		ArgsUsage: "[TEXT]",
		Description: "Without an argument it examines the installation, beside a running server, and changes nothing.\n" +
			"With one, such as \"Unsupported request - method type: get\", the body of an error or 190/460, it says\n" +
			"what that means and what to do. Nothing of the text is printed, so it may hold a token.\n" +
			"It takes the settings of the server, as the same flags, which latchkey serve --help lists.",
		Flags: append(hidden(settingFlags(config.ForServe()...)), &cli.BoolFlag{Name: "json", Usage: "print JSON"}),
		// The usual error would repeat a pasted text that begins with a dash.
		OnUsageError: func(context.Context, *cli.Command, error, bool) error {
			return usageError{errors.New("doctor has no such flag, or needs a value for it; put a pasted text after --")}
		},
		ArgValidator: e.flagsBeforeText,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return explainText(e.stdout, strings.Join(cmd.Args().Slice(), " "), cmd.Bool("json"))
			}
			c, faults := config.Examine(sources(e, cmd, config.ForServe()...), config.ForServe()...)
			d := doctor{config: c, faults: faults, now: clock.FromFile(c.TestClock), http: doctorsClient()}
			defer d.close()
			return report(e.stdout, d.examine(ctx), cmd.Bool("json"))
		},
	}
}

// flagsBeforeText refuses a flag behind a word that begins with a dash and a digit, such as -1: nothing behind such a
// word is read as a flag.
func (e env) flagsBeforeText(_ context.Context, cmd *cli.Command) error {
	if slices.Contains(cmd.Args().Slice(), "--json") && !slices.Contains(e.args, "--") {
		return usageError{errors.New("flags go before a text that begins with a dash: latchkey doctor --json -- TEXT")}
	}
	return nil
}

// askWithin bounds how long the doctor waits for one answer from elsewhere.
const askWithin = 5 * time.Second

// doctorsClient follows no redirect: where one leads is a finding.
func doctorsClient() *http.Client {
	return &http.Client{
		Timeout:       askWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// doctor examines an installation. Each check goes on from what those before it found, and is skipped
// where that is not enough.
type doctor struct {
	config config.Config
	// faults are those of the settings. What could be read of them is in config.
	faults []error
	// now is the time that tokens live on.
	now  func() time.Time
	http *http.Client

	// store is nil unless it can be read.
	store store.Store
	// opened is to be closed: the store, or what is there in its place.
	opened store.Store
	// recorded is the fingerprint of the keyring that the store is tied to; empty when it is tied to none.
	recorded string
	// answers says that a server runs at the public address.
	answers bool
	// heard is the Date of an answer of Instagram's, zero when there was none, and heardAt our time
	// then.
	heard, heardAt time.Time
}

// examine does all checks, in the order in which one follows from another.
func (d *doctor) examine(ctx context.Context) []check {
	var checks []check
	for _, one := range []func(context.Context) check{
		d.checkStore, d.checkKeyring, d.checkSpillFolder, d.checkDisk,
		d.checkInstagram, d.checkClock,
		d.checkPublicAddress, d.checkReadiness, d.checkHTTPS, d.checkProxy, d.checkRedirectURI, d.checkAppID, d.checkScopes,
		d.checkLastSweep, d.checkConnections, d.checkAlarms, d.checkMail,
	} {
		checks = append(checks, one(ctx))
	}
	checks = append(d.checkConfiguration(ctx), checks...)
	for i, c := range checks {
		checks[i] = d.asSeen(c)
	}
	return checks
}

// asSeen tells what this user may not read from what the server may not read.
func (d *doctor) asSeen(c check) check {
	if c.denied && !d.asServer() {
		return unseen(c.Name, "%s", c.Message)
	}
	return c
}

// asServer says whether this is the user that the server runs as: the one to whom the folder of the store
// belongs, or that of the keyring where the store is no file.
func (d *doctor) asServer() bool {
	path := d.config.KeyringFile
	if d.config.Store.Kind == config.SQLite {
		path = d.config.Store.Path
	}
	info, err := os.Stat(filepath.Dir(path))
	return err == nil && ownedByMe(info)
}

// storeUnread is what is said in place of what only the store knows.
const storeUnread = "the store cannot be read"

func (d *doctor) close() {
	if d.opened != nil {
		_ = d.opened.Close() // it was only read
	}
}

// checkConfiguration has one check for each fault, and for each setting that is allowed and hardly meant.
// A secret that a running server was given need not be among the settings of whoever looks at it: its
// service manager hands it over.
func (d *doctor) checkConfiguration(ctx context.Context) []check {
	const name = "configuration"
	var checks []check
	hasItsOwn := !d.asServer() || d.serverRuns(ctx)
	for _, err := range d.faults {
		missing, isMissing := errors.AsType[config.Missing](err)
		switch {
		case hasItsOwn && isMissing && missing.Name == config.InstagramAppSecret:
			checks = append(checks, unseen(name, "%s, which only the server was given", missing.Name.Variable()))
		case hasItsOwn && errors.Is(err, fs.ErrPermission):
			checks = append(checks, unseen(name, "%s", failedBy(name, err, "").Message))
		default:
			checks = append(checks, failedBy(name, err, "correct the setting; docs/operating.md, Settings, has them all"))
		}
	}
	for _, text := range d.config.Warnings {
		i := strings.LastIndex(text, "; ")
		checks = append(checks, warning(name, text[i+2:], "%s", text[:i]))
	}
	if checks == nil {
		return []check{well(name, "every setting is good")}
	}
	return checks
}

// serverRuns says whether a server looked after the store lately.
func (d *doctor) serverRuns(ctx context.Context) bool {
	if d.store == nil {
		return false
	}
	last, err := d.store.LastSweep(ctx)
	return err == nil && d.now().Sub(last) <= sweptLongAgo
}
