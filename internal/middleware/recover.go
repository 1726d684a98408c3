package middleware

import (
	"errors"
	"net/http"

	"latchkey/internal/panics"
)

// recoverPanics sends the request on and answers for a panic: with a page when nothing was sent yet, else
// by breaking the connection off, so that nobody takes half an answer for a whole one.
func (h *handler) recoverPanics(x *exchange) {
	if h.survives(x, (*handler).pass) {
		return
	}
	if x.w.status == 0 && h.survives(x, (*handler).answerPanic) {
		return
	}
	panic(http.ErrAbortHandler)
}

// answerPanic writes the page of a panic.
func (h *handler) answerPanic(x *exchange) {
	clear(x.w.Header()) // what the handler meant to send along goes with it
	h.setHeaders(x)
	h.panicked(&x.w, x.r)
}

// survives says whether a step went without a panic, and logs the panic if not. None goes on from
// here to net/http, which would log the value; but a deliberate abort does.
func (h *handler) survives(x *exchange, step func(*handler, *exchange)) bool {
	err := panics.Catch(func() { step(h, x) })
	if p, ok := errors.AsType[*panics.Error](err); ok {
		h.log.ErrorContext(x.r.Context(), "a request panicked", "route", route(x.r), "panic", p.Text, "stack", p.Stack)
	}
	return err == nil
}
