package explain

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"latchkey/instagram"
)

// Finding is one known case that a pasted text can be. [Cause] says what it means and what to do about it.
type Finding struct {
	Cause instagram.Cause
	// Text is what this case looks like: Instagram's words, or ours where its own are not known, with …
	// for what differs from case to case; "" where only the numbers are known. It is never the pasted
	// text.
	Text string
	// Code and Subcode are the numbers that go with it, 0 where there are none.
	Code, Subcode int
}

const (
	// maxPasted is how many bytes of a pasted text are looked at: as much as one argument of a command
	// can have on Linux.
	maxPasted = 128 << 10
	// shortestText is how many bytes a known text has at least that is looked for within another one.
	shortestText = 14
	// shortestPart is how many bytes of a known text have to be pasted to find it.
	shortestPart = 20
)

// Lookup finds the cases that a text may be which somebody copied from anywhere: one of Instagram's
// pages, the body of an error, the address of a callback, a line of a log, or numbers such as
// "190/460". The likeliest comes first, and each cause once.
//
// A text that names a code is explained by that code. When nothing that is known fits, known is false,
// and the findings are guesses: the two at most whose wording is nearest, or none.
//
// The text may hold a token or another secret: nothing of it but Instagram's numbers is in the
// findings.
func Lookup(pasted string) (findings []Finding, known bool) {
	q := readQuote(strings.ToValidUTF8(pasted[:min(len(pasted), maxPasted)], ""))
	switch {
	case q.cause != "":
		findings = q.named()
	case q.strange():
		// Words beside a number that nobody knows are no more than a hint.
	case !q.bare:
		findings = append(q.byRules(), q.byText()...)
	case q.code != 0 || q.subcode != 0:
		findings = append(q.byNumbers(), q.byRules()...)
	default:
		findings = q.byStatus()
	}
	if len(findings) > 0 {
		return onePerCause(findings), true
	}
	return q.nearest(), false
}

// named is what the quote itself names as its cause, as the logs of this client do.
func (q quote) named() []Finding {
	found := q.seen(q.cause)
	for _, e := range catalogue() {
		if e.text == found.Text && e.code == found.Code && e.subcode == found.Subcode {
			return e.findings()
		}
	}
	return []Finding{found}
}

// strange says that the quote names a code that is not known.
func (q quote) strange() bool {
	return q.code != 0 && q.code != exchangeCode && !instagram.KnowsCode(q.code)
}

// byRules is what the rules say about the quote: about its numbers, or about its words where it has none
// or only the one that the code exchange has for everything.
func (q quote) byRules() []Finding {
	cause := instagram.Diagnose(&instagram.Error{Call: q.call, Code: q.code, Subcode: q.subcode, Message: q.text})
	if cause == "" && (q.code == 0 || q.code == exchangeCode) {
		cause = cmp.Or(instagram.Recognize(q.text), q.denied())
	}
	if cause == "" {
		return nil
	}
	return []Finding{q.seen(cause)}
}

// denied is what a callback says by its error alone (docs/instagram.md, Authorize).
func (q quote) denied() instagram.Cause {
	switch {
	case q.denial == "":
		return ""
	case q.denial != "access_denied":
		return "server"
	case !q.reasoned, strings.Contains(q.words, "user_denied"):
		return "denied"
	}
	return ""
}

// seen is the finding of a cause, with the sighting that fits the quote best.
func (q quote) seen(cause instagram.Cause) Finding {
	best := Finding{Cause: cause, Code: q.code, Subcode: q.subcode}
	most := 0
	for _, e := range catalogue() {
		if e.meanings[0] != cause || q.contradicts(e) {
			continue
		}
		fit := 1
		if q.has(e) {
			fit += 4
		}
		if e.code != 0 && e.code == q.code {
			fit++
		}
		if e.subcode == q.subcode {
			fit++
		}
		if q.status != 0 && strings.HasPrefix(e.text, strconv.Itoa(q.status)) {
			fit += 4
		}
		if fit > most {
			most, best = fit, e.finding(cause)
		}
	}
	return best
}

// byText is every sighting whose text is in the quote, or the quote in it.
func (q quote) byText() (all []Finding) {
	for _, e := range catalogue() {
		if q.has(e) && !q.contradicts(e) {
			all = append(all, e.findings()...)
		}
	}
	return all
}

// byNumbers is every sighting that has the numbers of the quote, those of one call alone behind the
// others. The code exchange has one code for everything, which tells nothing.
func (q quote) byNumbers() (all []Finding) {
	var narrow []Finding
	for _, e := range catalogue() {
		switch telling := e.call != callExchange || e.subcode != 0; {
		case !telling || q.code != 0 && e.code != q.code || q.subcode != 0 && e.subcode != q.subcode:
		case e.call == "":
			all = append(all, e.findings()...)
		default:
			narrow = append(narrow, e.findings()...)
		}
	}
	return append(all, narrow...)
}

// byStatus is what the status of HTTP alone says.
func (q quote) byStatus() []Finding {
	switch {
	case q.status == http.StatusTooManyRequests:
		return []Finding{q.seen(instagram.CauseRateLimit)}
	case q.status >= http.StatusInternalServerError:
		return []Finding{q.seen("outage")}
	}
	return nil
}

// contradicts says that the sighting has other numbers than the quote.
func (q quote) contradicts(e entry) bool {
	return q.code != 0 && e.code != 0 && (q.code != e.code || q.subcode != 0 && q.subcode != e.subcode)
}

// has says whether the fixed parts of the sighting's text stand in the quote one after the other, or
// the quote is a part of it.
func (q quote) has(e entry) bool {
	switch {
	case q.said == e.words, len(q.said) >= shortestPart && strings.Contains(e.words, q.said):
		return true
	case len(e.words) < shortestText:
		return false
	}
	rest := q.words
	for _, part := range e.parts {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			return false
		}
		rest = after
	}
	return true
}

// finding is the sighting as one of its meanings.
func (s sighting) finding(cause instagram.Cause) Finding {
	return Finding{cause, s.text, s.code, s.subcode}
}

// findings is the sighting with all its meanings.
func (e entry) findings() (all []Finding) {
	for _, cause := range e.meanings {
		all = append(all, e.finding(cause))
	}
	return all
}

// onePerCause keeps the first finding of each cause.
func onePerCause(all []Finding) []Finding {
	var kept []Finding
	for _, f := range all {
		if !slices.ContainsFunc(kept, func(k Finding) bool { return k.Cause == f.Cause }) {
			kept = append(kept, f)
		}
	}
	return kept
}
