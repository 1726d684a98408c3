package igsim

import (
	"context"
	"errors"
	"net/http"
	"time"
)

type clockOrder struct {
	AdvanceSeconds int64     `json:"advance_seconds"`
	Set            time.Time `json:"set"`
}

// How far one jump goes, and how far all of them lead from the machine's time: sums of times have to
// stay within what a time.Duration can hold.
const (
	jumpAtMost = 50 * 365 * day
	farthest   = 2 * jumpAtMost
)

// postClock moves the clock. A jump may take long, so the limits that the server has for an answer
// are lifted, and a person at a browser sees how far it is.
func (s *Simulator) postClock(w http.ResponseWriter, r *http.Request) {
	var in clockOrder
	isForm, err := decode(w, r, &in)
	way := journey{w: w, r: r, began: time.Now()}
	if err == nil {
		// A server without such a limit, or one of a test, has nothing to lift.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		err = s.jump(r.Context(), in, func(left time.Duration) {
			if isForm {
				way.show(s.Now(), left)
			}
		})
	}
	if way.shown {
		way.end(s.Now())
		return
	}
	reply(w, r, isForm, map[string]time.Time{"now": s.Now().UTC()}, err)
}

// jump moves the clock as ordered. It heeds ctx only while it waits for its turn.
func (s *Simulator) jump(ctx context.Context, in clockOrder, shown func(left time.Duration)) error {
	select {
	case s.stepping.turn <- struct{}{}:
		defer func() { <-s.stepping.turn }()
	case <-ctx.Done():
		return errors.New("the order was taken back before its turn came")
	}
	switch {
	case in.AdvanceSeconds < 0 || in.AdvanceSeconds > int64(jumpAtMost/time.Second):
		return errors.New("advance_seconds: from 0 to fifty years")
	case !in.Set.IsZero() && in.AdvanceSeconds != 0:
		return errors.New("advance_seconds and set cannot go together")
	case !in.Set.IsZero():
		s.Set(in.Set)
	case time.Until(s.Now()) > farthest-time.Duration(in.AdvanceSeconds)*time.Second:
		return errors.New("advance_seconds: the clock goes no further than a hundred years ahead")
	default:
		s.walk(time.Duration(in.AdvanceSeconds)*time.Second, shown)
	}
	return nil
}

// How long a jump that a form ordered goes on without a word, and the pause between two lines about
// a longer one.
const (
	wordless  = 10 * time.Second
	wordEvery = time.Second
)

// journey is the answer to a form whose jump takes long: a page that grows by a line now and then,
// so that neither the person nor a proxy gives up. The answer to a short jump is a redirect.
type journey struct {
	w     http.ResponseWriter
	r     *http.Request
	began time.Time
	told  time.Time
	shown bool
}

// show writes a line if it is time for one.
func (j *journey) show(now time.Time, left time.Duration) {
	if left == 0 || time.Since(j.began) < wordless || time.Since(j.told) < wordEvery {
		return
	}
	if !j.shown {
		j.shown = true
		h := j.w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		guard(h, "")
		j.w.WriteHeader(http.StatusOK)
		j.write("journeyBegin", nil)
	}
	j.write("journeyStep", journeyView{Now: now, Until: now.Add(left)})
	j.told = time.Now()
}

// end writes how to go on.
func (j *journey) end(now time.Time) {
	j.write("journeyEnd", journeyView{Now: now, Back: localPath(j.r.PostForm.Get("back"))})
}

// write sends a part of the page. Whether anybody still reads it makes no difference to the jump, and
// somebody who does not cannot hold it up for long.
func (j *journey) write(part string, view any) {
	c := http.NewResponseController(j.w)
	_ = c.SetWriteDeadline(time.Now().Add(wordless))
	_, _ = j.w.Write(render(part, view))
	_ = c.Flush()
}

type journeyView struct {
	Now, Until time.Time
	Back       string
}
