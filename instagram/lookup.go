package instagram

import (
	"cmp"
	"slices"
	"strings"
)

// Finding is one known case that a pasted text can be. What it means and what to do about it are
// the Cause's to say.
type Finding struct {
	Cause Cause
	// Text is what this case looks like: Instagram's words, or ours where its own are not known, with …
	// for what differs from case to case; "" where only the numbers are known. It is never the pasted
	// text.
	Text string
	// Code and Subcode are the numbers that go with it, 0 where there are none.
	Code, Subcode int
}

const (
	// maxPasted is how many bytes of a pasted text are looked at.
	maxPasted = 64 << 10
	// nearestShown is how many findings there are at most for what is not known.
	nearestShown = 3
	// nearEnough is the likeness from which a text is worth showing beside another.
	nearEnough = 0.3
	// shortestPart is how many bytes of a known text have to be pasted to find it.
	shortestPart = 8
)

// Lookup finds the cases that a text may be which somebody copied from anywhere: one of Instagram's
// pages, the body of an error, the address of a callback, a line of a log, or numbers such as
// "190/460". The likeliest comes first, and each cause once. When it knows none, known is false and
// the findings are those whose wording is nearest, or none.
//
// The text may hold a token or another secret: nothing of it but Instagram's numbers is in the
// findings.
func Lookup(pasted string) (findings []Finding, known bool) {
	q := readQuote(cut(pasted, maxPasted))
	switch {
	case q.cause != "":
		findings = q.named()
	case q.bare:
		findings = append(q.byNumbers(), q.byRules()...)
	default:
		findings = append(q.byRules(), q.byText()...)
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

// byRules is what the rules say about the quote.
func (q quote) byRules() []Finding {
	cause := Recognize(q.text)
	if q.code != 0 || q.subcode != 0 {
		if c := diagnose(&Error{Call: q.call, Code: q.code, Subcode: q.subcode, Message: q.text}); c != "" {
			cause = c
		}
	}
	if cause == "" {
		return nil
	}
	return []Finding{q.seen(cause)}
}

// seen is the finding of a cause, with the sighting that fits the quote best.
func (q quote) seen(cause Cause) Finding {
	best := Finding{Cause: cause, Code: q.code}
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

// byNumbers is every sighting that has the numbers of the quote. The code exchange has one code for
// everything, which tells nothing.
func (q quote) byNumbers() (all []Finding) {
	for _, e := range catalogue() {
		telling := e.call != callExchange || e.subcode != 0
		if e.code == q.code && telling && (q.subcode == 0 || e.subcode == q.subcode) {
			all = append(all, e.findings()...)
		}
	}
	return all
}

// contradicts says that the sighting has other numbers than the quote.
func (q quote) contradicts(e entry) bool {
	return q.code != 0 && e.code != 0 && (q.code != e.code || q.subcode != 0 && q.subcode != e.subcode)
}

// has says whether the fixed parts of the sighting's text stand in the quote one after the other, or
// the quote is a part of it.
func (q quote) has(e entry) bool {
	if len(q.words) >= shortestPart && strings.Contains(e.words, q.words) {
		return true
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

// nearest are the sightings whose wording is most like that of the quote, the likest first.
func (q quote) nearest() []Finding {
	type near struct {
		entry
		likeness float64
	}
	var all []near
	mine := trigrams(q.words)
	for _, e := range catalogue() {
		if l := likeness(mine, trigrams(e.words)); l >= nearEnough {
			all = append(all, near{e, l})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.likeness, a.likeness) })
	var found []Finding
	for _, n := range all {
		found = append(found, n.finding(n.meanings[0]))
	}
	found = onePerCause(found)
	return found[:min(len(found), nearestShown)]
}

// finding is the sighting as one of its meanings.
func (s sighting) finding(cause Cause) Finding { return Finding{cause, s.text, s.code, s.subcode} }

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

// trigrams are the runs of three bytes in a text, counted.
func trigrams(s string) map[string]int {
	all := map[string]int{}
	for i := range len(s) - 2 {
		all[s[i:i+3]]++
	}
	return all
}

// likeness says how like a pasted text is to a known one, from 0 to 1: the mean of the share of the
// trigrams that both have (Dice), and of the share of those pasted, because many paste a part.
func likeness(pasted, known map[string]int) float64 {
	common, some := 0, 0
	for t, n := range pasted {
		common += min(n, known[t])
		some += n
	}
	all := some
	for _, n := range known {
		all += n
	}
	if some == 0 {
		return 0
	}
	return (2*float64(common)/float64(all) + float64(common)/float64(some)) / 2
}
