package explain

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"latchkey/instagram"
)

// quote is what can be read out of a text that somebody pasted.
type quote struct {
	// text is everything that was written, in lower case and without the escapes of HTML, JSON and addresses.
	text string
	// words is text brought to a form in which texts can be compared, and said so much of it as is the
	// message of an error; the same where no message is told from the rest.
	words, said string
	// code and subcode are Instagram's numbers, 0 where there are none.
	code, subcode int
	// status is that of HTTP, 0 where it is not said.
	status int
	// bare says that there is nothing but the numbers.
	bare bool
	// call is what was asked, "" when that is not said.
	call string
	// cause is the known cause that the text names, as our own logs do; "" when it names none.
	cause instagram.Cause
	// denial is the error that a callback carries in place of a code, and reasoned says that a reason of
	// Instagram's stands with it.
	denial   string
	reasoned bool
}

// All of them read lower case.
var (
	statusWord   = regexp.MustCompile(`\b(?:http(?:/\d(?:\.\d)?)?[ _-]?(?:status)?|(?:response[ _-]?)?status|response)(?:[ _-]?code)?"?\s*[:=]?\s*"?(\d{3})\b`)
	otherCode    = regexp.MustCompile(`\b(?:exit|country|zip|qr)[ _-]?code"?\s*[:=]?\s*\d+`)
	statusPhrase = regexp.MustCompile(`^\W*(\d{3}) ([a-z ]+)\W*$`)
	subcodeWord  = regexp.MustCompile(`\b(?:error[ _]?)?(?:sub|unter)[ _-]?code"?\s*[:=]?\s*"?(\d{1,7})\b`)
	codeWord     = regexp.MustCompile(`(?:\b(?:error|fehler)?[ _]?code"?\s*[:=]?\s*"?#?|\(#|exception"?\s*[:([-]*\s*#?|^\W*#)(-?\d{1,7})\b(?:/(\d{1,7})\b)?`)
	errorWord    = regexp.MustCompile(`\b(?:error|fehler):?\s*#?(-?\d{1,7})(?:/(\d{1,7}))?\s*(?:[:;,)\]–-]|$)`)
	leadingCode  = regexp.MustCompile(`^[\s"'([]*(\d{2,7})(?:\s*[:)\]–-]+\s*[^\d\s]|/(\d{1,7})\b)`)
	numberPair   = regexp.MustCompile(`(?:^|[\s("'[#:])(-?\d{1,7})/(\d{1,7})\b`)
	numbersAlone = regexp.MustCompile(`^(?:error|fehler|code|oauthexception|igapiexception|graphmethodexception|[\s#:=("'[])*(-?\d{1,7})(?:[\s#:=/.,;|()-]*(?:and|und)?\s*(?:error_?)?(?:subcode)?[\s#:=(]*(\d{1,7}))?[\s.)\]"'!?]*$`)
	callWord     = regexp.MustCompile(`\bcall"?\s*[:=]\s*"?([a-z{][a-z{}/_ -]*)|\b(debug_token)\b`)
	causeWord    = regexp.MustCompile(`\bcause"?\s*[:=]\s*"?([a-z_]+)|\binstagram: [^:]+: (?:[^:]*, )?([a-z_]+)|^\s*([a-z_]+)\s*$|\bclass [a-z]+, (?:status \d+, )?(?:code [\d/-]+, )?([a-z_]+)`)
	flatEnvelope = regexp.MustCompile(`"error_(?:type|message)"`)
	messageWord  = regexp.MustCompile(`(?:message|error_description)"?\s*[:=]\s*"?(.+?)(?:"\s*[,}]|"\s+[\w.]+=|&|$)`)
	denialWord   = regexp.MustCompile(`\berror"?\s*[:=]\s*"?(access_denied|server_error|temporarily_unavailable)\b`)
	reasonWord   = regexp.MustCompile(`\berror_(?:reason|description)"?\s*[:=]\s*"?[a-z]`)

	jsonEscape  = regexp.MustCompile(`\\+(?:u([0-9a-f]{4})|.)`)
	addressSign = regexp.MustCompile(`(?:%[0-9a-f]{2})+`)
	htmlTag     = regexp.MustCompile(`</?[a-z][^<>]{0,200}>`)

	plainSigns = strings.NewReplacer(
		"“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‚", "'", "´", "'", "`", "'", "...", "…", "+", " ",
	)
	numberPrefix = regexp.MustCompile(`\(#\d+\) *`)
)

// escapings is how often a text is taken out of its escapes: an answer may stand as a text in a JSON of a
// log, which stands in another one.
const escapings = 3

// readQuote reads a pasted text.
func readQuote(pasted string) quote {
	q := quote{text: unescaped(pasted)}
	q.words = plainWords(q.text)
	q.said = q.words
	if m := messageWord.FindStringSubmatch(q.text); m != nil {
		q.said = plainWords(m[1])
	}
	q.readNumbers()
	q.readNames()
	return q
}

// readNumbers reads the numbers. What has the form of a status of HTTP is taken for one unless it is known
// as a code.
func (q *quote) readNumbers() {
	text := otherCode.ReplaceAllString(q.text, "")
	if m := statusPhrase.FindStringSubmatch(text); m != nil && strings.EqualFold(m[2], http.StatusText(number(m[1]))) {
		q.bare, q.status = true, number(m[1])
		return
	}
	if m := numbersAlone.FindStringSubmatch(text); m != nil {
		q.bare = true
		q.takeNumbers(number(m[1]), number(m[2]))
		return
	}
	if m := statusWord.FindStringSubmatch(text); m != nil {
		q.status = number(m[1])
		text = statusWord.ReplaceAllString(text, "")
		q.bare = strings.Trim(text, " .,:;()") == ""
	}
	subcode := 0
	if m := subcodeWord.FindStringSubmatch(text); m != nil {
		subcode = number(m[1])
	}
	text = subcodeWord.ReplaceAllString(text, "")
	code := 0
	for _, form := range []*regexp.Regexp{codeWord, errorWord, leadingCode} {
		for _, m := range form.FindAllStringSubmatch(text, -1) {
			n := number(m[1])
			if code == 0 || !instagram.KnowsCode(code) && instagram.KnowsCode(n) {
				code, subcode = n, max(subcode, number(m[2]))
			}
		}
	}
	for _, m := range numberPair.FindAllStringSubmatch(text, -1) {
		if c, s := number(m[1]), number(m[2]); code == 0 && instagram.KnowsCode(c) && isSubcode(s) {
			code, subcode = c, s
		}
	}
	q.takeNumbers(code, subcode)
}

// takeNumbers keeps a code and a subcode. A subcode alone names its code, where it has but one.
func (q *quote) takeNumbers(code, subcode int) {
	switch {
	case instagram.KnowsCode(code) || code == exchangeCode && flatEnvelope.MatchString(q.text):
	case isSubcode(code):
		code, subcode = 0, code
	case code >= 400 && code < 600:
		code, q.status = 0, code
	}
	if code == 0 && subcode != 0 {
		code = codeOf(subcode)
	}
	q.code, q.subcode = code, subcode
}

// readNames reads the call, the cause and what a callback carries.
func (q *quote) readNames() {
	if m := callWord.FindStringSubmatch(q.text); m != nil {
		q.call = strings.TrimSpace(m[1] + m[2])
	} else if flatEnvelope.MatchString(q.text) {
		q.call = callExchange // nothing else answers so
	}
	for _, m := range causeWord.FindAllStringSubmatch(q.text, -1) {
		if c := instagram.Cause(strings.Join(m[1:], "")); isKnown(c) {
			q.cause = c
			break
		}
	}
	if m := denialWord.FindStringSubmatch(q.text); m != nil {
		q.denial, q.reasoned = m[1], reasonWord.MatchString(q.text)
	}
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // nothing but digits comes here, and few of them
	return n
}

// unescaped is a text in lower case and in one line, without the escapes of HTML, JSON and addresses, with
// plain quotation marks and without tags. A text that is cut or damaged is read as far as it goes.
func unescaped(pasted string) string {
	s := oneLine(pasted)
	for range escapings {
		s = html.UnescapeString(s)
		s = jsonEscape.ReplaceAllStringFunc(s, unescapedJSON)
		s = addressSign.ReplaceAllStringFunc(s, func(signs string) string {
			plain, _ := url.PathUnescape(signs) // they are well formed
			return plain
		})
	}
	return plainSigns.Replace(oneLine(htmlTag.ReplaceAllString(s, " ")))
}

// oneLine is a text in lower case, in one line and without what does not show.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		default:
			return unicode.ToLower(r) // what is no UTF-8 becomes U+FFFD here
		}
	}, s)
}

// unescapedJSON is what an escape of JSON stands for; a line break is a space.
func unescapedJSON(escape string) string {
	sign := strings.TrimLeft(escape, `\`)
	switch {
	case len(sign) == len("u0000") && sign[0] == 'u':
		r, _ := strconv.ParseUint(sign[1:], 16, 32) // four digits
		return string(rune(r))
	case sign == "n", sign == "r", sign == "t":
		return " "
	}
	return sign
}

// plainWords is a text in the form in which texts are compared: lower case, one space between words, no
// number before it and nothing that was left out at its ends.
func plainWords(s string) string {
	s = plainSigns.Replace(numberPrefix.ReplaceAllString(strings.ToLower(s), ""))
	return strings.Trim(strings.Join(strings.Fields(s), " "), ` ."'…`)
}
