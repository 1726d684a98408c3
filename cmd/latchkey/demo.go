package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"latchkey/igsim"
	"latchkey/igsim/smtpd"
	"latchkey/internal/config"
)

func demoCommand(e env) *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "run the server and a simulated Instagram, with nothing to set up",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "localhost:3000", Usage: "where Latchkey listens"},
			&cli.StringFlag{Name: "sim-addr", Value: "127.0.0.1:3001", Usage: "where the simulated Instagram listens"},
			&cli.StringFlag{Name: "data", Usage: "a folder that keeps the demo's data (default: a temporary one, removed at the end)"},
		},
		ArgValidator: noArguments,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			return demo(ctx, e, cmd.String("addr"), cmd.String("sim-addr"), cmd.String("data"))
		},
	}
}

// demoStep is the longest step in which a jump in time runs, so that what falls due in it is done
// about when it is due.
const demoStep = 6 * time.Hour

// demo runs Latchkey and the simulator on one clock, the simulator's, until ctx ends.
func demo(ctx context.Context, e env, addr, simAddr, data string) (err error) {
	l, err := listen(ctx, addr, "--addr")
	if err != nil {
		return err
	}
	defer l.Close()
	simListener, err := listen(ctx, simAddr, "--sim-addr")
	if err != nil {
		return err
	}
	defer simListener.Close()
	mailListener, err := listen(ctx, "127.0.0.1:0", "mail")
	if err != nil {
		return err
	}
	defer mailListener.Close()

	kept := data != ""
	if !kept {
		if data, err = os.MkdirTemp("", "latchkey-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}

	if data, err = filepath.Abs(data); err != nil {
		return fmt.Errorf("--data: %w", err)
	}

	release, err := takeFolder(data, "http://localhost:"+port(l))
	if err != nil {
		return err
	}
	defer release()

	sim := igsim.New()
	hand := clockHand{sim: sim, path: filepath.Join(data, "clock")}
	if err := hand.resume(); err != nil {
		return err
	}
	known := simFile{sim: sim, path: filepath.Join(data, "instagram.json")}
	if err := known.resume(); err != nil {
		return err
	}
	c, err := demoConfig(l, simListener, mailListener, data, hand.path)
	if err != nil {
		return err
	}
	s, err := start(ctx, e, c, sim.Now)
	if err != nil {
		return err
	}
	ctx, stop := untilStopped(ctx)
	defer s.close(stop)
	sim.InSteps(demoStep, func() {
		hand.save(s.log)
		known.save(s.log)
		if err := s.lookAround(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("not everything could be done at this step in time", "error", err)
		}
	})
	sim.SetApp(igsim.App{
		ID: igsim.AppID, Secret: igsim.AppSecret, Name: "Latchkey demo",
		RedirectURIs: []string{c.PublicURL.String() + "/auth"},
	})
	fmt.Fprintf(e.stdout, demoText, c.PublicURL, c.InstagramGraphURL, c.OperatorEmail, shellWord(settingsIn(data)), dataText(data, kept), typed(e))

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveSimulator(ctx, known.after(hand.after(sim, s.log), s.log), simListener) })
	group.Go(func() error { return smtpd.Serve(ctx, mailListener, known.mailbox(s.log)) })
	group.Go(func() error { return s.run(ctx, stop, l) })
	return group.Wait()
}

const demoText = `Latchkey              %s
Simulated Instagram   %s
Its mail box          %[2]s/_sim/mailbox

What to try:
  1. Open the first address and press the button. You land on a simulated
     consent page: pick an account, allow, and you are back, connected.
  2. Log in again and untick a permission, cancel, or pick the personal account.
  3. Open the second address and move time by a month, twice: the connection
     stays safe, because its token is refreshed every week.
  4. Connect forgetful_fern, who changes her password after 30 days. On "Your
     connection", leave any mail address: nothing leaves this machine, and the
     mail that asks to confirm it lands in the mail box.
  5. Move time by a month, then by two weeks: her page says that she is needed,
     and why, and so does a mail, with a link to log in again.
  6. Under "Ways of answering", deactivate the app, and move time by two weeks:
     the operator, %[3]s, has mail.
  7. In another terminal, look at it as whoever runs the server does:
     %[6]s connections --config %[4]s

%[5]s
Ctrl-C ends the demo.

`

// typed is how this program is called from a shell: by its name where that finds it, else by its path.
func typed(e env) string {
	path, err := os.Executable()
	if err != nil {
		return "latchkey"
	}
	for _, folder := range filepath.SplitList(e.variable("PATH")) {
		if found, err := os.Stat(filepath.Join(folder, "latchkey")); err == nil {
			if mine, err := os.Stat(path); err == nil && os.SameFile(found, mine) {
				return "latchkey"
			}
			break
		}
	}
	return shellWord(path)
}

// shellWord is a text as one word of a shell's, whatever is in it.
func shellWord(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func dataText(data string, kept bool) string {
	if kept {
		return "The data is in " + data + " and stays there."
	}
	return "The data is in a temporary folder and goes with the demo; --data DIR keeps it."
}

// settingsIn is the settings file of a demo with its data in that folder.
func settingsIn(data string) string { return filepath.Join(data, "latchkey.toml") }

// demoSettings is a settings file for a server beside the simulator, and for commands beside both. The
// secret is the simulator's and guards nothing.
const demoSettings = `# Written by latchkey demo at each start, for the demo itself and for commands beside it:
#   latchkey connections --config THIS-FILE
addr = "localhost:%[8]s"
public_url = %[1]q
store = %[2]q
test_clock = %[3]q
instagram_app_id = %[4]q
instagram_app_secret = %[5]q
instagram_authorize_url = "%[6]s/oauth/authorize"
instagram_token_url = "%[6]s/oauth/access_token"
instagram_graph_url = "%[6]s"
smtp_url = "smtp://%[7]s"
mail_from = "Latchkey demo <latchkey@example.com>"
operator_email = "operator@example.com"
`

// demoConfig writes the settings of a server beside the simulator, and reads them.
func demoConfig(l, sim, mail net.Listener, data, clock string) (config.Config, error) {
	// The name, not the number: a cookie for localhost must be none of the simulator's.
	text := fmt.Sprintf(demoSettings, "http://localhost:"+port(l), "sqlite:"+filepath.Join(data, "latchkey.db"), clock,
		igsim.AppID, igsim.AppSecret, "http://"+sim.Addr().String(), mail.Addr(), port(l))
	if err := os.WriteFile(settingsIn(data), []byte(text), 0o600); err != nil {
		return config.Config{}, fmt.Errorf("--data: %w", err)
	}
	return config.Load(config.Sources{File: settingsIn(data)}, config.ForServe()...)
}

// port is the port that a listener got.
func port(l net.Listener) string {
	_, p, _ := net.SplitHostPort(l.Addr().String()) // a TCP listener's address has one
	return p
}

// listen listens on a TCP address; an error names the setting to change.
func listen(ctx context.Context, addr, setting string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; name an address of this machine with a port that is free, as host:port", setting, err)
	}
	return l, nil
}

// serveSimulator serves the simulator until ctx ends.
func serveSimulator(ctx context.Context, sim http.Handler, l net.Listener) error {
	h := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { h.Close() })
	defer stop()
	if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the simulator: %w", err)
	}
	return nil
}
