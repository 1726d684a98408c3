package web

import (
	"slices"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// scopeView is a permission in a person's words.
type scopeView struct {
	Title, Meaning string
	Granted        bool
}

// scopeWords say what a scope lets this service do (docs/instagram.md, Scopes).
var scopeWords = map[string]scopeView{
	instagram.ScopeBasic: {
		Title:   "See your profile",
		Meaning: "Your name, picture and kind of account, how many follow you, and your posts.",
	},
	instagram.ScopeInsights: {
		Title:   "See your numbers",
		Meaning: "How many people your profile and your posts reach, and what they do there.",
	},
	instagram.ScopeComments: {
		Title:   "Read and answer comments",
		Meaning: "See what people write under your posts, answer, hide and delete it.",
	},
	instagram.ScopePublish: {
		Title:   "Publish for you",
		Meaning: "Put posts on your profile.",
	},
	instagram.ScopeMessages: {
		Title:   "Read and answer messages",
		Meaning: "See the messages that people send you, and answer them.",
	},
}

// scopesOf lists what the owner granted, then what she was asked for and did not grant, and says
// whether there is any such. It is empty when Instagram did not say what she granted.
func scopesOf(c store.Connection) (all []scopeView, refused bool) {
	if c.Scopes == nil {
		return nil, false
	}
	for _, name := range c.Scopes {
		all = append(all, scopeOf(name, true))
	}
	for _, name := range c.ScopesAsked {
		if !slices.Contains(c.Scopes, name) {
			all = append(all, scopeOf(name, false))
			refused = true
		}
	}
	return all, refused
}

func scopeOf(name string, granted bool) scopeView {
	v, ok := scopeWords[name]
	if !ok {
		v = scopeView{Title: name, Meaning: "This page does not know what this permission means."}
	}
	v.Granted = granted
	return v
}
