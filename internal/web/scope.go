package web

import (
	"slices"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// scopeView is a permission in a person's words.
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

func scopesOf(c store.Connection) scopesView {
	if c.Scopes == nil {
		return scopesView{Unsaid: true}
	}
	var v scopesView
	for _, name := range c.Scopes {
		v.Granted = append(v.Granted, scopeOf(name))
	}
	for _, name := range c.ScopesAsked {
		if !slices.Contains(c.Scopes, name) {
			v.Refused = append(v.Refused, scopeOf(name))
		}
	}
	return v
}

func scopeOf(name string) scopeView {
	if v, ok := scopeWords[name]; ok {
		return v
	}
	return scopeView{Title: name, Meaning: "This page does not know what this permission means."}
}
