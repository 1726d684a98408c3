package instagram

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestLabel is how many characters of a name are kept. Instagram itself takes 30 for a user name
// and 64 for a name.
const longestLabel = 200

// oneLine makes a text of Instagram's safe to show in one line, in a title, a mail or a terminal: without
// control characters, and without those that turn the direction of what stands around it. It ends at
// 200 characters. What joins letters and emoji stays.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(withoutControls(s)), " ")
	if utf8.RuneCountInString(s) <= longestLabel {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:longestLabel]), " "+joiner)
}

// manyLines does so for a text that may have line breaks, such as a caption, and leaves its length.
func manyLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = withoutControls(line)
	}
	return strings.Join(lines, "\n")
}

// joiner makes one picture of several emoji, and one letter of several in some scripts.
const joiner = "\u200d"

// turners set the direction of a text, or hide in it, and show nothing themselves.
var turners = []*unicode.RangeTable{unicode.Bidi_Control, {R16: []unicode.Range16{
	{Lo: 0x200b, Hi: 0x200b, Stride: 1}, // zero width space
	{Lo: 0x2060, Hi: 0x2064, Stride: 1}, // word joiner and invisible operators
	{Lo: 0x206a, Hi: 0x206f, Stride: 1}, // deprecated format characters
	{Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, // byte order mark
	{Lo: 0xfff9, Hi: 0xfffb, Stride: 1}, // interlinear annotation
}}}

func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), slices.ContainsFunc(turners, func(t *unicode.RangeTable) bool { return unicode.Is(t, r) }):
			return -1
		default:
			return r // what is no UTF-8 becomes U+FFFD here
		}
	}, s)
}
