package explain

import (
	"cmp"
	"slices"
	"strings"
)

const (
	// nearestShown is how many guesses there are at most for what is not known.
	nearestShown = 2
	// nearEnough is the likeness from which a text is worth showing beside another.
	nearEnough = 0.5
	// leastGuessed is how many bytes a text has at least about which anything is guessed.
	leastGuessed = 12
)

// subjects are what a text can be about, the narrower before the wider. A guess that speaks of another
// subject would be advice for something else: what is about a permission is not cured by another token.
var subjects = [][]string{
	{"permission", "scope", "advanced access"},
	{"secret", "signature"},
	{"redirect"},
	{"webhook"},
	{"password"},
	{"comment"},
	{"metric", "insights"},
	{"media", "posted", "picture", "image", "video"},
	{"limit", "too many", "used up its calls"},
	{"tester", "developer role", "role on the app"},
	{"token", "session"},
}

// subject is the first of the subjects that a text speaks of, counted from 1; 0 when it is none.
func subject(text string) int {
	return 1 + slices.IndexFunc(subjects, func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
	})
}

// nearest are guesses: the sightings whose wording is most like that of the quote, the likest first. None
// of them has other numbers than the quote, or speaks of another subject.
func (q quote) nearest() []Finding {
	if len(q.said) < leastGuessed {
		return nil
	}
	type near struct {
		entry
		likeness float64
	}
	var all []near
	mine, about := trigrams(q.said), subject(q.said)
	for _, e := range catalogue() {
		if q.contradicts(e) || about != 0 && e.subject() != about {
			continue
		}
		if l := likeness(mine, trigrams(e.words)); l >= nearEnough {
			all = append(all, near{e, l})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.likeness, a.likeness) })
	var found []Finding
	for _, n := range all {
		found = append(found, n.finding(n.meanings[0]))
	}
	if found = onePerCause(found); len(found) == 0 {
		found = q.byStatus()
	}
	return found[:min(len(found), nearestShown)]
}

// subject is what the advice of a sighting speaks of, or its text where the advice has no subject, and where
// the text is a symptom in plain words.
func (e entry) subject() int {
	advice := subject(strings.ToLower(known(e.meanings[0]).meaning))
	if e.cause != "" {
		return cmp.Or(subject(e.words), advice)
	}
	return cmp.Or(advice, subject(e.words))
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
