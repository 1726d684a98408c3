package owner

import (
	"slices"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// scopeView is a permission in a person's words (docs/instagram.md, Scopes).
type scopeView struct {
	Title, Meaning string
}

// scopesView is what an owner was asked for and what she granted.
type scopesView struct {
	// Unsaid means that Instagram did not say what she granted; then the others are empty.
	Unsaid bool
	// Refused is what she was asked for and did not grant.
	Granted, Refused []scopeView
}

func scopesOf(at page.Reader, c store.Connection) scopesView {
	if c.Scopes == nil {
		return scopesView{Unsaid: true}
	}
	var v scopesView
	for _, name := range c.Scopes {
		v.Granted = append(v.Granted, scopeOf(at, name))
	}
	for _, name := range c.ScopesAsked {
		if !slices.Contains(c.Scopes, name) {
			v.Refused = append(v.Refused, scopeOf(at, name))
		}
	}
	return v
}

func scopeOf(at page.Reader, name string) scopeView {
	if key := "scope." + name; at.Has(key + ".title") {
		return scopeView{Title: at.Text(key + ".title"), Meaning: at.Text(key + ".meaning")}
	}
	return scopeView{Title: name, Meaning: at.Text("scope.unknown")}
}
