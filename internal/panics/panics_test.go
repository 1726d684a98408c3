package panics_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"latchkey/internal/panics"
)

func TestCatch(t *testing.T) {
	t.Parallel()
	if err := panics.Catch(func() {}); err != nil {
		t.Errorf("nothing panicked, and there is an error: %v", err)
	}
	var nothing map[string]int
	for name, tt := range map[string]struct {
		do   func()
		want string
	}{
		"the runtime's own words":     {func() { nothing["a"] = 1 }, "assignment to entry in nil map"},
		"of a text only that it was":  {func() { panic("IGAAsecret") }, "string"},
		"of an error only its type":   {func() { panic(errors.New("IGAAsecret")) }, "*errors.errorString"},
		"of a number that it was one": {func() { panic(17) }, "int"},
	} {
		err := panics.Catch(tt.do)
		p, ok := errors.AsType[*panics.Error](err)
		if !ok {
			t.Fatalf("%s: %v is no panic", name, err)
		}
		if p.Text != tt.want {
			t.Errorf("%s: %q, want %q", name, p.Text, tt.want)
		}
		if strings.Contains(err.Error(), "IGAAsecret") {
			t.Errorf("%s: the value is quoted", name)
		}
		if !strings.Contains(p.Stack, "TestCatch") {
			t.Errorf("%s: the stack does not say where:\n%s", name, p.Stack)
		}
	}
}

func TestCatchLetsAnAbortGoOn(t *testing.T) {
	t.Parallel()
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler { //nolint:errorlint // net/http compares so, too
			t.Errorf("what went on is %v", cause)
		}
	}()
	_ = panics.Catch(func() { panic(http.ErrAbortHandler) })
}
