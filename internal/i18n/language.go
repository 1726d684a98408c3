package i18n

import (
	"embed"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed texts
var files embed.FS

// Language is one in which all texts are there. It is safe for concurrent use.
type Language struct {
	tag     language.Tag
	texts   map[string]text
	printer *message.Printer
}

// catalogue has the languages in the order in which they are offered. The first is for readers of none of them.
var catalogue = sync.OnceValue(func() []*Language {
	return []*Language{load(language.English), load(language.German)}
})

func load(tag language.Tag) *Language {
	source, err := files.ReadFile("texts/" + tag.String() + ".toml")
	if err != nil {
		panic(err)
	}
	texts, err := parse(string(source))
	if err != nil {
		panic(fmt.Sprintf("the texts in %v: %v", tag, err))
	}
	return &Language{tag: tag, texts: texts, printer: message.NewPrinter(tag)}
}

// Languages are all languages, the one for readers of none of them first.
func Languages() []*Language { return slices.Clone(catalogue()) }

// English is the language of whatever was written for nobody in particular.
func English() *Language { return catalogue()[0] }

// Find returns the language with a code, such as "de"; false when it is none of ours.
func Find(code string) (*Language, bool) {
	for _, l := range catalogue() {
		if l.Code() == code {
			return l, true
		}
	}
	return nil, false
}

var matcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, l := range catalogue() {
		tags = append(tags, l.tag)
	}
	return language.NewMatcher(tags)
})

// Match returns the language that suits a reader best whose browser sent this Accept-Language. What cannot be
// read, or fits none, is English.
func Match(acceptLanguage string) *Language {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return English()
	}
	_, i, _ := matcher().Match(wanted...)
	return catalogue()[i]
}

// Code names the language for machines, as in the lang of a page.
func (l *Language) Code() string { return l.tag.String() }

// Name is what its speakers call it.
func (l *Language) Name() string { return l.Text("language.name") }
