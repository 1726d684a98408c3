package config

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// readableByOthers are the rights that let others than the owner of a file read it.
const readableByOthers = 0o044

// warn finds what is allowed and hardly meant.
func (r *reading) warn() {
	c := &r.config
	if u := c.PublicURL; u != nil && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		r.warning(PublicURL, "%s is plain http: Instagram sends people back to https addresses only, and anyone on the way can read their cookies; "+
			"put a reverse proxy with https in front, and write its https address", u)
	}
	if c.InstagramAppID != "" && strings.Trim(c.InstagramAppID, "0123456789") != "" {
		r.warning(InstagramAppID, `the value is more than digits, so that it is none of Instagram's, which shows owners "Sorry, this page isn't available"; `+
			"copy the Instagram App ID from API setup with Instagram login in the App Dashboard")
	}
	for _, p := range c.TrustedProxies {
		if p.Bits() == 0 {
			r.warning(TrustedProxies, "%s is everybody, so that anyone can pass for another visitor; write the address of your proxy, such as 127.0.0.1/32", p)
		}
	}
	if key := r.values.exposed(); key != "" {
		r.config.Warnings = append(r.config.Warnings, fmt.Sprintf("%s: %q holds a secret in %s, and other users of this machine may read it; "+
			"chmod 600 it, or write the secret into a file of its own and that file's path into %s_file", fileVariable, r.values.path, key, key))
	}
}

func (r *reading) warning(about Name, message string, args ...any) {
	r.config.Warnings = append(r.config.Warnings, about.Variable()+": "+fmt.Sprintf(message, args...))
}

// exposed returns a key of the settings file that tells a secret to others, empty when there is none.
func (v values) exposed() string {
	info, err := os.Stat(v.path)
	if err != nil || info.Mode().Perm()&readableByOthers == 0 {
		return ""
	}
	i := slices.IndexFunc(table(), func(s Setting) bool {
		given, there := v.file[s.Name.Key()]
		text, err := plain(given)
		return s.Secret && there && err == nil && isSecret(s.Name, text)
	})
	if i < 0 {
		return ""
	}
	return table()[i].Name.Key()
}

// isSecret says whether the value of a secret setting is one: an address only with a password in it.
func isSecret(name Name, text string) bool {
	return name == InstagramAppSecret || strings.Contains(text, "@")
}
