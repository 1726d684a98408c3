package middleware

import (
	"cmp"
	"io"
	"strconv"
	"strings"
	"sync"
)

// logCombined writes the request log to out in the combined form of Apache, as morgan prints it.
func logCombined(out io.Writer) func(*exchange) {
	var mu sync.Mutex
	var line []byte
	return func(x *exchange) {
		mu.Lock()
		defer mu.Unlock()
		line = appendCombined(line[:0], x)
		_, _ = out.Write(line) // a log that cannot be written is no reason to fail a request
	}
}

func appendCombined(line []byte, x *exchange) []byte {
	line = append(line, addrText(x.client)...)
	line = append(line, " - - ["...)
	line = x.start.UTC().AppendFormat(line, "02/Jan/2006:15:04:05 -0700")
	line = append(line, `] "`...)
	line = appendEscaped(line, cut(x.r.Method, maxMethod))
	line = append(line, ' ')
	line = appendEscaped(line, strings.TrimSuffix(patternPath(route(x.r)), "{$}"))
	line = append(line, ' ')
	line = appendEscaped(line, x.r.Proto)
	line = append(line, `" `...)
	if x.w.status == 0 {
		line = append(line, none...)
	} else {
		line = strconv.AppendInt(line, int64(x.w.status), 10)
	}
	line = append(line, ' ')
	line = strconv.AppendInt(line, x.w.bytes, 10)
	line = append(line, ` "`...)
	line = appendEscaped(line, cmp.Or(cut(referer(x.r.Referer()), maxReferer), none))
	line = append(line, `" "`...)
	line = appendEscaped(line, cmp.Or(cut(x.r.UserAgent(), maxUserAgent), none))
	return append(line, "\"\n"...)
}

// referer is the address of the page that a link was on, without what a code or a state stands in.
func referer(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		return s[:i]
	}
	return s
}

// appendEscaped adds what a client sent, so that it can end neither its quotes nor the line, nor
// speak to a terminal.
func appendEscaped(line []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for i := range len(s) {
		switch b := s[i]; {
		case b == '"' || b == '\\':
			line = append(line, '\\', b)
		case b < ' ' || b > '~':
			line = append(line, '\\', 'x', hex[b>>4], hex[b&15])
		default:
			line = append(line, b)
		}
	}
	return line
}
