package main

import (
	"strings"
	"testing"

	"latchkey/instagram"
)

// TestDoctorKnowsItsChecks pastes the name of each check as the report has it and as --json does.
func TestDoctorKnowsItsChecks(t *testing.T) {
	t.Parallel()
	for _, name := range checkNames {
		words := strings.ReplaceAll(name, "_", " ")
		for _, pasted := range []string{name, words, " " + strings.ToUpper(words) + " ", strings.ReplaceAll(name, "_", "-")} {
			x := lookUp(pasted)
			if !x.Known || x.Findings[0].Text != words || x.Findings[0].Class != instagram.ClassIgnore || !strings.Contains(x.Findings[0].Cure, "without a text") {
				t.Errorf("%q: %+v", pasted, x)
			}
		}
	}
	if x := lookUp("redirect uri"); len(x.Findings) != 1 {
		t.Errorf("guesses beside the name of a check: %+v", x)
	}
	if x := lookUp("redirect_uri"); len(x.Findings) != 2 || x.Findings[1].Cause != "redirect_uri" {
		t.Errorf("what Instagram means by it is lost: %+v", x)
	}
	for _, other := range []string{"redirect uri of the app", "", "mailbox"} {
		if x := lookUp(other); len(x.Findings) > 0 && x.Findings[0].Class == instagram.ClassIgnore {
			t.Errorf("%q: %+v", other, x)
		}
	}
}

// TestDoctorOfNumbers pastes numbers alone, known or not, with a dash before them or not.
func TestDoctorOfNumbers(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	const unknown = "Latchkey does not know this number. Paste the whole error"
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"-1"}, "1. server error of publishing (code -1, subcode 2207001)"},
		{[]string{"--", "-1"}, "1. server error of publishing (code -1, subcode 2207001)"},
		{[]string{"1"}, "(code 1)"},
		{[]string{"12"}, unknown},
		{[]string{"-12"}, unknown},
		{[]string{"(#12)"}, unknown},
		{[]string{"12/34"}, unknown},
		{[]string{" 12 "}, unknown},
		{[]string{"12", "34"}, "Latchkey does not know this text"},
	} {
		if out := h.ok(append([]string{"doctor"}, tt.args...)...); !strings.Contains(out, tt.says) {
			t.Errorf("%q: %s", tt.args, out)
		}
	}
	for _, before := range [][]string{{"-1"}, {"code", "-1"}} {
		status, _, stderr := h.command(append(append([]string{"doctor"}, before...), "--json")...)
		if status != 2 || !strings.Contains(stderr, "latchkey doctor --json -- TEXT") {
			t.Errorf("a flag behind %q: status %d, %s", before, status, stderr)
		}
	}
	if x := h.explain("--", "-1 --json"); x.Known {
		t.Errorf("a text: %+v", x)
	}
	if out := h.ok("doctor", "--", "-1", "--json"); !strings.Contains(out, "does not know") {
		t.Errorf("a text after --: %s", out)
	}
}
