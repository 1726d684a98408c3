package config

import (
	"errors"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// parseSMTP reads the address of a mail server. Its errors repeat nothing of it.
func parseSMTP(text string) (Secret, error) {
	const form = "write smtp://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ before the host where it asks for them"
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "smtp" && u.Scheme != "smtps":
		return Secret{}, errors.New("is no address of a mail server; " + form)
	case u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " \t"):
		return Secret{}, errors.New("names no host; " + form)
	case u.Path != "" && u.Path != "/" || strings.ContainsAny(text, "?#"):
		return Secret{}, errors.New("has more than scheme, user, host and port; " + form +
			", and in the password %2F for a slash, %3F for a question mark and %23 for #")
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && err != nil {
		return Secret{}, errors.New("has no port up to 65535; " + form)
	}
	if u.User != nil {
		if password, _ := u.User.Password(); u.User.Username() == "" || password == "" {
			return Secret{}, errors.New("has a user without a password, or a password without a user; " + form)
		}
	}
	return Secret{&text}, nil
}

// longestMailbox is the length of the longest address that mail servers take (RFC 5321, 4.5.3.1.3).
const longestMailbox = 254

// parseSender reads an address with or without a name before it.
func parseSender(text string) (string, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || len(a.Address) > longestMailbox || len(text) > longestShown || strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("is no sender; write an address such as latchkey@example.com or Latchkey <latchkey@example.com>")
	}
	return a.String(), nil
}

// parseMailbox reads an address alone.
func parseMailbox(text string) (string, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name != "" || a.Address != strings.TrimSpace(text) || len(a.Address) > longestMailbox {
		return "", errors.New("is no mail address; write one alone, such as operator@example.com")
	}
	return a.Address, nil
}
