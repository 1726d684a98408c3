package instagram

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// quote is what can be read out of a text that somebody pasted.
type quote struct {
	// text is everything that was written, also without the escapes of JSON and of addresses.
	text string
	// words is text brought to a form in which texts can be compared.
	words string
	// code and subcode are Instagram's numbers, 0 where there are none.
	code, subcode int
	// bare says that there is nothing but the numbers.
	bare bool
	// call is what was asked, "" when that is not said.
	call string
	// cause is the known cause that the text names, as our own logs do; "" when it names none.
	cause Cause
}

var (
	statusCode   = regexp.MustCompile(`(?i)\b(?:http[ _-]?)?status[ _-]?code\b`)
	codeWord     = regexp.MustCompile(`(?i)(?:\b(?:error[ _]?)?code"?\s*[:=]?\s*"?|\(#)(-?\d{1,7})\b(?:/(\d{1,7})\b)?`)
	subcodeWord  = regexp.MustCompile(`(?i)\b(?:error[ _]?)?subcode"?\s*[:=]?\s*"?(\d{1,7})\b`)
	numbersAlone = regexp.MustCompile(`(?i)^(?:error|code|[\s#:=(])*(-?\d{1,7})(?:[\s#:=/.,()-]*(?:and)?\s*(?:error_?)?(?:subcode)?[\s#:=(]*(\d{1,7}))?[\s.)]*$`)
	callWord     = regexp.MustCompile(`\bcall"?\s*[:=]\s*"?([a-z{][a-z{}/_ -]*)`)
	causeWord    = regexp.MustCompile(`\bcause"?\s*[:=]\s*"?([a-z_]+)|\binstagram: [^:]+: (?:[^:]*, )?([a-z_]+)|^\s*([a-z_]+)\s*$`)
	flatEnvelope = regexp.MustCompile(`"error_(?:type|message)"`)
	plainSigns   = strings.NewReplacer("“", `"`, "”", `"`, "...", "…")
	numberPrefix = regexp.MustCompile(`\(#\d+\) *`)
)

// readQuote reads a pasted text.
func readQuote(pasted string) quote {
	q := quote{text: unescaped(pasted)}
	q.words = plainWords(q.text)
	numbered := statusCode.ReplaceAllString(pasted, "status")
	if m := numbersAlone.FindStringSubmatch(numbered); m != nil {
		q.code, q.subcode = number(m[1]), number(m[2])
		q.bare = q.code != 0
		return q
	}
	if m := codeWord.FindStringSubmatch(numbered); m != nil {
		q.code, q.subcode = number(m[1]), number(m[2])
	}
	if m := subcodeWord.FindStringSubmatch(numbered); m != nil {
		q.subcode = number(m[1])
	}
	if m := callWord.FindStringSubmatch(pasted); m != nil {
		q.call = strings.TrimSpace(m[1])
	} else if flatEnvelope.MatchString(pasted) {
		q.call = callExchange // nothing else answers so
	}
	for _, m := range causeWord.FindAllStringSubmatch(pasted, -1) {
		if c := Cause(m[1] + m[2] + m[3]); c.isKnown() {
			q.cause = c
			break
		}
	}
	return q
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // nothing but digits comes here, and few of them
	return n
}

// unescaped is a text and, after it, what stands in it in another writing: the texts of its JSON, and
// itself as a query.
func unescaped(pasted string) string {
	all := []string{pasted}
	if i := strings.IndexAny(pasted, "{["); i >= 0 {
		var v any
		if json.NewDecoder(strings.NewReader(pasted[i:])).Decode(&v) == nil {
			all = append(all, texts(v)...)
		}
	}
	if strings.ContainsAny(pasted, "%+") {
		if s, err := url.QueryUnescape(pasted); err == nil {
			all = append(all, s)
		}
	}
	return strings.Join(all, "\n")
}

// texts are the texts in a JSON value.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, texts(v[name])...)
		}
	}
	return all
}

// plainWords is a text in the form in which texts are compared: lower case, one space between words,
// plain quotation marks, no number before it and nothing that was left out at its ends.
func plainWords(s string) string {
	s = plainSigns.Replace(numberPrefix.ReplaceAllString(fold(s), ""))
	return strings.Trim(strings.Join(strings.Fields(s), " "), ` ."'…`)
}
