package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"latchkey/internal/store/mongo/mongotest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// order is what the command line asks for.
type order struct {
	connections, days, mongo, kills int
	seed                            uint64
	dir, program                    string
}

// run returns the exit status: 0 when all promises were kept, 1 when not, 2 for wrong arguments.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o order
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.connections, "connections", 1000, "how many owners the two servers on one SQLite file have")
	flags.IntVar(&o.days, "days", 60, "how many simulated days it goes on")
	flags.IntVar(&o.mongo, "mongo", 50, "how many owners the two servers on one MongoDB have; 0 is no such fleet")
	flags.IntVar(&o.kills, "kills", 0, "instead of all that, so many kills between an answer and its write")
	flags.Uint64Var(&o.seed, "seed", 1, "what decides on faults and kills")
	flags.StringVar(&o.dir, "dir", "", "where databases and logs go: a folder that is empty or not there yet; by default one that is removed when all is well")
	flags.StringVar(&o.program, "latchkey", "", "the built program; by default it is built")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || min(o.days, o.connections) < 1 || min(o.mongo, o.kills) < 0 {
		fmt.Fprintln(stderr, "soak: no arguments, and no number below 1 but for -mongo 0 and -kills 0")
		return 2
	}
	total, err := o.soak(ctx, stderr)
	for _, w := range total.wrong {
		fmt.Fprintln(stdout, w)
	}
	if err != nil {
		fmt.Fprintln(stderr, "soak:", err)
		return 1
	}
	fmt.Fprintln(stdout, total.line())
	if !total.good() {
		return 1
	}
	return 0
}

// soak builds the program and takes the fleets through their courses, side by side.
func (o order) soak(ctx context.Context, stderr io.Writer) (total outcome, err error) {
	dir, err := freshDir(o.dir)
	if err != nil {
		return outcome{}, err
	}
	if o.dir == "" {
		defer func() {
			if err == nil && total.good() {
				err = os.RemoveAll(dir)
			} else {
				fmt.Fprintln(stderr, "soak: databases and logs stay in", dir)
			}
		}()
	}
	if o.program == "" {
		o.program = filepath.Join(dir, "latchkey")
		if err := build(ctx, o.program); err != nil {
			return outcome{}, err
		}
	}
	trials, drop, err := o.trials()
	if err != nil {
		return outcome{}, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	return together(ctx, o.program, dir, trials, stderr)
}

// build makes the program of this module.
func build(ctx context.Context, path string) error {
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "latchkey/cmd/latchkey").CombinedOutput(); err != nil {
		return fmt.Errorf("build latchkey: %w: %s", err, out)
	}
	return nil
}

// trial is a course for a fleet of its own.
type trial struct {
	name string
	scenario
	place
}

// trials are what is ordered, and what gives back the databases that it needs.
func (o order) trials() ([]trial, func() error, error) {
	nothing := func() error { return nil }
	if o.kills > 0 {
		return o.killTrials(), nothing, nil
	}
	trials := []trial{{"sqlite", soakScenario(o.connections, o.days, 8, o.seed), place{}}}
	if o.mongo == 0 {
		return trials, nothing, nil
	}
	uri, drop, err := mongotest.Open()
	if err != nil {
		return nil, nil, err
	}
	return append(trials, trial{"mongodb", soakScenario(o.mongo, o.days, 4, o.seed+1), place{uri}}), drop, nil
}

// killsAFleet keeps a fleet of kills short: most of its time is waiting.
const killsAFleet = 50

// killTrials share the kills among a few fleets.
func (o order) killTrials() (trials []trial) {
	fleets := min(max(1, o.kills/killsAFleet), 4)
	for i := range fleets {
		share := o.kills / fleets
		if i < o.kills%fleets {
			share++
		}
		trials = append(trials, trial{fmt.Sprintf("kills-%d", i+1), killScenario(share, o.seed+uint64(i)), place{}})
	}
	return trials
}

// together runs the trials at the same time and adds their outcomes up.
func together(ctx context.Context, program, dir string, trials []trial, stderr io.Writer) (outcome, error) {
	begun := time.Now()
	var mu sync.Mutex
	total := outcome{runway: longest}
	group, ctx := errgroup.WithContext(ctx)
	for _, t := range trials {
		group.Go(func() error {
			say := func(format string, args ...any) {
				mu.Lock()
				defer mu.Unlock()
				fmt.Fprintf(stderr, "%5.0fs %s: %s\n", time.Since(begun).Seconds(), t.name, fmt.Sprintf(format, args...))
			}
			came, err := t.run(ctx, program, filepath.Join(dir, t.name), say)
			mu.Lock()
			defer mu.Unlock()
			total = total.add(came)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			return nil
		})
	}
	err := group.Wait()
	return total, err
}

// run takes a fleet of its own through the course.
func (t trial) run(ctx context.Context, program, dir string, say func(string, ...any)) (came outcome, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return outcome{}, err
	}
	f, err := newFleet(ctx, program, dir, t.plan, t.connections, t.place)
	if err != nil {
		return outcome{}, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	f.say = say
	came, err = f.run(ctx, t.scenario)
	came.wrong = f.findings()
	return came, err
}
