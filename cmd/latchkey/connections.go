package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"latchkey/api"
	"latchkey/internal/config"
	"latchkey/internal/httpapi"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// pageSize is how many connections are read from the store at a time.
const pageSize = 500

// eventsShown is how much of a history is shown.
const eventsShown = 200

func connectionsCommand(e env) *cli.Command {
	asJSON := &cli.BoolFlag{Name: "json", Usage: "print JSON"}
	list := withStore(e, func(ctx context.Context, cmd *cli.Command, st store.Store) error {
		return listConnections(ctx, e.stdout, st, cmd.Bool("json"))
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
				Name: "show", Usage: "show a connection and its history", ArgsUsage: "ID", ArgValidator: oneID,
				Action: withStore(e, func(ctx context.Context, cmd *cli.Command, st store.Store) error {
					return showConnection(ctx, e.stdout, st, cmd.Args().First(), cmd.Bool("json"))
				}),
			},
			refreshCommand(e), linkCommand(e),
			{
				Name: "disconnect", Usage: "destroy a connection's token, keep its row", ArgsUsage: "ID", ArgValidator: oneID,
				Action: withVault(e, func(ctx context.Context, cmd *cli.Command, v *vault.Vault) error {
					id := cmd.Args().First()
					c, err := v.Disconnect(ctx, vault.CallerCommandLine, id)
					if err != nil {
						return unknown(id, err)
					}
					if cmd.Bool("json") {
						return printJSON(e.stdout, httpapi.Connection(c))
					}
					_, err = fmt.Fprintf(e.stdout, "disconnected %s; its token is destroyed\n", id)
					return err
				}),
			},
			{
				Name: "erase", Usage: "remove a connection with everything that is stored about it", ArgsUsage: "ID", ArgValidator: oneID,
				Action: withVault(e, func(ctx context.Context, cmd *cli.Command, v *vault.Vault) error {
					id := cmd.Args().First()
					if err := v.Erase(ctx, vault.CallerCommandLine, id); err != nil {
						return unknown(id, err)
					}
					if cmd.Bool("json") {
						return printJSON(e.stdout, map[string]string{"id": id})
					}
					_, err := fmt.Fprintf(e.stdout, "erased %s with everything that was stored about it\n", id)
					return err
				}),
			},
		},
	}
}

// unknown gives an id that is not there an error that says so plainly.
func unknown(id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no connection %q; latchkey connections list shows those there are", id)
	}
	return err
}

// allConnections reads every connection, a page at a time.
func allConnections(ctx context.Context, st store.Connections) iter.Seq2[store.Connection, error] {
	return func(yield func(store.Connection, error) bool) {
		for after := ""; ; {
			page, err := st.ListConnections(ctx, after, pageSize)
			if err != nil {
				yield(store.Connection{}, err)
				return
			}
			for _, c := range page {
				if !yield(c, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			after = page[len(page)-1].ID
		}
	}
}

func listConnections(ctx context.Context, out io.Writer, st store.Store, asJSON bool) error {
	if asJSON {
		list := []api.Connection{}
		for c, err := range allConnections(ctx, st) {
			if err != nil {
				return err
			}
			list = append(list, httpapi.Connection(c))
		}
		return printJSON(out, list)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tUSERNAME\tKIND\tSTATUS\tSAFE UNTIL\tNEXT CHECK\tREASON")
	for c, err := range allConnections(ctx, st) {
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			c.ID, plain(c.Username), plain(c.AccountType), c.Status, moment(c.TokenExpiresAt), moment(c.NextRefreshAt), reasonOf(c))
	}
	return table.Flush()
}

func showConnection(ctx context.Context, out io.Writer, st store.Store, id string, asJSON bool) error {
	c, err := st.Connection(ctx, id)
	if err != nil {
		return unknown(id, err)
	}
	events, err := st.Events(ctx, id, eventsShown)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(out, api.ConnectionWithEvents{Connection: httpapi.Connection(c), Events: httpapi.Events(events)})
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
		{"safe until", moment(c.TokenExpiresAt)},
		{"refreshed", moment(c.RefreshedAt)},
		{"next check", moment(c.NextRefreshAt)},
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

// reasonOf says why a connection is not as it should be: why its owner is needed, or what keeps its
// token from being refreshed. It is empty when all is well.
func reasonOf(c store.Connection) string {
	t := c.Trouble
	if c.StatusReason != "" || t.IsZero() {
		return c.StatusReason
	}
	return fmt.Sprintf("not refreshed since %s: %s %s, %d tries", moment(t.Since), t.Class, t.Cause, t.Tries)
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
