package i18n

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/feature/plural"
)

// text is one text of a language: a sentence, one for each plural form, or a list of paragraphs.
type text struct {
	// forms has at least plural.Other, unless the text is a list.
	forms map[plural.Form]sentence
	list  []sentence
}

// sentence is what stands around its arguments: it begins with words, then an argument and words take turns.
type sentence struct {
	words, args []string
}

// pluralForms are those that the files may name.
var pluralForms = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// parse reads a file of texts. Its keys are the paths of its tables, joined by dots. A table of plural forms alone is
// one text, whose form is chosen by the argument n.
func parse(source string) (map[string]text, error) {
	var tree map[string]any
	if _, err := toml.Decode(source, &tree); err != nil {
		return nil, err
	}
	texts := make(map[string]text)
	return texts, flatten(texts, "", tree)
}

func flatten(into map[string]text, path string, tree map[string]any) error {
	for name, node := range tree {
		key := strings.TrimPrefix(path+"."+name, ".")
		var err error
		switch node := node.(type) {
		case string:
			var s sentence
			s, err = parseSentence(node)
			into[key] = text{forms: map[plural.Form]sentence{plural.Other: s}}
		case []any:
			into[key], err = parseList(node)
		case map[string]any:
			if isPlural(node) {
				into[key], err = parsePlural(node)
			} else {
				err = flatten(into, key, node)
			}
		default:
			err = fmt.Errorf("is a %T and no text", node)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// isPlural says that a table has nothing but plural forms, that of most numbers among them.
func isPlural(nodes map[string]any) bool {
	for name := range nodes {
		if _, form := pluralForms[name]; !form {
			return false
		}
	}
	return nodes["other"] != nil
}

func parseList(nodes []any) (text, error) {
	t := text{list: []sentence{}}
	for _, node := range nodes {
		line, ok := node.(string)
		if !ok {
			return text{}, fmt.Errorf("has a %T in its list", node)
		}
		s, err := parseSentence(line)
		if err != nil {
			return text{}, err
		}
		t.list = append(t.list, s)
	}
	return t, nil
}

func parsePlural(nodes map[string]any) (text, error) {
	t := text{forms: make(map[plural.Form]sentence)}
	for name, node := range nodes {
		line, ok := node.(string)
		if !ok {
			return text{}, fmt.Errorf("has a %T for %q", node, name)
		}
		var err error
		if t.forms[pluralForms[name]], err = parseSentence(line); err != nil {
			return text{}, err
		}
	}
	return t, nil
}

// parseSentence takes a text apart at its arguments, which stand in braces.
func parseSentence(line string) (sentence, error) {
	if strings.TrimSpace(line) == "" {
		return sentence{}, errors.New("is empty")
	}
	var s sentence
	for {
		words, rest, more := strings.Cut(line, "{")
		if strings.Contains(words, "}") {
			return sentence{}, errors.New("has a } without a {")
		}
		s.words = append(s.words, words)
		if !more {
			return s, nil
		}
		arg, after, closed := strings.Cut(rest, "}")
		if !closed || arg == "" || strings.ContainsAny(arg, "{ ") {
			return sentence{}, fmt.Errorf("has no name between braces after %q", words)
		}
		s.args, line = append(s.args, arg), after
	}
}

// Text returns the text under a key, its arguments filled in: pairs of a name and a value, which is a string or a
// whole number. A key that is not there, and an argument too many or too few, is a mistake of the program and
// panics.
func (l *Language) Text(key string, args ...any) string { return l.Fill(key, l.plain, args...) }

// Fill is Text with a function of the caller's that writes the arguments.
func (l *Language) Fill(key string, write func(arg any) string, args ...any) string {
	t := l.text(key)
	if t.list != nil {
		panic(fmt.Sprintf("the text %q is a list", key))
	}
	s := t.forms[plural.Other]
	if n, counts := whole(lookUp(args, "n")); counts {
		if form, ok := t.forms[plural.Cardinal.MatchPlural(l.tag, int(n), 0, 0, 0, 0)]; ok {
			s = form
		}
	}
	for i := 0; i < len(args); i += 2 {
		if name := args[i].(string); !slices.Contains(s.args, name) {
			panic(fmt.Sprintf("the text %q does not say its %q", key, name))
		}
	}
	return s.fill(key, write, args)
}

// List returns the paragraphs of a list; none is empty. Each uses what it needs of the arguments.
func (l *Language) List(key string, args ...any) []string {
	t := l.text(key)
	if t.list == nil {
		panic(fmt.Sprintf("the text %q is no list", key))
	}
	lines := make([]string, len(t.list))
	for i, s := range t.list {
		lines[i] = s.fill(key, l.plain, args)
	}
	return lines
}

func (l *Language) text(key string) text {
	t, ok := l.texts[key]
	if !ok {
		panic(fmt.Sprintf("no text is called %q in %v", key, l.tag))
	}
	return t
}

// Has says whether there is a text under a key.
func (l *Language) Has(key string) bool {
	_, ok := l.texts[key]
	return ok
}

func (s sentence) fill(key string, write func(any) string, args []any) string {
	if len(s.args) == 0 {
		return s.words[0]
	}
	var b strings.Builder
	for i, name := range s.args {
		value := lookUp(args, name)
		if value == nil {
			panic(fmt.Sprintf("the text %q has no %q to fill in", key, name))
		}
		b.WriteString(s.words[i])
		b.WriteString(write(value))
	}
	b.WriteString(s.words[len(s.args)])
	return b.String()
}

// lookUp finds the value of a name in pairs of both; nil when it is not there.
func lookUp(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// whole is a number to count with; false when v is none.
func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	default:
		return 0, false
	}
}

// plain writes an argument as it is, and a number as the language does.
func (l *Language) plain(arg any) string {
	if n, ok := whole(arg); ok {
		return l.Number(n)
	}
	return arg.(string)
}
