package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"latchkey/api"
	"latchkey/internal/config"
	"latchkey/internal/httpapi"
	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// eventsShown is how much of a history is shown.
const eventsShown = 200

// newestEvent is the newest event of a kind in the history of a connection; zero where what is shown of it has none.
func newestEvent(ctx context.Context, st store.Events, id string, kind store.EventKind) (store.Event, error) {
	events, err := st.Events(ctx, id, eventsShown)
	if i := slices.IndexFunc(events, func(e store.Event) bool { return e.Kind == kind }); i >= 0 {
		return events[i], nil
	}
	return store.Event{}, err
}

func connectionsCommand(e env) *cli.Command {
	asJSON := &cli.BoolFlag{Name: "json", Usage: "print JSON"}
	list := withOpened(e, config.StoreAlone(), func(ctx context.Context, cmd *cli.Command, o opened) error {
		if cmd.Bool("json") {
			return listJSON(ctx, e.stdout, o.store)
		}
		return listConnections(ctx, e.stdout, o.store, o.now())
	})
	return &cli.Command{
		Name:   "connections",
		Usage:  "list, show, refresh and end connections",
		Flags:  append(settingFlags(config.StoreAlone()...), asJSON),
		Action: onlyAlone(list),
		Commands: []*cli.Command{
			{
				Name: "list", Usage: "list all connections", ArgValidator: noArguments,
				Action: list,
			},
			{
				Name: "show", Usage: "show a connection and its history",
				ArgsUsage: connectionArgument, ArgValidator: oneConnection,
				Action: withOpened(e, config.StoreAlone(), func(ctx context.Context, cmd *cli.Command, o opened) error {
					return showConnection(ctx, e.stdout, o, cmd.Args().First(), cmd.Bool("json"))
				}),
			},
			refreshCommand(e), linkCommand(e), disconnectCommand(e), eraseCommand(e),
		},
	}
}

// called names a connection to the operator.
func called(c store.Connection) string {
	if c.Username == "" {
		return c.ID
	}
	return fmt.Sprintf("@%s (%s)", plain(c.Username), c.ID)
}

func listJSON(ctx context.Context, out io.Writer, st store.Store) error {
	list := []api.Connection{}
	for c, err := range allConnections(ctx, st) {
		if err != nil {
			return err
		}
		list = append(list, httpapi.Connection(c))
	}
	return printJSON(out, list)
}

func listConnections(ctx context.Context, out io.Writer, st store.Store, now time.Time) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	none := true
	for c, err := range allConnections(ctx, st) {
		if err != nil {
			return err
		}
		if none {
			fmt.Fprintln(table, "ID\tUSERNAME\tKIND\tSTATUS\tSAFE UNTIL\tLEFT\tNEXT CHECK\tREASON")
			none = false
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			c.ID, plain(c.Username), plain(c.AccountType), c.Status, safeUntil(c), left(c, now), moment(c.NextRefreshAt), reasonOf(c))
	}
	if none {
		fmt.Fprintln(table, "no connections yet; each begins with an owner's login on the server's page")
	}
	return table.Flush()
}

// safeUntil is when an active connection ends unless it is refreshed. A token that Instagram refuses is
// good for nothing, however long it was to live.
func safeUntil(c store.Connection) string {
	if c.Status != store.StatusActive {
		return "-"
	}
	return moment(c.TokenExpiresAt)
}

// left is how long an active connection lives unless it is refreshed.
func left(c store.Connection, now time.Time) string {
	if c.Status != store.StatusActive || c.TokenExpiresAt.IsZero() {
		return "-"
	}
	return counted(c.DaysLeft(now), "day")
}

func showConnection(ctx context.Context, out io.Writer, o opened, named string, asJSON bool) error {
	c, err := findConnection(ctx, o.store, named)
	if err != nil {
		return err
	}
	events, err := o.store.Events(ctx, c.ID, eventsShown)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(out, api.ConnectionWithEvents{Connection: httpapi.Connection(c), Events: httpapi.Events(events)})
	}
	mailTo, err := mailOf(ctx, o.store, c.ID)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"id", c.ID},
		{"app-scoped id", c.AppScopedID},
		{"username", plain(c.Username)},
		{"name", plain(c.Name)},
		{"kind", plain(c.AccountType)},
		{"followers", count(c.Followers)},
		{"follows", count(c.Follows)},
		{"posts", count(c.Media)},
		{"asked for", list(c.ScopesAsked)},
		{"granted", list(c.Scopes)},
		{"status", string(c.Status)},
		{"reason", reasonOf(c)},
		{"connected", moment(c.ConnectedAt)},
		{"token issued", moment(c.TokenIssuedAt)},
		{"safe until", safeUntil(c)},
		{"left", left(c, o.now())},
		{"refreshed", moment(c.RefreshedAt)},
		{"next check", moment(c.NextRefreshAt)},
		{"mail", mailTo},
		{"version", fmt.Sprint(c.Version)},
	} {
		fmt.Fprintf(table, "%s\t%s\n", row[0], cmp.Or(row[1], "-"))
	}
	fmt.Fprintln(table, "\nWHEN\tWHAT\tWHO\tNOTE")
	for _, e := range events {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", moment(e.At), e.Kind, e.Caller, e.Message)
	}
	return table.Flush()
}

// mailOf says whether the owner of a connection is reached by mail, without the address: that is in the database
// for those who need it.
func mailOf(ctx context.Context, st store.Store, id string) (string, error) {
	contact, err := notice.FindContact(ctx, st, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "no address given", nil
	case err != nil:
		return "", err
	case contact.ConfirmedAt.IsZero():
		return "asked on " + moment(contact.AskedAt) + ", not confirmed", nil
	default:
		return "confirmed on " + moment(contact.ConfirmedAt), nil
	}
}

// reasonOf says why a connection is not as it should be: why its owner is needed, or what keeps its
// token from being refreshed. It is empty when all is well.
func reasonOf(c store.Connection) string {
	t := c.Failure
	if c.StatusReason != "" || t.IsZero() {
		return c.StatusReason
	}
	tries := "1 try"
	if t.Tries != 1 {
		tries = fmt.Sprintf("%d tries", t.Tries)
	}
	return fmt.Sprintf("not refreshed since %s: %s %s, %s", moment(t.Since), t.Class, t.Cause, tries)
}

func printJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// moment is a time for a person at a terminal.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

func count(n *int64) string {
	if n == nil {
		return "unknown"
	}
	return fmt.Sprint(*n)
}
