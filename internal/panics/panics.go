// Package panics turns a panic into an error that may be logged.
//
// It owns what of a panic may be told: values that panic may quote tokens. It leaves to its callers
// what a step that panicked counts as: an answer with an error page in middleware, a failed try in
// the loops.
package panics

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
)

// Error is a panic.
type Error struct {
	// Text says what it was about.
	Text string
	// Stack lists the calls that led to it, from the innermost.
	Stack string
}

func (e *Error) Error() string { return "a panic: " + e.Text + "\n" + e.Stack }

// Catch calls do, and returns its panic as an *Error. A deliberate [http.ErrAbortHandler] goes on.
func Catch(do func()) (caught error) {
	defer func() {
		cause := recover()
		if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(cause)
		}
		if cause != nil {
			caught = &Error{Text: text(cause), Stack: stack()}
		}
	}()
	do()
	return nil
}

// text tells what a panic was about. Only the texts of the runtime are sure to quote nothing that was
// on its way through us: of any other value it has the type, and the stack says where.
func text(cause any) string {
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
