package config

import (
	"fmt"
	"strings"
)

// foreignPrefixes begin the variables that look like ours and are not settings: those of tests, and
// those that Kubernetes sets in every container for a Service that is called latchkey.
var foreignPrefixes = [...]string{prefix + "TEST_", prefix + "SERVICE_", prefix + "PORT"}

// checkVariables finds the variables of ours that belong to no setting: a slip of the pen in a
// setting that guards something must not go unnoticed.
func checkVariables(environ map[string]string) (faults []error) {
	known := map[string]bool{fileVariable: true}
	for _, s := range table() {
		known[s.Name.Variable()] = true
		if s.Secret {
			known[s.Name.Variable()+"_FILE"] = true
		}
	}
	for _, name := range sorted(environ) {
		if known[name] || isForeign(name) {
			continue
		}
		if plain, ok := strings.CutSuffix(name, "_FILE"); ok && known[plain] {
			faults = append(faults, fmt.Errorf("%s is no setting, since only secrets are read from files; "+
				"write the value itself into %s", name, plain))
			continue
		}
		faults = append(faults, fmt.Errorf("%q is no setting; %s", name, suggest(name, sorted(known))))
	}
	return faults
}

func isForeign(name string) bool {
	for _, s := range foreignPrefixes {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	return false
}

// suggest says what to write instead of an unknown name. What all names begin with says nothing
// about how near two of them are.
func suggest(name string, known []string) string {
	bare := func(name string) string { return strings.ToUpper(strings.TrimPrefix(name, prefix)) }
	names := map[string]string{}
	for _, k := range known {
		names[bare(k)] = k
	}
	nearest := Nearest(bare(name), sorted(names))
	if nearest == "" {
		return "remove it, or write the right name, which latchkey serve --help lists"
	}
	return fmt.Sprintf("write %s, or remove it", names[nearest])
}

// Nearest returns the name that is spelled most like an unknown one, for a "did you mean"; empty when
// none is like it.
func Nearest(unknown string, names []string) string {
	nearest, least := "", len(unknown)/3+1
	for _, name := range names {
		if d := distance(unknown, name); d < least {
			nearest, least = name, d
		}
	}
	return nearest
}

// distance is how many letters must be put in, taken out or changed to get from a to b
// (Levenshtein), by rows.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
