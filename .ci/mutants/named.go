package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// name is a line of a room's testdata/mutants.md: a mutant that may live, and why.
type name struct {
	// where is FILE:DECLARATION or FILE:LINE.
	where, kind, reason string
}

// readNamed reads the lines that begin with "- ". A room without the file has no survivors.
func readNamed(path string) (names []name, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if !ok {
			continue
		}
		parts := strings.SplitN(line, " · ", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("%s: %q is not FILE:FUNCTION · MUTATION · reason", path, line)
		}
		names = append(names, name{strings.Trim(parts[0], "`"), strings.Trim(parts[1], "`"), parts[2]})
	}
	return names, nil
}

// is says whether the line names the mutant.
func (n name) is(p place, m mutant) bool {
	return n.kind == m.kind && (n.where == m.file+":"+p.within || n.where == m.file+":"+strconv.Itoa(m.line))
}

// place is where a mutant is, for a person.
type place struct {
	// within is the declaration around it: NAME, or TYPE.METHOD.
	within string
	// text is its line.
	text string
}

func placeOf(room string, m mutant) (place, error) {
	path := filepath.Join(room, m.file)
	text, err := os.ReadFile(path)
	if err != nil {
		return place{}, err
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, text, 0)
	if err != nil {
		return place{}, err
	}
	p := place{text: strings.TrimSpace(strings.Split(string(text), "\n")[m.line-1])}
	for _, d := range parsed.Decls {
		for _, n := range declared(d) {
			if files.Position(n.node.Pos()).Line <= m.line && m.line <= files.Position(n.node.End()).Line {
				p.within = n.name
			}
		}
	}
	return p, nil
}

type declaration struct {
	name string
	node ast.Node
}

func declared(d ast.Decl) (all []declaration) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return []declaration{{receiver(d) + d.Name.Name, d}}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				all = append(all, declaration{s.Names[0].Name, s})
			case *ast.TypeSpec:
				all = append(all, declaration{s.Name.Name, s})
			}
		}
	}
	return all
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if n, ok := t.(*ast.Ident); ok {
		return n.Name + "."
	}
	return ""
}
