package config

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

func parsePath(text string) (string, error) {
	if text == "" || strings.ContainsRune(text, 0) {
		return "", errors.New("is no path; write the path of a file, or leave the setting out")
	}
	return text, nil
}

// parseLine reads what is shown to people as it is.
func parseLine(text string) (string, error) {
	if len(text) > longestShown || strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("does not fit on a page; write one line of at most 200 letters, such as help@example.com")
	}
	return strings.TrimSpace(text), nil
}

func parseRate(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, errors.New("is no whole number from 0 up; write how many logins may start a minute, or 0 for no limit")
	}
	return n, nil
}

func parseLogFormat(text string) (string, error) {
	switch text {
	case "", "text", "json", "combined":
		return text, nil
	}
	return "", errors.New("is no form of the log; write text, json or combined")
}
