package config

import (
	"errors"
	"strings"
	"unicode"

	"latchkey/internal/mail"
)

// parseSMTP reads the address of a mail server. Its errors repeat nothing of it.
func parseSMTP(text string) (Secret, error) {
	if err := mail.CheckServer(text); err != nil {
		return Secret{}, err
	}
	return Secret{&text}, nil
}

// parseSender reads an address with or without a name before it.
func parseSender(text string) (string, error) {
	a, err := mail.ParseSender(text)
	switch {
	case errors.Is(err, mail.ErrLocal):
		return "", errLocal
	case err != nil, len(text) > longestShown:
		return "", errors.New("is no sender; write an address with a whole domain, such as latchkey@example.com or Latchkey <latchkey@example.com>")
	}
	return a.String(), nil
}

// parseMailbox reads an address alone.
func parseMailbox(text string) (string, error) {
	address, err := mail.ParseAddress(text)
	switch {
	case errors.Is(err, mail.ErrLocal):
		return "", errLocal
	case err != nil, strings.ContainsFunc(text, unicode.IsControl):
		return "", errors.New("is no mail address that mail can be sent to; write one alone and with a whole domain, such as operator@example.com")
	}
	return address, nil
}

var errLocal = errors.New("has letters before the @ that few mail servers take; write an address with a to z, digits, and signs such as . - _ + there")
