package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"latchkey/igsim"
	"latchkey/igsim/smtpd"
	"latchkey/internal/clock"
	"latchkey/internal/config"
)

func simulateCommand(e env) *cli.Command {
	return &cli.Command{
		Name:  "simulate",
		Usage: "run a simulated Instagram for a server, an app or a test beside it",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:3001", Usage: "where the simulated Instagram listens"},
			&cli.StringFlag{Name: "mail-addr", Value: "127.0.0.1:3002", Usage: "where it takes mail by SMTP, for its mail box"},
			&cli.StringFlag{Name: "app-id", Value: igsim.AppID, Usage: "the Instagram app ID of the registered app"},
			&cli.StringFlag{Name: "app-secret", Value: igsim.AppSecret, Usage: "its Instagram app secret"},
			&cli.StringFlag{Name: "app-name", Value: "Latchkey", Usage: "the name that the consent page shows"},
			&cli.StringSliceFlag{Name: "redirect-uri", Value: []string{"http://localhost:3000/auth"}, Usage: "an OAuth redirect URI of the app; may be repeated"},
		},
		ArgValidator: noArguments,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			c, err := load(e, cmd, config.TestClock)
			if err != nil {
				return err
			}
			l, err := listen(ctx, cmd.String("addr"), "--addr")
			if err != nil {
				return err
			}
			defer l.Close()
			mailListener, err := listen(ctx, cmd.String("mail-addr"), "--mail-addr")
			if err != nil {
				return err
			}
			defer mailListener.Close()
			sim := igsim.New()
			sim.Follow(clock.FromFile(c.TestClock))
			sim.SetApp(igsim.App{
				ID: cmd.String("app-id"), Secret: cmd.String("app-secret"),
				Name: cmd.String("app-name"), RedirectURIs: cmd.StringSlice("redirect-uri"),
			})
			base := "http://" + l.Addr().String()
			fmt.Fprintf(e.stdout, simulateText, base, cmd.String("app-id"), cmd.String("app-secret"), mailListener.Addr())
			group, ctx := errgroup.WithContext(ctx)
			group.Go(func() error { return serveSimulator(ctx, sim, l) })
			group.Go(func() error { return smtpd.Serve(ctx, mailListener, sim) })
			return group.Wait()
		},
	}
}

// simulateText shows the simulated app's secret, which guards nothing.
const simulateText = `Simulated Instagram   %s
Its mail box          %[1]s/_sim/mailbox

A server beside it needs:
  LATCHKEY_INSTAGRAM_APP_ID=%[2]s
  LATCHKEY_INSTAGRAM_APP_SECRET=%[3]s
  LATCHKEY_INSTAGRAM_AUTHORIZE_URL=%[1]s/oauth/authorize
  LATCHKEY_INSTAGRAM_TOKEN_URL=%[1]s/oauth/access_token
  LATCHKEY_INSTAGRAM_GRAPH_URL=%[1]s

To send its mail into the mail box, whoever that is to:
  LATCHKEY_SMTP_URL=smtp://%[4]s
  LATCHKEY_MAIL_FROM=latchkey@example.com
  LATCHKEY_OPERATOR_EMAIL=operator@example.com

Ctrl-C ends it.

`
