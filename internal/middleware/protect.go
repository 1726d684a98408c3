package middleware

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
)

// protect sends the request on and answers for a panic: with a page when nothing was sent yet, else
// by breaking the connection off, so that nobody takes half an answer for a whole one.
func (h *handler) protect(x *exchange) {
	if h.survives(x, (*handler).pass) {
		return
	}
	if x.w.status == 0 && h.survives(x, (*handler).apologise) {
		return
	}
	panic(http.ErrAbortHandler)
}

// apologise writes the page of a panic.
func (h *handler) apologise(x *exchange) {
	clear(x.w.Header()) // what the handler meant to send along goes with it
	h.setHeaders(x)
	h.panicked(&x.w, x.r)
}

// survives says whether a step went without a panic, and logs the panic if not. None goes on from
// here to net/http, which would log the value; but a deliberate abort does.
func (h *handler) survives(x *exchange, step func(*handler, *exchange)) (ok bool) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares so, too
			panic(cause)
		}
		h.log.ErrorContext(x.r.Context(), "a request panicked",
			"route", route(x.r), "panic", panicText(cause), "stack", stack())
	}()
	step(h, x)
	return true
}

// panicText tells what a panic was about. Only the texts of the runtime are sure to quote nothing
// that was on its way through us: of any other value the log has the type, and the stack says where.
func panicText(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// stack lists the calls that led to a panic, from the innermost, without their arguments: an array
// that is passed by value would be printed.
func stack() string {
	var callers [64]uintptr
	n := runtime.Callers(3, callers[:]) // from the deferred function on
	frames := runtime.CallersFrames(callers[:n])
	var lines strings.Builder
	for {
		frame, more := frames.Next()
		fmt.Fprintf(&lines, "%s\n\t%s:%d\n", frame.Function, frame.File, frame.Line)
		if !more {
			return lines.String()
		}
	}
}
