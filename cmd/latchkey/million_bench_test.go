package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"latchkey/igsim"
)

// fill stores a million connections of which none is due, each with a token's worth of bytes and two
// events.
const fill = `
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
	INSERT INTO connections (id, app_scoped_id, username, name, account_type, picture_url, scopes, status, status_reason,
		connected_at, token_issued_at, token_expires_at, refreshed_at, tried_at, next_refresh_at, notice_at, version, sealed_token)
	SELECT printf('1784140%010d', i), printf('24%015d', i), 'owner_' || i, 'Owner ' || i, 'business',
		'https://scontent.cdninstagram.com/v/t51.2885-19/' || i || '.jpg', '["instagram_business_basic"]', 'active', '',
		?1, ?1, ?1 + 5184000000, ?1, ?1 - i * 600, ?1 + 86400000 + i * 600, ?1 + 3974400000, 9, randomblob(230)
	FROM n;
	INSERT INTO events (connection_id, at, kind, caller, message)
	SELECT id, refreshed_at - k.i, 'refreshed', 'refresh', 'Safe until 22 January 2027.'
	FROM connections, (SELECT 0 AS i UNION ALL SELECT 604800000) AS k;`

// BenchmarkMillion starts a server on a file with a million connections, lets it sweep and be scraped,
// and reports the most memory that it had, and how long its first answer took.
func BenchmarkMillion(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "latchkey")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	store := filepath.Join(dir, "latchkey.db")
	addr, scrapes := freeAddr(b), freeAddr(b)
	serve := func() *exec.Cmd {
		c := exec.CommandContext(b.Context(), program, "serve")
		c.Env = append(os.Environ(), "LATCHKEY_STORE=sqlite:"+store, "LATCHKEY_ADDR="+addr, "LATCHKEY_METRICS_ADDR="+scrapes,
			"LATCHKEY_INSTAGRAM_APP_ID="+igsim.AppID, "LATCHKEY_INSTAGRAM_APP_SECRET="+igsim.AppSecret, "LATCHKEY_LOG_FORMAT=json",
			"LATCHKEY_INSTAGRAM_GRAPH_URL=http://127.0.0.1:1")
		if err := c.Start(); err != nil {
			b.Fatal(err)
		}
		return c
	}
	stop := func(c *exec.Cmd) {
		if err := c.Process.Signal(os.Interrupt); err != nil {
			b.Fatal(err)
		}
		if err := c.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	first := serve() // makes the tables and the keyring
	answers(b, "http://"+addr+"/readyz")
	stop(first)
	db, err := sql.Open("sqlite", store)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.ExecContext(b.Context(), fill, time.Now().UnixMilli()); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	var peak int
	var start time.Duration
	for b.Loop() {
		begun := time.Now()
		c := serve()
		answers(b, "http://"+addr+"/readyz")
		start += time.Since(begun)
		for !bytes.Contains(answers(b, "http://"+scrapes+"/metrics"), []byte(`latchkey_connections{status="active"} 1e+06`)) {
		}
		peak = max(peak, peakKiB(b, c.Process.Pid))
		stop(c)
	}
	b.ReportMetric(float64(peak)/1024, "peak-MiB")
	b.ReportMetric(float64(start.Milliseconds())/float64(b.N), "ms-to-answer")
}

// answers asks until there is an answer of status 200.
func answers(b *testing.B, address string) []byte {
	b.Helper()
	for {
		res, err := http.Get(address)
		if err != nil {
			continue
		}
		var body bytes.Buffer
		_, err = body.ReadFrom(res.Body)
		res.Body.Close()
		if err == nil && res.StatusCode == http.StatusOK {
			return body.Bytes()
		}
	}
}

// peakKiB is the most memory that a process had resident.
func peakKiB(b *testing.B, pid int) int {
	b.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("elsewhere: the memory of a process is read from /proc")
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatal("no peak in /proc")
	return 0
}
