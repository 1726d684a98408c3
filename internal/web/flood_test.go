package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"latchkey/igsim"
)

// TestAFloodOfLoginsFillsNothing begins logins from as many addresses, which nobody finishes: neither the memory of the
// process nor the store grows by it, and an owner who logs in among them gets in.
func TestAFloodOfLoginsFillsNothing(t *testing.T) {
	begun := 100_000
	if testing.Short() {
		begun = 10_000
	}
	const most = 5 << 20
	h := newRig(t, origin, func(h *rig) { h.signin.LoginRate = 300 })
	owner := h.browser()
	owner.signIn("studio_north") // what is made at the first use is made

	began := 0
	flood := func(from, to int) {
		for i := from; i < to; i++ {
			r := httptest.NewRequest(http.MethodGet, origin+"/login", http.NoBody)
			r.RemoteAddr = fmt.Sprintf("%d.%d.%d.1:4000", 1+i%200, i/200%250, i/50_000)
			w := httptest.NewRecorder()
			h.serves.ServeHTTP(w, r)
			if w.Code == http.StatusFound { // networks that flood wait for each other
				began++
			}
		}
	}
	memory := heap()
	flood(0, begun/2)
	goesTo(t, h.browser().login(igsim.Decision{Persona: "studio_north"}), "/")
	flood(begun/2, begun)
	h.log.Forget()
	if grown := heap() - memory; grown > most {
		t.Errorf("the memory grew by %d bytes", grown)
	}
	if began < begun*9/10 {
		t.Errorf("%d of %d logins began", began, begun)
	}
	kept, err := h.st.DeleteExpired(t.Context(), time.Now().AddDate(10, 0, 0))
	if err != nil || kept != 4 {
		t.Errorf("the store kept %d things, %v; want the marks and the sessions of two logins", kept, err)
	}
}

// heap is what the process uses of its memory.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
