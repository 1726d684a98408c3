package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

func parsePath(text string) (string, error) {
	if text == "" || strings.ContainsRune(text, 0) {
		return "", errors.New("is no path; write the path of a file, or leave the setting out")
	}
	return text, nil
}

// The lengths, in letters, up to which a name fits into the head of a page and the subject of a
// mail, and a sentence under a headline.
const (
	longestName    = 60
	longestPurpose = 200
)

func parseServiceName(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || !isShown(text, longestName) {
		return "", fmt.Errorf("is no name that fits into the head of a page; write one line of 1 to %d letters, such as Example Reports", longestName)
	}
	return text, nil
}

func parseServicePurpose(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !isShown(text, longestPurpose) {
		return "", fmt.Errorf("does not fit on a page; write one sentence of at most %d letters, such as "+
			"\"You get a report about your account every Monday.\"", longestPurpose)
	}
	return text, nil
}

// isShown says whether a text can stand in a page, a title and a mail: in one line of at most so many
// letters, and without the marks that let a text pose as another.
func isShown(text string, letters int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= letters && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	})
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

// maxDays is about as far as a time.Duration reaches back without trouble: a hundred years.
const maxDays = 36500

func parseDays(text string) (time.Duration, error) {
	number, ok := strings.CutSuffix(text, "d")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > maxDays {
		return 0, errors.New("is no number of days from 1d to 36500d; write how many days, such as 730d")
	}
	return time.Duration(n) * 24 * time.Hour, nil
}

func parseLogFormat(text string) (string, error) {
	switch text {
	case "", "text", "json", "combined":
		return text, nil
	}
	return "", errors.New("is no form of the log; write text, json or combined")
}
