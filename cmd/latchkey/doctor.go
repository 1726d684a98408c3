package main

import (
	"context"
	"errors"
	"net/http"
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
			"what that means and what to do. Nothing of the text is printed, so it may hold a token.",
		Flags: append(settingFlags(config.ForServe()...), &cli.BoolFlag{Name: "json", Usage: "print JSON"}),
		// The usual error would repeat a pasted text that begins with a dash.
		OnUsageError: func(context.Context, *cli.Command, error, bool) error {
			return usageError{errors.New("doctor has no such flag, or needs a value for it; put a pasted text after --")}
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return explain(e.stdout, strings.Join(cmd.Args().Slice(), " "), cmd.Bool("json"))
			}
			c, faults := config.Examine(sources(e, cmd, config.ForServe()...), config.ForServe()...)
			d := doctor{config: c, faults: faults, now: clock.FromFile(c.TestClock), http: doctorsClient()}
			defer d.close()
			return report(e.stdout, d.examine(ctx), cmd.Bool("json"))
		},
	}
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
	checks := d.checkConfiguration()
	for _, one := range []func(context.Context) check{
		d.checkStore, d.checkKeyring, d.checkSpillFolder, d.checkDisk,
		d.checkInstagram, d.checkClock,
		d.checkPublicAddress, d.checkReadiness, d.checkHTTPS, d.checkRedirectURI, d.checkAppID, d.checkScopes,
		d.checkLastSweep, d.checkConnections, d.checkAlarms, d.checkMail,
	} {
		checks = append(checks, one(ctx))
	}
	return checks
}

// storeUnread is what is said in place of what only the store knows.
const storeUnread = "the store cannot be read"

func (d *doctor) close() {
	if d.opened != nil {
		_ = d.opened.Close() // it was only read
	}
}

// checkConfiguration has one check for each fault.
func (d *doctor) checkConfiguration() []check {
	const name = "configuration"
	if len(d.faults) == 0 {
		return []check{well(name, "every setting is good")}
	}
	var checks []check
	for _, err := range d.faults {
		checks = append(checks, failedBy(name, err, "correct the setting; docs/operating.md, Settings, has them all"))
	}
	return checks
}
