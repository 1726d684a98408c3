package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Load reads the named settings, or all of them when none is named, from the sources, and checks
// them. What a named setting follows from or is bound to is read with it: a keyring's path follows
// from the store, and a moved clock is bound to Instagram's addresses.
func Load(from Sources, names ...Name) (Config, error) {
	v, err := from.read()
	if err != nil {
		return Config{}, err
	}
	if len(names) == 0 {
		names = ForServe()
	}
	var c Config
	keyring := slices.Contains(names, KeyringFile)
	if keyring {
		names = append(slices.Clone(names), StoreAddress)
	}
	if err := v.fill(&c, names...); err != nil {
		return Config{}, err
	}
	if keyring && c.KeyringFile == "" {
		if c.Store.Kind != SQLite {
			return Config{}, errors.New(KeyringFile.Variable() + " is not set; with MongoDB it is needed: " +
				"write the path of the keyring, which latchkey keys init makes")
		}
		c.KeyringFile = c.Store.Path + ".keyring"
	}
	if c.TestClock != "" {
		if err := v.checkClock(); err != nil {
			return Config{}, err
		}
	}
	return c, nil
}

// fill reads the named settings into their fields.
func (v values) fill(c *Config, names ...Name) error {
	for _, s := range Settings(names...) {
		given, ok, err := v.of(s)
		switch {
		case err != nil:
			return err
		case !ok && s.missing != "":
			return fmt.Errorf("%s is not set; %s", s.Name.Variable(), s.missing)
		case !ok && s.Default == "":
			continue
		case !ok:
			given.text = s.Default
		}
		if err := s.read(c, given.text); err != nil {
			return s.fault(given, err)
		}
	}
	return nil
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

// checkClock refuses a moved clock beside the real Instagram, whose tokens do not follow it.
func (v values) checkClock() error {
	var c Config
	if err := v.fill(&c, InstagramAuthorizeURL, InstagramTokenURL, InstagramGraphURL); err != nil {
		return err
	}
	for _, at := range [...]struct {
		name    Name
		address string
	}{
		{InstagramAuthorizeURL, c.InstagramAuthorizeURL},
		{InstagramTokenURL, c.InstagramTokenURL},
		{InstagramGraphURL, c.InstagramGraphURL},
	} {
		if !isLoopbackURL(at.address) {
			return fmt.Errorf("%s: a moved clock is for tests against a simulator on this machine; "+
				"remove it, or write the simulator's address into %s", TestClock.Variable(), at.name.Variable())
		}
	}
	return nil
}
