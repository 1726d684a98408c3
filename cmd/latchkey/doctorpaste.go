package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"latchkey/instagram"
	"latchkey/internal/explain"
)

// findingShown is a finding as --json has it.
type findingShown struct {
	// Cause is the stable name of the case, "" where it is a line of our log, or the name of a check; Class is what can be done about it.
	Cause instagram.Cause `json:"cause"`
	Class instagram.Class `json:"class"`
	// Text is what the case looks like; it is never the pasted text.
	Text    string `json:"text"`
	Code    int    `json:"code"`
	Subcode int    `json:"subcode"`
	Meaning string `json:"meaning"`
	Cure    string `json:"cure"`
}

// explanation is what is known of a pasted text, and what --json prints.
type explanation struct {
	// Known is false when the findings are guesses.
	Known    bool           `json:"known"`
	Findings []findingShown `json:"findings"`
}

// explainText says what a pasted text means. Nothing of the text is printed: it may hold a token.
func explainText(out io.Writer, pasted string, asJSON bool) error {
	x := lookUp(pasted)
	if asJSON {
		return printJSON(out, x)
	}
	text := x.String()
	if len(x.Findings) == 0 && numberAlone.MatchString(pasted) {
		text = unknownNumber
	}
	_, err := io.WriteString(out, text)
	return err
}

// lookUp reads a pasted text as Latchkey's own words, and else as Instagram's.
func lookUp(pasted string) explanation {
	if own := ownWords(pasted); own != nil {
		return explanation{true, own}
	}
	findings, known := explain.Lookup(pasted)
	if !known {
		if own := ownLine(pasted); own != nil {
			return explanation{true, own}
		}
	}
	x := explanation{known, []findingShown{}}
	for _, f := range findings {
		meaning, cure := explain.Cause(string(f.Cause))
		x.Findings = append(x.Findings, findingShown{f.Cause, explain.Class(f.Cause), f.Text, f.Code, f.Subcode, meaning + ".", sentence(cure)})
	}
	x.Findings = append(x.Findings, besides(findings, strings.ToLower(pasted))...)
	return withCheck(x, pasted)
}

// numberAlone is a number, or two, and nothing else.
var numberAlone = regexp.MustCompile(`^[-#\s(]*\d+(?:/\d+)?[\s)]*$`)

// unknownNumber is for a number that is not known.
const unknownNumber = `Latchkey does not know this number. Paste the whole error, from {"error" on: its words may tell more.
`

// pasteInstead is for a text that is not known, nor anything like it.
const pasteInstead = `Latchkey does not know this text, nor anything like it, so that it has no advice. It can explain:

   the sentence on Instagram's page
   the body of an error, from {"error" on
   a line of Latchkey's log, whole
   the address with error= or refused= in it to which the browser came back
   the numbers, such as 190/460
`

func (x explanation) String() string {
	var b strings.Builder
	switch {
	case x.Known && len(x.Findings) > 1:
		b.WriteString("This can mean several things. The likeliest comes first.\n")
	case !x.Known && len(x.Findings) > 0:
		b.WriteString("Latchkey does not know this text. What follows is a guess: the nearest that it knows, which may be\n" +
			"something else.\n")
	case !x.Known:
		b.WriteString(pasteInstead)
	}
	for i, f := range x.Findings {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if looks := f.seen(); i > 0 && looks == x.Findings[i-1].seen() {
			fmt.Fprintf(&b, "%d. the same\n", i+1)
		} else {
			fmt.Fprintf(&b, "%d. %s\n", i+1, indented(looks, len("1. ")))
		}
		for _, row := range [][2]string{
			{"means", f.Meaning},
			{"do", f.Cure},
			{"class", string(f.Class) + ", " + classWords[f.Class]},
		} {
			fmt.Fprintf(&b, "   %-7s%s\n", row[0], indented(row[1], len("   ")+7))
		}
	}
	return b.String()
}

// classWords say what a class is (docs/instagram.md, Classes).
var classWords = map[instagram.Class]string{
	instagram.ClassReconnect: "which only the owner can cure, by a new login",
	instagram.ClassRetry:     "which may go by itself; Latchkey tries again",
	instagram.ClassHold:      "which lasts for hours or days; the token stays good",
	instagram.ClassOperator:  "which is for you to cure: the app at Meta, or the settings",
	instagram.ClassPermanent: "which never works for this call; the connection is fine",
	instagram.ClassIgnore:    "which is no trouble",
}

// seen is what a finding looks like, with its numbers.
func (f findingShown) seen() string {
	var numbers []string
	if f.Code != 0 {
		numbers = append(numbers, fmt.Sprintf("code %d", f.Code))
	}
	if f.Subcode != 0 {
		numbers = append(numbers, fmt.Sprintf("subcode %d", f.Subcode))
	}
	switch {
	case f.Text == "" && numbers == nil:
		return string(f.Cause)
	case f.Text == "":
		return strings.Join(numbers, ", ")
	case numbers == nil:
		return f.Text
	}
	return f.Text + " (" + strings.Join(numbers, ", ") + ")"
}

// sentence is a cure as a sentence of its own.
func sentence(cure string) string {
	return strings.ToUpper(cure[:1]) + cure[1:] + "."
}
