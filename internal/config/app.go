package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const basicScope = "instagram_business_basic"

var (
	permission = regexp.MustCompile(`^instagram_business_[a-z_]+$`)
	account    = regexp.MustCompile(`^[a-z0-9._]{1,30}$`)
	version    = regexp.MustCompile(`^v[1-9][0-9]{0,3}\.[0-9]{1,2}$`)
	// unset is what scripts and templates write for a value that they do not have.
	unset = []string{"undefined", "null", "nil", "none"}
)

// parseAppID refuses what is no id of anything: Instagram would not answer it with an error but
// with a page that does not say what is wrong (docs/instagram.md, Error catalogue).
func parseAppID(text string) (string, error) {
	if !isCredential(text) {
		return "", errors.New(`is no app id, and with it Instagram shows owners "Sorry, this page isn't available"; ` +
			"write the digits of the Instagram App ID, without quotes or spaces")
	}
	return text, nil
}

func parseAppSecret(text string) (Secret, error) {
	if !isCredential(text) {
		return Secret{}, errors.New("is no app secret; write the letters and digits of the Instagram App Secret, without quotes or spaces")
	}
	return Secret{&text}, nil
}

// isCredential says whether a text can be an id or a secret at all. What letters Meta uses is
// Meta's business.
func isCredential(text string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"'`<>", r) }
	return text != "" && !strings.ContainsFunc(text, odd) && !slices.Contains(unset, strings.ToLower(text))
}

// parseScopes takes names that it has never heard of, as long as they look like permissions of
// Instagram Login: Meta adds some from time to time.
func parseScopes(text string) ([]string, error) {
	var scopes []string
	for _, item := range words(text) {
		switch {
		case permission.MatchString("instagram_" + item):
			return nil, fmt.Errorf("holds %q, a name that stopped in January 2025; write instagram_%s", item, item)
		case !permission.MatchString(item):
			return nil, fmt.Errorf("holds %q, which is no permission of Instagram Login; write names such as %s", item, basicScope)
		case !slices.Contains(scopes, item):
			scopes = append(scopes, item)
		}
	}
	if !slices.Contains(scopes, basicScope) {
		return nil, fmt.Errorf("lacks %s, without which Instagram gives nothing; write it first", basicScope)
	}
	return scopes, nil
}

// parseAccounts refuses an empty list, because nobody can tell whether it means nobody or anyone.
func parseAccounts(text string) ([]string, error) {
	var accounts []string
	for _, item := range words(text) {
		name := strings.ToLower(strings.TrimPrefix(item, "@"))
		if !account.MatchString(name) {
			return nil, fmt.Errorf("holds %q, which is no username and no id; write names such as studio_north,17841400000000000", item)
		}
		accounts = append(accounts, name)
	}
	if accounts == nil {
		return nil, errors.New("names nobody; write usernames or ids, or leave the setting out for anyone")
	}
	return accounts, nil
}

func parseVersion(text string) (string, error) {
	if !version.MatchString(text) {
		return "", errors.New("is no version of the API; write one such as v26.0")
	}
	return text, nil
}
