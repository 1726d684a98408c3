package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/internal/store/mongo/mongotest"
)

// program is the built latchkey, made once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "latchkey-soak-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "latchkey")
	return path, build(context.Background(), path)
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := program(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// endure takes a fleet through a course, which has to keep every promise.
func endure(t *testing.T, c scenario, where place) outcome {
	t.Helper()
	path, err := program()
	must(t, err)
	var log bytes.Buffer
	say := func(format string, args ...any) { fmt.Fprintf(&log, format+"\n", args...) }
	came, err := trial{scenario: c, place: where}.run(t.Context(), path, t.TempDir(), say)
	if err != nil || !came.good() || t.Failed() {
		t.Errorf("%v\n%v\n%s\n%s", err, came, strings.Join(came.wrong, "\n"), log.String())
	}
	return came
}

// short is a soak of a few seconds.
func short(connections int) scenario {
	c := soakScenario(connections, 8, 2, 1)
	c.cuts = 1

	return c
}

func TestSoak(t *testing.T) {
	t.Parallel()
	came := endure(t, short(40), place{})
	if came.kills < 5 || came.faults == 0 || came.refreshes < 40 || came.days != 8 || came.connections != 40 {
		t.Errorf("it was no soak: %v", came)
	}
}

// TestSoakOnMongo is the same over the wire.
func TestSoakOnMongo(t *testing.T) {
	t.Parallel()
	c := short(28)
	c.days = 4
	if came := endure(t, c, place{mongotest.URI(t)}); came.kills == 0 || came.refreshes < 8 {
		t.Errorf("it was no soak: %v", came)
	}
}

// TestTheOracleSees takes a fleet through a course whose damage cannot be made good, and asks whether
// that is seen: an oracle that says yes to everything would pass all other tests.
func TestTheOracleSees(t *testing.T) {
	t.Parallel()
	path, err := program()
	must(t, err)
	f, err := newFleet(t.Context(), path, t.TempDir(), plan{}, 3, place{})
	must(t, err)
	defer f.close()
	f.say = func(string, ...any) {}
	for i, o := range f.world.owners {
		must(t, f.login(t.Context(), o, f.replicas[i%2]))
	}
	must(t, f.identify(t.Context()))
	// Instagram ends a permission behind the back of the oracle, as a server would that threw the
	// token away.
	must(t, f.world.sim.ChangePassword(f.world.owners[1].persona))
	came := outcome{runway: longest}
	must(t, f.inspect(t.Context(), &came))
	if came.lost != 1 || came.good() || len(f.findings()) != 1 || !strings.Contains(f.findings()[0], f.world.owners[1].persona) {
		t.Errorf("lost %d, findings %v", came.lost, f.findings())
	}
	must(t, f.inspect(t.Context(), &came))
	if len(f.findings()) != 1 {
		t.Errorf("named again: %v", f.findings())
	}
	must(t, f.replicas[0].cmd.Process.Kill()) // as a server ends that panics
	<-f.replicas[0].ended
	must(t, f.step(t.Context(), time.Hour))
	if len(f.findings()) != 2 || !strings.Contains(f.findings()[1], "ended by itself") {
		t.Errorf("a server ended: %v", f.findings())
	}
}

func TestKillsAreShared(t *testing.T) {
	t.Parallel()
	for kills, want := range map[int]int{1: 1, 99: 1, 100: 2, 203: 4, 1000: 4} {
		sum := 0
		trials := order{kills: kills}.killTrials()
		for _, tr := range trials {
			sum += tr.kills
		}
		if sum != kills || len(trials) != want {
			t.Errorf("%d kills: %d fleets with %d", kills, len(trials), sum)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-days 0", "-connections 0", "-kills -1", "-mongo -1", "now", "-colour red"} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), strings.Fields(args), &stdout, &stderr); status != 2 || stdout.Len() > 0 || stderr.Len() == 0 {
			t.Errorf("soak %s: status %d, %q, %q", args, status, stdout.String(), stderr.String())
		}
	}
}

// TestKills runs the command itself: the last line is for programs.
func TestKills(t *testing.T) {
	t.Parallel()
	path, err := program()
	must(t, err)
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"-kills", "6", "-latchkey", path}, &stdout, &stderr)
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	var last map[string]float64
	err = json.Unmarshal([]byte(lines[len(lines)-1]), &last)
	if err != nil || status != 0 || len(last) != 9 || last["kills"] < 6 || last["lost"] != 0 || last["faults"] != 0 {
		t.Errorf("status %d, %v, stdout:\n%s\nstderr:\n%s", status, err, stdout.String(), stderr.String())
	}
}
