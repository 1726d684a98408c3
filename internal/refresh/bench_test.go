package refresh_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/metrics"
	"latchkey/internal/refresh"
	"latchkey/internal/seal"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/usage"
	"latchkey/internal/vault"
)

// benchFleet is how many connections a sweep of the benchmark finds due.
const benchFleet = 2000

// simProcess, when set, makes this program the simulated Instagram of a benchmark, so that its work
// does not count as the keeper's.
const simProcess = "LATCHKEY_TEST_SIM_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(simProcess) != "" {
		serveSimulator()
		return
	}
	os.Exit(m.Run())
}

// serveSimulator prints its address and a token for each of the fleet, and serves until stdin ends.
func serveSimulator() {
	sim := igsim.New()
	server := httptest.NewServer(sim)
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, server.URL)
	client := instagram.Client{
		AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret), RedirectURL: sim.App().RedirectURIs[0],
		Endpoints: instagram.Endpoints{Authorize: server.URL + "/oauth/authorize", Token: server.URL + "/oauth/access_token", Graph: server.URL},
	}
	for i := range benchFleet {
		token, err := loggedIn(sim, client, fmt.Sprintf("fleet_%d", i))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Fprintln(out, token.Value.Reveal())
	}
	out.Flush()
	bufio.NewReader(os.Stdin).ReadString('\n')
}

func loggedIn(sim *igsim.Simulator, client instagram.Client, persona string) (instagram.Token, error) {
	if err := sim.SetPersona(igsim.Persona{ID: persona}); err != nil {
		return instagram.Token{}, err
	}
	callback, err := sim.Approve(client.AuthorizeURL("state", instagram.ScopeBasic), igsim.Decision{Persona: persona})
	if err != nil {
		return instagram.Token{}, err
	}
	u, err := url.Parse(callback)
	if err != nil {
		return instagram.Token{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	short, err := client.Exchange(ctx, instagram.NewSecret(u.Query().Get("code")))
	if err != nil {
		return instagram.Token{}, err
	}
	return client.Extend(ctx, short)
}

// BenchmarkSweep refreshes a fleet that is due. Its figure is how many refreshes one second of the
// keeper's own CPU makes, user and system, the database's part and the calls included.
func BenchmarkSweep(b *testing.B) {
	address, tokens := startSimulator(b)
	st, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "latchkey.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	if err := st.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	ring, err := seal.Generate()
	if err != nil {
		b.Fatal(err)
	}
	var ahead time.Duration
	now := func() time.Time { return time.Now().Add(ahead) }
	v := &vault.Vault{Keyring: ring, Store: st, Now: now}
	for i, token := range tokens {
		account := instagram.Account{ID: fmt.Sprintf("178414%011d", i), Username: fmt.Sprintf("fleet_%d", i), Type: "business"}
		t := instagram.Token{Value: instagram.NewSecret(token), IssuedAt: now(), ExpiresAt: now().Add(60 * day)}
		if _, err := v.Connect(b.Context(), account, t, nil); err != nil {
			b.Fatal(err)
		}
	}
	k := &refresh.Keeper{
		Instagram: &instagram.Client{Endpoints: instagram.Endpoints{Graph: address, Version: "v26.0"}, Now: now},
		Store:     st, Vault: v, Spill: &refresh.Spill{}, Usage: &usage.Meter{}, Metrics: metrics.New(),
		Holder: "a", Clock: &clock.Reference{Now: now}, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	}
	var spent time.Duration
	for b.Loop() {
		ahead += 8 * day
		jump(b, address, 8*day)
		before := cpu(b)
		if err := k.Sweep(b.Context()); err != nil {
			b.Fatal(err)
		}
		spent += cpu(b) - before
	}
	if left, err := st.ClaimDue(b.Context(), "b", now(), time.Minute, 1); err != nil || len(left) != 0 {
		b.Fatalf("%v is still due, %v", left, err)
	}
	b.ReportMetric(float64(b.N*benchFleet)/spent.Seconds(), "refreshes/cpu-s")
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N*benchFleet), "cpu-µs/refresh")
}

func startSimulator(b *testing.B) (address string, tokens []string) {
	b.Helper()
	child := exec.CommandContext(b.Context(), os.Args[0])
	child.Env = append(os.Environ(), simProcess+"=1")
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); child.Wait() })
	lines := bufio.NewScanner(out)
	for len(tokens) < benchFleet && lines.Scan() {
		if address == "" {
			address = lines.Text()
			continue
		}
		tokens = append(tokens, lines.Text())
	}
	if len(tokens) != benchFleet {
		b.Fatalf("%d tokens from the simulator, %v", len(tokens), lines.Err())
	}
	return address, tokens
}

func jump(b *testing.B, address string, d time.Duration) {
	b.Helper()
	body := fmt.Sprintf(`{"advance_seconds": %d}`, int(d.Seconds()))
	res, err := http.Post(address+"/_sim/clock", "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b.Fatalf("the simulator's clock answers %s", res.Status)
	}
}

// cpu is what this process has spent.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
