package page

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"latchkey/internal/i18n"
)

//go:embed templates
var templates embed.FS

// shared are the templates that every page has, and what [Set.Page] adds its own to.
var shared = sync.OnceValue(func() map[string]string { return sources(templates) })

// Set are the templates of a room: a file a page, and files of parts, which stand in each of its pages. They are parsed
// for each language when the program starts, and a template that is broken panics then.
type Set struct {
	files map[string]string
	parts []string
}

// NewSet reads the templates in the folder "templates". The parts are the names of the files that are no pages.
func NewSet(files fs.FS, parts ...string) *Set { return &Set{files: sources(files), parts: parts} }

// sources reads the templates in the folder "templates", by their names without ".html", and puts the addresses of
// this build's files in.
func sources(files fs.FS) map[string]string {
	found, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		panic(err)
	}
	texts := make(map[string]string, len(found))
	for _, name := range found {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		texts[strings.TrimSuffix(path.Base(name), ".html")] = assetNames().Replace(strings.TrimSpace(string(text)))
	}
	return texts
}

// Page is a page that shows a V, in every language.
type Page[V any] struct {
	name   string
	byLang map[*i18n.Language]*template.Template
}

// New parses the page with a name.
func New[V any](s *Set, name string) Page[V] {
	p := Page[V]{name: name, byLang: make(map[*i18n.Language]*template.Template)}
	for _, l := range i18n.Languages() {
		t := template.New("layout").Funcs(funcs(l))
		text, ok := s.files[name]
		if !ok {
			panic("no template is called " + name)
		}
		for _, part := range s.parts {
			text = s.files[part] + text
		}
		p.byLang[l] = template.Must(t.Parse(say(l, shared()["layout"]+shared()["icons"]+text)))
	}
	return p
}

// plainText is a text of the catalogue that fills nothing in.
var plainText = regexp.MustCompile(`\{\{t "([a-z_.]+)"\}\}`)

// say puts the texts into a template that are the same whatever it shows, so that no page looks them up.
func say(l *i18n.Language, source string) string {
	return plainText.ReplaceAllStringFunc(source, func(action string) string {
		return l.Text(plainText.FindStringSubmatch(action)[1])
	})
}

// write renders the page for a reader of a language.
func (p Page[V]) write(b *bytes.Buffer, l *i18n.Language, v V) error {
	return p.byLang[l].ExecuteTemplate(b, "layout", v)
}

// funcs are what templates are written with, for readers of a language:
//
//	t KEY NAME VALUE …   a text of the catalogue, its arguments escaped
//	day, minute          a point in time, as a <time>
//	bdi, at              a name, and a user name, which may run from right to left
//	language             the language's code
func funcs(l *i18n.Language) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, args ...any) template.HTML { return fill(l, key, args...) },
		"day":      func(t DateTime) template.HTML { return t.element(t.Day) },
		"minute":   func(t DateTime) template.HTML { return t.element(t.Minute) },
		"bdi":      bdi,
		"at":       func(username string) template.HTML { return bdi("@" + username) },
		"language": l.Code,
	}
}

// fill is a text of the catalogue, which may have marks, with its arguments, which may not unless they are HTML.
func fill(l *i18n.Language, key string, args ...any) template.HTML {
	return template.HTML(l.Fill(key, func(arg any) string { //nolint:gosec // the texts are ours, and what is filled in is escaped
		switch v := arg.(type) {
		case template.HTML:
			return string(v)
		case int:
			return l.Number(int64(v))
		default:
			return template.HTMLEscapeString(v.(string))
		}
	}, args...))
}

func bdi(name string) template.HTML {
	return template.HTML("<bdi>" + template.HTMLEscapeString(name) + "</bdi>") //nolint:gosec // it is escaped
}
