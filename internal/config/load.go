package config

import (
	"fmt"
	"slices"
	"strings"
)

// Load reads the named settings, or all of them when none is named, from the sources, and checks
// them. What a named setting follows from or is bound to is read with it: the paths of the keyring
// and the spill folder follow from the store, and a moved clock is bound to Instagram's addresses.
func Load(from Sources, names ...Name) (Config, error) {
	c, faults := Examine(from, names...)
	if len(faults) > 0 {
		return Config{}, faults[0]
	}
	return c, nil
}

// Examine is a Load that goes on after a fault. It returns what could be read all the same, and
// every fault, the one that Load would return first. A setting that has a fault, or that follows
// from one that has, is zero; where the settings file cannot be read, so is each that is given
// nowhere else, because what the operator wrote there is not known.
func Examine(from Sources, names ...Name) (Config, []error) {
	if len(names) == 0 {
		names = ForServe()
	}
	if slices.Contains(names, SpillDir) {
		names = append(slices.Clone(names), KeyringFile)
	}
	if slices.Contains(names, KeyringFile) {
		names = append(slices.Clone(names), StoreAddress)
	}
	r := reading{unknown: map[Name]bool{}}
	r.values, r.faults = from.read()
	r.fill(names...)
	r.follow(names)
	r.validate()
	r.warn()
	return r.config, r.faults
}

// Missing is the error of a setting that is needed and that no source has.
type Missing struct {
	Name Name
	// write says what to write.
	write string
}

func (m Missing) Error() string { return m.Name.Variable() + " is not set; " + m.write }

// reading is a configuration that is being read.
type reading struct {
	values values
	config Config
	faults []error
	// unknown are the settings that have a fault or stand in a file that cannot be read.
	unknown map[Name]bool
}

// fill reads the named settings into their fields.
func (r *reading) fill(names ...Name) {
	for _, s := range Settings(names...) {
		given, ok, err := r.values.of(s)
		switch {
		case err != nil:
			r.fault(s.Name, err)
			continue
		case !ok && r.values.unread:
			r.unknown[s.Name] = true
			continue
		case !ok && s.missing != "":
			r.fault(s.Name, Missing{s.Name, s.missing})
			continue
		case !ok && s.Default == "":
			continue
		case !ok:
			given.text = s.Default
		}
		if err := s.read(&r.config, given.text); err != nil {
			r.fault(s.Name, s.fault(given, err))
		}
	}
}

func (r *reading) fault(name Name, err error) {
	r.faults = append(r.faults, err)
	r.unknown[name] = true
}

// follow gives the paths that were not given what follows from others.
func (r *reading) follow(names []Name) {
	c := &r.config
	if slices.Contains(names, KeyringFile) && c.KeyringFile == "" && !r.unknown[KeyringFile] && !r.unknown[StoreAddress] {
		if c.Store.Kind == SQLite {
			c.KeyringFile = c.Store.Path + ".keyring"
		} else {
			r.fault(KeyringFile, fmt.Errorf("%s is not set; with MongoDB it is needed: "+
				"write the path of the keyring, which latchkey keys init makes", KeyringFile.Variable()))
		}
	}
	if slices.Contains(names, SpillDir) && c.SpillDir == "" && !r.unknown[SpillDir] {
		switch {
		case c.Store.Kind == SQLite:
			c.SpillDir = c.Store.Path + ".spill"
		case c.Store.Kind == MongoDB && c.KeyringFile != "":
			c.SpillDir = c.KeyringFile + ".spill"
		}
	}
}

// longestShown is the length up to which an error repeats a value.
const longestShown = 200

// fault is the error of a value: the setting, where the value came from, the value where it may be
// shown, and what the parser says about it.
func (s Setting) fault(given value, err error) error {
	where, shown := "", "the value"
	if given.from != "" {
		where = " (" + given.from + ")"
	}
	password := strings.Contains(given.text, "://") && strings.Contains(given.text, "@")
	if !s.Secret && !password && len(given.text) <= longestShown {
		shown = fmt.Sprintf("%q", given.text)
	}
	return fmt.Errorf("%s%s: %s %w", s.Name.Variable(), where, shown, err)
}
