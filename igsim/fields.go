package igsim

import (
	"slices"
	"strings"
)

// splitFields reads a fields parameter and gives the names on its first level: "id,from{id}" is
// id and from. Modifiers such as .limit(3) are left out.
func splitFields(text string) []string {
	var names []string
	depth, begin := 0, 0
	end := -1 // where the name that began at begin ended, while a modifier is read
	take := func(at int) {
		if end < 0 {
			end = at
		}
		if name := strings.TrimSpace(text[begin:end]); name != "" {
			names = append(names, name)
		}
	}
	for i := range len(text) {
		switch text[i] {
		case '{', '(':
			depth++
		case '}', ')':
			depth--
		}
		if depth > 0 || text[i] == '.' {
			if end < 0 {
				end = i
			}
			continue
		}
		if depth <= 0 && text[i] == ',' {
			take(i)
			begin, end = i+1, -1
		}
	}
	take(len(text))
	return names
}

// pick keeps the named fields of an object, and its id. A name that no object of the kind has
// fails the call. A field that the object does not have is left out.
func pick(object map[string]any, names, known []string) (map[string]any, *graphError) {
	picked := map[string]any{"id": object["id"]}
	for _, name := range names {
		value, has := object[name]
		if has {
			picked[name] = value
			continue
		}
		if !slices.Contains(known, name) {
			return nil, fail(because(100, 0, typeIG, "(#100) Tried accessing nonexisting field (%s)", name))
		}
	}
	return picked, nil
}
