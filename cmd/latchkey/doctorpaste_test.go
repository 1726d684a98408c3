package main

import (
	"encoding/json"
	"strings"
	"testing"

	"latchkey/instagram"
)

// explain is what doctor --json TEXT prints.
func (h *rig) explain(args ...string) explanation {
	h.t.Helper()
	var x explanation
	d := json.NewDecoder(strings.NewReader(h.ok(append([]string{"doctor", "--json"}, args...)...)))
	d.DisallowUnknownFields()
	must(h.t, d.Decode(&x))
	return x
}

func TestDoctorExplains(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ = map[string]string{"LATCHKEY_STORE": "nonsense"} // no setting is needed
	for _, args := range [][]string{
		{"Unsupported request - method type: get"},
		{"Unsupported", "request", "-", "method", "type:", "get"},
		{`{"error":{"message":"Unsupported request - method type: get","type":"IGApiException","code":100,"fbtrace_id":"A"}}`},
	} {
		x := h.explain(args...)
		if !x.Known || len(x.Findings) != 4 {
			t.Fatalf("%q: %+v", args, x)
		}
		first := x.Findings[0]
		want := findingShown{
			Cause: instagram.CauseNoRole, Class: instagram.ClassOperator, Text: "Unsupported request - method type: get", Code: 100,
			Meaning: "The account has no role on the app, which has only Standard Access.", Cure: first.Cure,
		}
		if first != want || !strings.HasPrefix(first.Cure, "Add it as an Instagram Tester") || !strings.HasSuffix(first.Cure, ".") {
			t.Errorf("%q: %+v", args, first)
		}
	}
	if x := h.explain("nothing that anybody has ever seen, zzz"); x.Known || x.Findings == nil {
		t.Errorf("%+v", x)
	}
}

func TestDoctorExplainsToPeople(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	for text, wants := range map[string][]string{
		"190/460": {
			"1. The session has been invalidated", "(code 190, subcode 460)\n", "\n   means  Instagram ended the session",
			"\n   do     She logs in again.\n", "\n   class  reconnect, which only the owner can cure",
		},
		"Unsupported request - method type: get": {"This can mean several things. The likeliest comes first.\n\n1. Unsupported", "\n\n2. the same\n"},
		"Unsuported reqest, methd type get":      {"Latchkey does not know this text. What follows is a guess", "1. Unsupported request - method type: get"},
		"zzz":                                    {"Latchkey does not know this text, nor anything like it", "the numbers, such as 190/460"},
		"2108006":                                {"1. media posted before the account was a professional one (subcode 2108006)\n"},
		"230":                                    {"1. code 230\n   means  A permission is missing."},
		"190/33":                                 {"1. code 190, subcode 33\n"},
		"unreachable":                            {"1. unreachable\n"},
		"status=503":                             {"1. 503 Service Unavailable\n", "\n2. the same, at your own address\n"},
	} {
		out := h.ok("doctor", text)
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%q lacks %q:\n%s", text, want, out)
			}
		}
		for line := range strings.Lines(out) {
			if strings.Contains(line, "code 0") {
				t.Errorf("%q: %q", text, line)
			}
			if len(line) > reportWidth+1 {
				t.Errorf("%q: the line %q is longer than %d", text, line, reportWidth)
			}
		}
	}
}

// TestDoctorRepeatsNothing pastes secrets in every way, and holds that none comes back.
func TestDoctorRepeatsNothing(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	c := &canaries{values: map[string]string{}}
	const token, code = "IGAAcanary0123456789abcdefghijklmnop", "AQDcanarycode0123456789"
	c.add("token", token)
	c.add("code", code)
	for _, text := range []string{
		token, "-" + token, "--" + token + "=x", "code 190 " + token,
		`{"error":{"message":"Cannot parse access token ` + token + `","code":190},"access_token":"` + token + `"}`,
		"https://latchkey.example.com/auth?code=" + code + "&error_description=Insufficient+developer+role",
		"Error validating access token: Session has expired on " + token, "unknown " + token,
		"/auth?refused=" + token, "/auth?refused=other-browser&code=" + code, `kind="` + token + `" kind=busy`, "cause=sealed " + token,
		"could not be decrypted: " + token, token + " <b>" + token + "</b> &quot;code&quot;:190", "https%3A%2F%2Fx.example%2F%3Fcode%3D" + code,
		"status 503 " + token, "code 1234567 " + token,
		"Object with ID " + token + " does not exist", "cause=" + token + " call=" + token,
	} {
		for _, flags := range [][]string{{"doctor"}, {"doctor", "--json"}} {
			_, stdout, stderr := h.command(append(flags, text)...)
			if found := c.leaks([]byte(stdout + stderr)); found != nil {
				t.Errorf("%q: printed the %v:\n%s%s", text, found, stdout, stderr)
			}
		}
	}
	if status, _, stderr := h.command("doctor", "--nonsense"); status != 2 || strings.Count(stderr, "\n") != 1 {
		t.Errorf("status %d, %s", status, stderr)
	}
	if x := h.explain("--", "-1"); !x.Known {
		t.Errorf("%+v", x)
	}
}
