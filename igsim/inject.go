package igsim

import (
	"cmp"
	"net/http"
)

// right says that the fault needs the right answer: to cut it in half, or to give it late.
func (f Fault) right() bool {
	return f.Kind == Truncated || f.Kind == GraphError && f.Code == 0 && f.Message == ""
}

// inject is what a call that met a fault is answered. The caller holds the lock.
func (s *Simulator) inject(c *call, f Fault, right answer) answer {
	a := right
	switch {
	case f.Kind == Cut:
		a = answer{cut: true}
	case f.Kind == Empty:
		a = answer{status: cmp.Or(f.Status, http.StatusServiceUnavailable), empty: true}
	case f.Kind == Page || c.endpoint == Authorize && !f.right():
		a = outage(cmp.Or(f.Status, http.StatusServiceUnavailable), f.Message)
	case f.Kind == Truncated:
		a.status, a.half = cmp.Or(f.Status, a.status), true
	case f.right():
		a.status = cmp.Or(f.Status, a.status)
	case f.Code == 0 && c.endpoint == CodeExchange:
		a = tokenError(cmp.Or(f.Status, http.StatusBadRequest), cmp.Or(f.Type, typeOAuth), f.Message)
	default:
		a = s.injected(c, f)
	}
	a.wait, a.fault = f.Wait, true
	return a
}

// injected is the Graph error that a fault describes.
func (s *Simulator) injected(c *call, f Fault) answer {
	e := errorFor(f.Code, f.Subcode)
	e.status = cmp.Or(f.Status, e.status)
	e.typ = cmp.Or(f.Type, e.typ)
	e.message = cmp.Or(f.Message, e.message)
	e.transient = e.transient || f.Transient
	a := e.answer(s.trace())
	a.header = limitHeaders(f, c)
	return a
}

// outage is the page of a failing front server, or with a message the error page of the www role.
func outage(status int, message string) answer {
	return answer{status: status, page: page{template: "refused.html", view: refusedView{
		Title: cmp.Or(message, "Sorry, something went wrong."),
		Text:  "We're working on getting this fixed as soon as we can.",
	}}}
}
