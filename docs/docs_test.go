// Package docs_test holds what a page or a comment says about another page: that it is there.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = ".."

var (
	headingLine = regexp.MustCompile(`(?m)^#{1,6} (.+)$`)
	fence       = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	link        = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	// pointer is how a comment names facts about Instagram; it may run over the end of a line.
	pointer  = regexp.MustCompile(`docs/instagram\.md,\s+(?://\s*)?([A-Z][A-Za-z_ \n\t/-]*)`)
	lineJoin = regexp.MustCompile(`\s*\n\s*(?://)?\s*`)
)

// TestLinks follows every link of our pages to another page or to a heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	for page := range files(t, ".md") {
		for _, match := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, page), ""), -1) {
			target, anchor, hasAnchor := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			to := page
			if target != "" {
				to = filepath.Join(filepath.Dir(page), target)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: the link %s leads nowhere", page, match[1])
				continue
			}
			if hasAnchor && !anchors(t, to)[anchor] {
				t.Errorf("%s: the link %s leads to no heading", page, match[1])
			}
		}
	}
}

// TestPointers looks up every "(docs/instagram.md, Heading)" of the code.
func TestPointers(t *testing.T) {
	t.Parallel()
	there := anchors(t, "instagram.md")
	for file := range files(t, ".go") {
		for _, match := range pointer.FindAllStringSubmatch(read(t, file), -1) {
			for heading := range strings.SplitSeq(lineJoin.ReplaceAllString(match[1], " "), " and ") {
				if !there[anchor(strings.TrimSpace(heading))] {
					t.Errorf("%s: docs/instagram.md has no heading %q", file, heading)
				}
			}
		}
	}
}

// files yields the files of the repository with this ending.
func files(t *testing.T, ending string) func(yield func(string) bool) {
	t.Helper()
	return func(yield func(string) bool) {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."), d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case !d.IsDir() && strings.HasSuffix(path, ending) && d.Name() != "docs_test.go" && !yield(path):
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// anchors are the headings of a page, as links name them.
func anchors(t *testing.T, page string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, match := range headingLine.FindAllStringSubmatch(fence.ReplaceAllString(read(t, page), ""), -1) {
		all[anchor(match[1])] = true
	}
	return all
}

// anchor is a heading as GitHub names it: lower case, no punctuation, hyphens for spaces.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(heading))
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
