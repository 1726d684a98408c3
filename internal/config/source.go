package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// prefix is what the variables of all settings begin with.
const prefix = "LATCHKEY_"

// fileEnd is the end of the keys that name a file with the value of a secret setting.
const fileEnd = "_file"

// fileVariable names the settings file where no flag does.
const fileVariable = prefix + "CONFIG"

// Sources is where values come from, the first that has one wins.
type Sources struct {
	// Flags are the flags that were given on the command line, by the names of their settings.
	Flags map[string]string
	// Environ is the environment, as os.Environ returns it.
	Environ []string
	// File is the path of the settings file that --config names; where it is empty,
	// LATCHKEY_CONFIG may name one.
	File string
}

// values is the sources, read.
type values struct {
	flags, environ map[string]string
	file           map[string]any
	path           string
	// unread says that there is a file and nobody knows what it says.
	unread bool
}

// value is what one source said about a setting.
type value struct {
	text string
	// from is the source where that is not the setting's own variable.
	from string
}

// read reads the environment and the file, and finds the names that belong to no setting.
func (s Sources) read() (values, []error) {
	v := values{flags: s.Flags, environ: map[string]string{}, path: s.File}
	for _, line := range s.Environ {
		if name, text, _ := strings.Cut(line, "="); strings.HasPrefix(name, prefix) && text != "" {
			v.environ[name] = text
		}
	}
	faults := checkVariables(v.environ)
	if v.path == "" {
		v.path = v.environ[fileVariable]
	}
	if v.path == "" {
		return v, faults
	}
	var err error
	if v.file, err = readFile(v.path); err != nil {
		v.unread = true
		return v, append(faults, err)
	}
	return v, append(faults, checkKeys(v.path, v.file)...)
}

// UnreadFile is the error of a settings file that cannot be read, so that nobody knows what it sets.
type UnreadFile struct{ error }

func (u UnreadFile) Unwrap() error { return u.error }

// readFile reads a settings file. What the parser says is dropped, but for the line: it may quote
// a secret.
func readFile(path string) (map[string]any, error) {
	text, err := readText(path)
	if err != nil {
		return nil, UnreadFile{fmt.Errorf("%s: %q %w; write the path of a TOML file", fileVariable, path, err)}
	}
	keys := map[string]any{}
	if _, err := toml.Decode(text, &keys); err != nil {
		line := "somewhere"
		if p, ok := errors.AsType[toml.ParseError](err); ok {
			line = fmt.Sprintf("in line %d", p.Position.Line)
		}
		return nil, UnreadFile{fmt.Errorf(`%s: %q is not TOML %s; write lines such as public_url = "https://latchkey.example.com"`,
			fileVariable, path, line)}
	}
	return keys, nil
}

// of returns the value that was given for a setting, and whether one was.
func (v values) of(s Setting) (value, bool, error) {
	if text, ok := v.flags[string(s.Name)]; ok {
		return value{text, "--" + s.Name.Flag()}, true, nil
	}
	if given, ok, err := v.variable(s); ok || err != nil {
		return given, ok, err
	}
	return v.key(s)
}

// variable looks at the variable of a setting and, for a secret one, at that with _FILE.
func (v values) variable(s Setting) (value, bool, error) {
	text, given := v.environ[s.Name.Variable()]
	fileName := s.Name.Variable() + "_FILE"
	path, named := v.environ[fileName]
	switch {
	case given && named:
		return value{}, false, fmt.Errorf("%s and %s are both set; write one of them", s.Name.Variable(), fileName)
	case named:
		return secretIn(path, fileName, fileName)
	}
	return value{text: text}, given, nil
}

// key looks at the key of a setting in the settings file and, for a secret one, at that with _file.
func (v values) key(s Setting) (value, bool, error) {
	key := s.Name.Key()
	given, ok := v.file[key]
	named, inFile := v.file[key+fileEnd]
	switch {
	case ok && inFile:
		return value{}, false, fmt.Errorf("%s: %q holds %s and %s%s; write one of them", s.Name.Variable(), v.path, key, key, fileEnd)
	case inFile:
		key, given = key+fileEnd, named
	case !ok:
		return value{}, false, nil
	}
	from := fmt.Sprintf("%s in %q", key, v.path)
	text, err := plain(given)
	if err != nil {
		return value{}, false, fmt.Errorf("%s (%s): %w", s.Name.Variable(), from, err)
	}
	if inFile {
		return secretIn(text, from, s.Name.Variable()+" ("+from+")")
	}
	return value{text, from}, true, nil
}

// secretIn reads a value from the file that a source names. Its errors begin with the setting.
func secretIn(path, from, setting string) (value, bool, error) {
	text, err := readText(path)
	if err != nil {
		return value{}, false, fmt.Errorf("%s: %s %w; write the path of a file that holds the value", setting, shownPath(path), err)
	}
	if text = withoutNewline(text); text == "" {
		return value{}, false, fmt.Errorf("%s: %q is empty; write the value into it", setting, path)
	}
	return value{text, from}, true, nil
}

// shownPath is a path for an error. What does not look like one may be the secret itself, written in
// the place of its file.
func shownPath(path string) string {
	if strings.ContainsAny(path, `/\`) && !strings.Contains(path, "@") {
		return fmt.Sprintf("%q", path)
	}
	return "the file"
}

// readText reads a whole file. The error goes on from the path, which it leaves out.
func readText(path string) (string, error) {
	text, err := os.ReadFile(path)
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("cannot be read: %w", p.Err)
	}
	return string(text), err
}

// withoutNewline drops the newline that editors and shells put at the end of a file.
func withoutNewline(text string) string {
	return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
}

// plain turns a value of the settings file into the text that the other sources would have.
func plain(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case int64:
		return fmt.Sprint(v), nil
	case []any:
		texts := make([]string, 0, len(v))
		for _, item := range v {
			text, err := plain(item)
			if _, nested := item.([]any); nested || err != nil {
				return "", errors.New(`the list holds more than texts; write a list such as ["one", "two"]`)
			}
			texts = append(texts, text)
		}
		return strings.Join(texts, ","), nil
	default:
		return "", errors.New(`the value is neither a text, a whole number nor a list; write it in quotes`)
	}
}

// checkKeys finds the keys that belong to no setting.
func checkKeys(path string, keys map[string]any) (faults []error) {
	known := map[string]bool{}
	for _, s := range table() {
		known[s.Name.Key()] = true
		if s.Secret {
			known[s.Name.Key()+fileEnd] = true
		}
	}
	for _, key := range sorted(keys) {
		advice := suggest(key, sorted(known))
		if bare, ok := strings.CutSuffix(key, fileEnd); ok && known[bare] {
			advice = "only secrets are read from files; write the value itself into " + bare
		}
		if !known[key] {
			faults = append(faults, fmt.Errorf("%s: %q holds %q, which is no setting; %s", fileVariable, path, key, advice))
		}
	}
	return faults
}

func sorted[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
