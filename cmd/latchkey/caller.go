package main

import (
	"cmp"
	"os/user"
	"strings"
	"unicode"

	"latchkey/internal/vault"
)

// longestUser is how much of a user's name is kept; Linux allows no more.
const longestUser = 32

// caller is who asks at the command line: the person behind sudo, else the user of the process. It tells
// honest people apart. Whoever may read the store can write any name.
func (e env) caller() vault.Caller {
	name := userName(e.variable("SUDO_USER"))
	if u, err := user.Current(); name == "" && err == nil {
		name = cmp.Or(userName(u.Username), userName(u.Uid))
	}
	if name == "" {
		return vault.CallerCommandLine
	}
	return vault.CommandLineOf(name)
}

// userName keeps of a user's name what can stand in a history and in a log.
func userName(name string) string {
	var kept []rune
	for _, r := range name {
		if (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(`._-@\`, r)) && len(kept) < longestUser {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
