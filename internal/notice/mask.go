package notice

import (
	"strings"
	"unicode/utf8"

	"latchkey/internal/mail"
)

// mask shortens a mail address so that its owner recognizes it and nobody else can use it:
// r…@example.org.
func mask(address string) string {
	local, domain, found := strings.Cut(mail.ForReading(address), "@")
	if !found {
		return "…"
	}
	_, size := utf8.DecodeRuneInString(local)
	return local[:size] + "…@" + domain
}
