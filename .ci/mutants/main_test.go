package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	room := t.TempDir()
	write(t, filepath.Join(room, "a.go"), "package a\n\nconst most = 2 * 3\n\ntype t int\n\nfunc (v *t) add() bool {\n\treturn *v > most\n}\n")
	boundary := mutant{"a.go", 8, 12, "CONDITIONALS_BOUNDARY", "LIVED"}
	product := mutant{"a.go", 3, 16, "ARITHMETIC_BASE", "LIVED"}
	late := mutant{"a.go", 3, 16, "ARITHMETIC_BASE", "TIMED OUT"}
	killed := make([]mutant, 38)
	for i := range killed {
		killed[i] = mutant{"a.go", 8, 12, "CONDITIONALS_NEGATION", "KILLED"}
	}
	const all = "# What may live\n\n- `a.go:t.add` · CONDITIONALS_BOUNDARY · a reason\n- `a.go:most` · `ARITHMETIC_BASE` · another · one\n"
	for name, tt := range map[string]struct {
		named string
		lived []mutant
		whole bool
		want  string
	}{
		"all are named":            {all, []mutant{boundary, product}, true, ""},
		"by their lines":           {strings.NewReplacer("most", "3", "t.add", "8").Replace(all), []mutant{boundary, product}, true, ""},
		"one is not":               {"", []mutant{boundary}, true, "a.go:8:12 lives and is not named"},
		"another of the same kind": {all, []mutant{boundary, boundary, product}, true, "lives and is not named"},
		"one that was late":        {"", []mutant{late}, true, ""},
		"a name for one killed":    {all, []mutant{boundary}, true, "a.go:most ARITHMETIC_BASE is named and does not live"},
		"of which nobody asked":    {all, []mutant{boundary}, false, ""},
		"too many":                 {all + "- `a.go:most` · ARITHMETIC_BASE · again", []mutant{boundary, product, product}, true, "fewer than 95"},
	} {
		path := filepath.Join(room, "mutants.md")
		write(t, path, tt.named)
		names, err := readNamed(path)
		if err != nil {
			t.Fatal(err)
		}
		err = judge(room, append(tt.lived, killed...), names, tt.whole)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestReadNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mutants.md")
	if names, err := readNamed(path); err != nil || names != nil {
		t.Errorf("without a file: %v, %v", names, err)
	}
	write(t, path, "- a.go:f · CONDITIONALS_BOUNDARY\n")
	if _, err := readNamed(path); err == nil {
		t.Error("a survivor without a reason was taken")
	}
}

func TestCoverAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "coverage")
	write(t, path, "mode: set\nm/a.go:1.2,3.4 1 0\nm/b.go:1.2,3.4 1 1\nm/a.go:5.6,7.8 1 1\n")
	if err := coverAll(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if want := "mode: set\nm/a.go:1.1,99999.1 1 1\nm/b.go:1.1,99999.1 1 1\n"; err != nil || string(text) != want {
		t.Errorf("%v, %q", err, text)
	}
}
