package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"latchkey/igsim"
)

// instagramProxy is Instagram as one server reaches it.
type instagramProxy struct {
	world   *world
	replica int
	// answering is called with each good answer to a refresh, and delivers it or does not.
	answering func(replica int, o *owner, deliver func()) (delivered bool)
	// busy counts the calls under way, open the connections.
	busy, open atomic.Int64
	listener   net.Listener
	server     *http.Server
	// served is closed when nobody listens any more.
	served chan struct{}
}

func (l *instagramProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.busy.Add(1)
	defer l.busy.Add(-1)
	a := &answer{w: w, header: http.Header{}}
	c, known := l.ask(a, r)
	if !known {
		l.world.sim.ServeHTTP(w, r)
		return
	}
	l.finish(a, c)
}

// ask gets the answer to a call for an owner's token; false when it is another call.
func (l *instagramProxy) ask(a *answer, r *http.Request) (call, bool) {
	e := endpointOf(r)
	if e == igsim.OtherEndpoint {
		return call{}, false
	}
	l.world.asking.Lock()
	defer l.world.asking.Unlock()
	c, known := l.world.begin(e, tokenOf(r))
	if !known {
		return call{}, false
	}
	if err := l.world.sim.SetSwitches(c.mode.switches()); err != nil {
		panic(err) // mode.go has switches that igsim does not know
	}
	if c.strikes {
		l.spoil(a, r, e, c.fault)
	} else {
		l.world.sim.ServeHTTP(a, r)
	}
	return c, true
}

// endpointOf tells the two calls that the run is about from all others.
func endpointOf(r *http.Request) igsim.Endpoint {
	switch path.Base(r.URL.Path) {
	case "refresh_access_token":
		return igsim.Refresh
	case "me":
		return igsim.Me
	default:
		return igsim.OtherEndpoint
	}
}

func tokenOf(r *http.Request) string {
	if token := r.URL.Query().Get("access_token"); token != "" {
		return token
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

// spoil gives the call its fault.
func (l *instagramProxy) spoil(a *answer, r *http.Request, e igsim.Endpoint, f fault) {
	switch {
	case f.blank && !f.AfterWork:
		a.Header().Set("Date", l.world.sim.Now().UTC().Format(http.TimeFormat))
		a.rewrite(map[string]any{"access_token": "", "token_type": "bearer", "expires_in": 5183944})
	case f.blank:
		l.world.sim.ServeHTTP(a, r)
		a.change("access_token", "")
	case f.lifeless:
		l.world.sim.ServeHTTP(a, r)
		a.change("expires_in", nil)
	default:
		if err := l.world.sim.FailNext(e, 1, f.Fault); err != nil {
			panic(err) // faults.go has a fault that igsim does not know
		}
		l.world.sim.ServeHTTP(a, r)
	}
}

// finish delivers the answer, by way of answering if it is one that has to be written.
func (l *instagramProxy) finish(a *answer, c call) {
	good := a.status == http.StatusOK && (!c.strikes || c.fault.lifeless)
	if !good || c.endpoint != igsim.Refresh {
		l.world.told(c, l.replica, good, a.String())
		a.deliver()
		return
	}
	issued, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		panic(err) // igsim dates every answer
	}
	l.world.renewed(c, l.replica, issued)
	if !l.answering(l.replica, c.owner, a.deliver) {
		panic(http.ErrAbortHandler) // who asked is no more
	}
}

// answer keeps what the simulator says until it is time to send it. It is sent in one piece.
type answer struct {
	w         http.ResponseWriter
	header    http.Header
	status    int
	body      bytes.Buffer
	hijacked  bool
	delivered bool
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// Hijack lets the simulator cut the connection.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.hijacked = true
	return http.NewResponseController(a.w).Hijack()
}

// rewrite replaces the answer by a good one.
func (a *answer) rewrite(members map[string]any) {
	body, err := json.Marshal(members)
	if err != nil {
		panic(err) // only texts and numbers come here
	}
	a.header.Set("Content-Type", "application/json; charset=UTF-8")
	a.status = http.StatusOK
	a.body.Reset()
	a.body.Write(body)
}

// change replaces one member of a good answer, or with nil removes it. An error stays as it is.
func (a *answer) change(member string, to any) {
	var members map[string]any
	if a.status != http.StatusOK || json.Unmarshal(a.body.Bytes(), &members) != nil {
		return
	}
	if members[member] = to; to == nil {
		delete(members, member)
	}
	a.rewrite(members)
}

// String is what the server sees of the answer, without any text or token.
func (a *answer) String() string {
	if a.hijacked {
		return "a connection that was cut"
	}
	var body struct {
		Token *string `json:"access_token"`
		Error struct {
			Code    int `json:"code"`
			Subcode int `json:"error_subcode"`
		} `json:"error"`
	}
	err := json.Unmarshal(a.body.Bytes(), &body)
	switch {
	case err != nil:
		return fmt.Sprintf("status %d, %d bytes that are no JSON", a.status, a.body.Len())
	case body.Error.Code != 0:
		return fmt.Sprintf("status %d, code %d/%d", a.status, body.Error.Code, body.Error.Subcode)
	case body.Token != nil && *body.Token == "":
		return fmt.Sprintf("status %d, an empty token", a.status)
	}
	return fmt.Sprintf("status %d", a.status)
}

func (a *answer) deliver() {
	if a.hijacked || a.delivered {
		return
	}
	a.delivered = true
	for name, values := range a.header {
		a.w.Header()[name] = values
	}
	a.w.WriteHeader(a.status)
	a.w.Write(a.body.Bytes())
	_ = http.NewResponseController(a.w).Flush() // who asked may be gone, which is its own affair
}

// serve serves the line on a loopback address until it is closed.
func (l *instagramProxy) serve(listener net.Listener) {
	l.listener = listener
	l.server = &http.Server{Handler: l, ReadHeaderTimeout: 10 * time.Second, ConnState: l.count}
	l.served = make(chan struct{})
	go func(served chan struct{}) {
		_ = l.server.Serve(listener) // it ends when it is closed
		close(served)
	}(l.served)
}

func (l *instagramProxy) count(_ net.Conn, s http.ConnState) {
	switch s {
	case http.StateNew:
		l.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		l.open.Add(-1)
	case http.StateActive, http.StateIdle:
	}
}

// hangUp ends the line of a server that was killed, and opens it anew: what that server had sent
// before it died and nobody has read yet must not pass for the next one's.
func (l *instagramProxy) hangUp(ctx context.Context) error {
	address := l.listener.Addr().String()
	l.close()
	for l.open.Load() > 0 || l.busy.Load() > 0 {
		if err := pause(ctx, time.Millisecond); err != nil {
			return context.Cause(ctx)
		}
	}
	listener, err := listenAgain(ctx, address)
	if err != nil {
		return err
	}
	l.serve(listener)
	return nil
}

// listenWithin is for how long it is tried to open a port again.
const listenWithin = 10 * time.Second

// listenAgain opens a port that was closed just now. A process that is being started at that moment
// holds all that was open at its beginning, until it has become another program.
func listenAgain(ctx context.Context, address string) (net.Listener, error) {
	deadline := time.Now().Add(listenWithin)
	for {
		l, err := net.Listen("tcp", address) //nolint:noctx // It is closed with the fleet.
		if err == nil || time.Now().After(deadline) {
			return l, err
		}
		if pause(ctx, glance) != nil {
			return nil, context.Cause(ctx)
		}
	}
}

// close ends the line. The server may not have begun to listen, so the listener is closed besides.
func (l *instagramProxy) close() {
	_ = errors.Join(l.server.Close(), l.listener.Close())
	<-l.served
}
