package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// startWithin bounds the start of a server.
	startWithin = 30 * time.Second
	// stopWithin bounds its orderly end.
	stopWithin = 20 * time.Second
)

// replica is one server: a process that is started anew after each end, at the same addresses.
type replica struct {
	index   int
	program string
	dir     string
	environ []string
	line    *instagramProxy
	// base is its public URL, metrics the address of its metrics.
	base, metrics string
	// clockFile is what its TEST_CLOCK names, skew how far its clock is off Instagram's.
	clockFile string
	skew      time.Duration
	// ahead is how far it is off besides while it is set wrong.
	ahead time.Duration
	// due is the time that its last sweep has to reach to be idle. While its clock is wrong that is
	// Instagram's, by which it has to go.
	due time.Time
	// own is the time of its clock then, and set when that was on the machine's own clock.
	own, set time.Time

	// reserved hold its ports until its first start.
	reserved []net.Listener

	mu  sync.Mutex
	cmd *exec.Cmd
	// serves says that it listens and was not told to end.
	serves bool
	// ended is closed when the process has ended, and told says that it was told to.
	ended chan struct{}
	told  bool
}

// newReplica gives a server that is not started its addresses and settings.
func newReplica(index int, program, dir string, l *instagramProxy, instagram string, skew time.Duration, settings map[string]string) (*replica, error) {
	pages, addr, err := reserve()
	if err != nil {
		return nil, err
	}
	metrics, metricsAddr, err := reserve()
	if err != nil {
		pages.Close()
		return nil, err
	}
	r := &replica{
		index: index, program: program, dir: dir, line: l, skew: skew,
		base: "http://" + strings.Replace(addr, loopback, "localhost", 1), metrics: "http://" + metricsAddr + "/metrics",
		clockFile: filepath.Join(dir, fmt.Sprintf("clock-%d", index)),
		reserved:  []net.Listener{pages, metrics},
	}
	for name, value := range map[string]string{
		"ADDR": addr, "PUBLIC_URL": r.base, "METRICS_ADDR": metricsAddr, "TEST_CLOCK": r.clockFile,
		"INSTAGRAM_AUTHORIZE_URL": instagram + "/oauth/authorize",
		"INSTAGRAM_TOKEN_URL":     instagram + "/oauth/access_token",
		"INSTAGRAM_GRAPH_URL":     instagram,
		"LOGIN_RATE":              "0", "LOG_FORMAT": "json",
	} {
		r.environ = append(r.environ, "LATCHKEY_"+name+"="+value)
	}
	for name, value := range settings {
		r.environ = append(r.environ, "LATCHKEY_"+name+"="+value)
	}
	return r, nil
}

const (
	loopback = "127.0.0.1"
	// The ports of servers are below those that systems give to connections going out: while a
	// server is down for a moment, none of those may take its port.
	lowestPort, portCount = 20_000, 12_000
)

// reserve listens on a free port, so that nobody else takes it until it is needed.
func reserve() (l net.Listener, addr string, err error) {
	for range 100 {
		addr = net.JoinHostPort(loopback, strconv.Itoa(lowestPort+rand.IntN(portCount)))
		if l, err = net.Listen("tcp", addr); err == nil { //nolint:noctx // It is closed before the server starts.
			return l, addr, nil
		}
	}
	return nil, "", err
}

// release gives the ports to whoever wants them. No process may be started meanwhile, which would
// hold them for a moment longer.
func (r *replica) release() {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	for _, l := range r.reserved {
		l.Close()
	}
	r.reserved = nil
}

// logFile is where its stderr goes, over all its lives.
func (r *replica) logFile() string {
	return filepath.Join(r.dir, fmt.Sprintf("server-%d.log", r.index))
}

// start starts the process and returns when it listens.
func (r *replica) start(ctx context.Context) error {
	r.release()
	log, err := os.OpenFile(r.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(r.program, "serve") //nolint:noctx // It is ended by kill and stop alone.
	cmd.Env = r.environ
	stderr, err := cmd.StderrPipe()
	if err != nil {
		log.Close()
		return err
	}
	if err := cmd.Start(); err != nil {
		log.Close()
		return fmt.Errorf("start server %d: %w", r.index, err)
	}
	up, ended := make(chan struct{}), make(chan struct{})
	go func() {
		follow(stderr, log, func() { close(up) })
		log.Close()
		_ = cmd.Wait() // how it ended is seen in its log
		close(ended)
	}()
	r.mu.Lock()
	r.cmd, r.ended, r.told = cmd, ended, false
	r.mu.Unlock()

	late := time.NewTimer(startWithin)
	defer late.Stop()
	select {
	case <-up:
		r.mu.Lock()
		r.serves = true
		r.mu.Unlock()
		return nil
	case <-ended:
		return fmt.Errorf("server %d ended at its start; see %s", r.index, r.logFile())
	case <-late.C:
		r.kill()
		return fmt.Errorf("server %d does not listen within %v; see %s", r.index, startWithin, r.logFile())
	case <-ctx.Done():
		r.kill()
		return ctx.Err()
	}
}

// follow copies the log of a server and calls up when it says that it listens.
func follow(from io.Reader, to io.Writer, up func()) {
	lines := bufio.NewReader(from)
	for told := false; ; {
		line, err := lines.ReadString('\n')
		_, _ = io.WriteString(to, line) // without its log a run is still a run
		if !told && strings.Contains(line, `"msg":"listening"`) {
			told = true
			up()
		}
		if err != nil {
			return
		}
	}
}

// alive says whether the process runs.
func (r *replica) alive() bool {
	r.mu.Lock()
	ended := r.ended
	r.mu.Unlock()
	if ended == nil {
		return false
	}
	select {
	case <-ended:
		return false
	default:
		return true
	}
}

// answers says that a browser would be answered.
func (r *replica) answers() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.serves
}

// wasEnded says that a process which has ended was told to.
func (r *replica) wasEnded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.told
}

// kill ends the process as a power cut would, and returns when it is gone.
func (r *replica) kill() { r.end(syscall.SIGKILL, nil) }

// stop ends the process as an orderly system does.
func (r *replica) stop() error {
	late := time.NewTimer(stopWithin)
	defer late.Stop()
	if !r.end(syscall.SIGTERM, late.C) {
		r.kill()
		return fmt.Errorf("server %d did not stop within %v; see %s", r.index, stopWithin, r.logFile())
	}
	return nil
}

// end signals the process and waits for its end, or for late.
func (r *replica) end(how os.Signal, late <-chan time.Time) bool {
	r.mu.Lock()
	cmd, ended := r.cmd, r.ended
	r.told, r.serves = true, false
	r.mu.Unlock()
	if cmd == nil {
		return true
	}
	_ = cmd.Process.Signal(how) // it may have ended by itself
	select {
	case <-ended:
		return true
	case <-late:
		return false
	}
}

// dateSlack is what a Date leaves out.
const dateSlack = time.Second

// setClock writes the offset of the server's clock, as one whole: it is read at any moment.
func (r *replica) setClock(offset time.Duration) error {
	text := strconv.FormatFloat((offset + r.skew + r.ahead).Seconds(), 'f', 3, 64)
	r.set = time.Now() // before the server can see it
	r.due = r.set.Add(offset + r.skew)
	r.own = r.due.Add(r.ahead)
	if r.ahead != 0 {
		r.due = r.due.Add(-r.skew - dateSlack)
	}
	if err := os.WriteFile(r.clockFile+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(r.clockFile+".new", r.clockFile)
}
