package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"latchkey/internal/config"
	"latchkey/internal/store"
)

// pageSize is how many connections are read from the store at a time.
const pageSize = 500

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

// findConnection returns the connection that an operator names: by its id, else by its username, with
// or without @ and in any case. Two accounts can have one username here, when one gave it up and the
// other took it.
func findConnection(ctx context.Context, st store.Connections, named string) (store.Connection, error) {
	c, err := st.Connection(ctx, named)
	if !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	name := strings.ToLower(strings.TrimPrefix(named, "@"))
	var found []store.Connection
	near := ""
	for c, err := range allConnections(ctx, st) {
		if err != nil {
			return store.Connection{}, err
		}
		if near = config.Nearest(name, []string{near, strings.ToLower(c.Username)}); name != "" && strings.EqualFold(c.Username, name) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return store.Connection{}, fmt.Errorf("there is no connection %q%s; latchkey connections shows those there are", plain(named), didYouMean("@", near))
	}
	ids := make([]string, 0, len(found))
	for _, c := range found {
		ids = append(ids, c.ID)
	}
	return store.Connection{}, fmt.Errorf("%d connections have the username %q; name one of them by its id: %s", len(found), plain(named), strings.Join(ids, ", "))
}
