package owner

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

// initials are what stands where an account has no picture: the first letters of the first and the
// last word of its name, or of its user name when the name has no letters.
func initials(c store.Connection) string {
	for _, name := range []string{c.Name, c.Username} {
		words := strings.FieldsFunc(name, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '\''
		})
		words = lettered(words)
		if len(words) == 0 {
			continue
		}
		first := firstLetter(words[0])
		if len(words) > 1 {
			first += firstLetter(words[len(words)-1])
		}
		return strings.ToUpper(first)
	}
	return ""
}

// lettered leaves the words that have a letter or a number.
func lettered(words []string) []string {
	kept := words[:0]
	for _, w := range words {
		if firstLetter(w) != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

func firstLetter(word string) string {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return string(r)
		}
	}
	return ""
}

// pictureAddress is our own address of the account's picture; empty when it has none. It changes
// with the account and the picture, so that a browser shows neither another account's nor an old one.
func pictureAddress(c store.Connection) string {
	if c.PictureURL == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(c.ID + " " + c.PictureURL))
	return "/picture?v=" + hex.EncodeToString(sum[:6])
}

// accountKind is the kind of account in words; empty when Instagram did not say.
func accountKind(at page.Reader, accountType string) string {
	switch accountType {
	case "":
		return ""
	case "business":
		return at.Text("account_kind.business")
	case "creator":
		return at.Text("account_kind.creator")
	default:
		return at.Text("account_kind.other", "kind", accountType)
	}
}
