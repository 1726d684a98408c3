package i18n

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	tmpl "text/template/parse"
)

// use is where a text is asked for by a literal key, with these arguments.
type use struct {
	where, key string
	args       []string
}

// uses are all of them, in the templates and in the code of every room that has texts.
func uses(t *testing.T) (all []use, literals []string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case strings.HasSuffix(path, ".html") && strings.Contains(path, "templates"), strings.HasSuffix(path, ".txt") && strings.Contains(path, "texts"):
			all = append(all, inTemplate(t, path)...)
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			calls, strs := inCode(t, path)
			all, literals = append(all, calls...), append(literals, strs...)
		}
		return nil
	})
	if err != nil || len(all) < 200 {
		t.Fatalf("%d uses, %v", len(all), err)
	}
	for _, u := range all {
		literals = append(literals, u.key)
	}
	return all, literals
}

// inTemplate finds what a template asks for.
func inTemplate(t *testing.T, path string) (all []use) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The functions are not called here; that they are known is enough.
	known := map[string]any{}
	for _, name := range []string{"t", "day", "minute", "bdi", "at", "language", "eq", "ne", "len", "index", "and", "or", "not"} {
		known[name] = fmt.Sprint
	}
	trees, err := tmpl.Parse(path, string(text), "", "", known)
	if err != nil {
		t.Fatal(err)
	}
	for _, tree := range trees {
		for _, call := range calls(tree.Root) {
			if id, ok := call.Args[0].(*tmpl.IdentifierNode); !ok || id.Ident != "t" {
				continue
			}
			u := use{where: path}
			for i, arg := range call.Args[1:] {
				s, ok := arg.(*tmpl.StringNode)
				switch {
				case i == 0 && !ok:
					t.Fatalf("%s: the key of %v is no literal", path, call)
				case i == 0:
					u.key = s.Text
				case i%2 == 1:
					u.args = append(u.args, s.Text)
				}
			}
			all = append(all, u)
		}
	}
	return all
}

// calls are the commands in a node and under it.
func calls(node tmpl.Node) (found []*tmpl.CommandNode) {
	in := func(nodes ...tmpl.Node) {
		for _, n := range nodes {
			found = append(found, calls(n)...)
		}
	}
	branch := func(b *tmpl.BranchNode) {
		in(b.Pipe, b.List)
		if b.ElseList != nil {
			in(b.ElseList)
		}
	}
	switch n := node.(type) {
	case *tmpl.ListNode:
		in(n.Nodes...)
	case *tmpl.ActionNode:
		in(n.Pipe)
	case *tmpl.IfNode:
		branch(&n.BranchNode)
	case *tmpl.WithNode:
		branch(&n.BranchNode)
	case *tmpl.RangeNode:
		branch(&n.BranchNode)
	case *tmpl.TemplateNode:
		if n.Pipe != nil {
			in(n.Pipe)
		}
	case *tmpl.PipeNode:
		for _, c := range n.Cmds {
			found = append(found, c)
			in(c.Args...)
		}
	}
	return found
}

var looksLikeKey = regexp.MustCompile(`^[a-z_]+\.([A-Za-z_]+(\.[A-Za-z_]+)*)?\.?$`)

// inCode finds what Go asks for by a literal key, and every literal that looks like a key or the beginning of one.
func inCode(t *testing.T, path string) (all []use, literals []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	literal := func(e ast.Expr) (string, bool) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(lit.Value)
		return s, err == nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if s, ok := literal(e); ok && looksLikeKey.MatchString(s) {
				literals = append(literals, s)
			}
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Text", "HTML", "List"}, f.Sel.Name) || len(call.Args) == 0 {
			return true
		}
		u := use{where: path}
		if u.key, ok = literal(call.Args[0]); !ok {
			return true
		}
		for i := 1; i < len(call.Args); i += 2 {
			if name, ok := literal(call.Args[i]); ok {
				u.args = append(u.args, name)
			}
		}
		all = append(all, u)
		return true
	})
	return all, literals
}

// TestEveryTextThatIsAskedForIsThere holds that each key that stands in a template or in the code is that of a text,
// which fills in just what it is given.
func TestEveryTextThatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	all, _ := uses(t)
	for _, u := range all {
		text, ok := English().texts[u.key]
		if !ok {
			t.Errorf("%s asks for %q, which is not there", u.where, u.key)
			continue
		}
		slices.Sort(u.args)
		if !slices.Equal(u.args, text.arguments()) {
			t.Errorf("%s fills %q with %v, want %v", u.where, u.key, u.args, text.arguments())
		}
	}
}

// TestEveryTextIsAskedFor holds that no text is left over: each stands in a template or in the code, whole or by how its
// key begins.
func TestEveryTextIsAskedFor(t *testing.T) {
	t.Parallel()
	_, literals := uses(t)
	for key := range English().texts {
		used := slices.ContainsFunc(literals, func(begin string) bool {
			rest, ok := strings.CutPrefix(key, begin)
			return ok && (rest == "" || strings.HasSuffix(begin, ".") || rest[0] == '.')
		})
		if !used {
			t.Errorf("nobody asks for %q", key)
		}
	}
}

// TestNoWordsOutsideTheCatalogue holds that no page has words in its template.
func TestNoWordsOutsideTheCatalogue(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../web/*/templates/*.html")
	kit, err2 := filepath.Glob("../page/templates/*.html")
	if pages = append(pages, kit...); err != nil || err2 != nil || len(pages) < 12 {
		t.Fatalf("%d templates, %v, %v", len(pages), err, err2)
	}
	actions := regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	marks := regexp.MustCompile(`[a-z-]+="[^"]*"|<[^>]*>`) // an action may stand between a mark and its attribute
	word := regexp.MustCompile(`\pL{2,}`)
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range word.FindAllString(marks.ReplaceAllString(actions.ReplaceAllString(string(text), ""), " "), -1) {
			if found != "UTC" {
				t.Errorf("%s has the word %q", path, found)
			}
		}
	}
}
