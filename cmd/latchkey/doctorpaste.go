package main

import (
	"fmt"
	"io"
	"strings"

	"latchkey/instagram"
)

// findingShown is a finding as --json has it.
type findingShown struct {
	// Cause is the stable name of the case, Class what can be done about it.
	Cause instagram.Cause `json:"cause"`
	Class instagram.Class `json:"class"`
	// Text is what the case looks like; it is never the pasted text.
	Text    string `json:"text"`
	Code    int    `json:"code"`
	Subcode int    `json:"subcode"`
	Meaning string `json:"meaning"`
	Cure    string `json:"cure"`
}

// explain says what a pasted text means. Nothing of the text is printed: it may hold a token.
func explain(out io.Writer, pasted string, asJSON bool) error {
	findings, known := instagram.Lookup(pasted)
	if asJSON {
		shown := []findingShown{}
		for _, f := range findings {
			shown = append(shown, findingShown{
				f.Cause, f.Cause.Class(), f.Text, f.Code, f.Subcode, f.Cause.Meaning() + ".", sentence(f.Cause.Cure()),
			})
		}
		return printJSON(out, struct {
			Known    bool           `json:"known"`
			Findings []findingShown `json:"findings"`
		}{known, shown})
	}
	_, err := io.WriteString(out, explanation(findings, known))
	return err
}

func explanation(findings []instagram.Finding, known bool) string {
	var b strings.Builder
	switch {
	case known && len(findings) > 1:
		b.WriteString("This can mean several things. The likeliest comes first.\n")
	case !known && len(findings) > 0:
		b.WriteString("Latchkey does not know this text. These are the nearest that it knows; they may be something else.\n")
	case !known:
		b.WriteString("Latchkey does not know this text, nor anything like it. Paste Instagram's own words, without\n" +
			"what stands around them, or the numbers, such as 190/460.\n")
	}
	for i, f := range findings {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if looks := seen(f); i > 0 && looks == seen(findings[i-1]) {
			fmt.Fprintf(&b, "%d. the same\n", i+1)
		} else {
			fmt.Fprintf(&b, "%d. %s\n", i+1, indented(looks, len("1. ")))
		}
		for _, row := range [][2]string{
			{"means", f.Cause.Meaning() + "."},
			{"do", sentence(f.Cause.Cure())},
			{"class", string(f.Cause.Class()) + ", " + classWords[f.Cause.Class()]},
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
func seen(f instagram.Finding) string {
	numbers := ""
	switch {
	case f.Subcode != 0:
		numbers = fmt.Sprintf("code %d, subcode %d", f.Code, f.Subcode)
	case f.Code != 0:
		numbers = fmt.Sprintf("code %d", f.Code)
	}
	switch {
	case f.Text == "" && numbers == "":
		return string(f.Cause)
	case f.Text == "":
		return numbers
	case numbers == "":
		return f.Text
	}
	return f.Text + " (" + numbers + ")"
}

// sentence is a cure as a sentence of its own.
func sentence(cure string) string {
	return strings.ToUpper(cure[:1]) + cure[1:] + "."
}
