package igsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
)

// controlRoutes are the control page and the JSON API. Forms of the pages go to the same
// addresses as JSON; what came as a form is answered with a redirect.
func (s *Simulator) controlRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.controlPage)
	mux.HandleFunc("GET /_sim/style.css", serveStyle)
	mux.HandleFunc("GET /_sim/picture/{file}", s.servePicture)
	mux.HandleFunc("GET /_sim/state", s.serveState)
	mux.HandleFunc("GET /_sim/switches", s.serveSwitches)
	mux.HandleFunc("POST /_sim/clock", s.postClock)
	mux.HandleFunc("POST /_sim/switches", s.postSwitches)
	mux.HandleFunc("POST /_sim/faults", act(s.postFault))
	mux.HandleFunc("DELETE /_sim/faults", s.deleteFaults)
	mux.HandleFunc("POST /_sim/faults/heal", act(s.postHeal))
	mux.HandleFunc("POST /_sim/personas", act(s.postPersona))
	mux.HandleFunc("POST /_sim/personas/{id}/password", onPersona(s.ChangePassword))
	mux.HandleFunc("POST /_sim/personas/{id}/remove", onPersona(s.RemoveApp))
	mux.HandleFunc("POST /_sim/personas/{id}/role", s.postRole)
	mux.HandleFunc("POST /_sim/app", act(s.postApp))
	mux.HandleFunc("POST /_sim/approve", act(s.postApprove))
	mux.HandleFunc("GET "+mailboxPath, s.mailboxPage)
	mux.HandleFunc("GET /_sim/mails", s.serveMails)
	mux.HandleFunc("DELETE /_sim/mails", s.deleteMails)
	mux.HandleFunc("POST /_sim/mails/clear", act(s.postClearMails))
	return s.crossing.Handler(mux)
}

// act makes a handler of one action: it reads a T from JSON or from a form whose fields have the
// same names, and answers what the action gives. What came as a form is answered with a redirect
// to where the form was.
func act[T any](do func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in T
		isForm, err := decode(w, r, &in)
		var out any
		if err == nil {
			out, err = do(in)
		}
		reply(w, r, isForm, out, err)
	}
}

// reply answers an action.
func reply(w http.ResponseWriter, r *http.Request, isForm bool, out any, err error) {
	switch {
	case err != nil && isForm:
		answer{status: http.StatusBadRequest, page: page{template: "refused.html", view: refusedView{
			Title: "That did not work: " + err.Error(),
			Text:  "Nothing was changed. Go back in the browser and try again.",
		}}}.deliver(w, r)
	case err != nil:
		answer{status: http.StatusBadRequest, body: map[string]string{"error": err.Error()}}.deliver(w, r)
	case isForm:
		http.Redirect(w, r, localPath(r.PostForm.Get("back")), http.StatusSeeOther)
	default:
		answer{status: http.StatusOK, body: out}.deliver(w, r)
	}
}

// localPath is the address to go back to if it is one of ours, else the control page.
func localPath(back string) string {
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/"
	}
	return back
}

// decode reads the body into in. An unknown member is an error: it would be a typing error that
// does nothing. An empty body is as good as {}.
func decode(w http.ResponseWriter, r *http.Request, in any) (isForm bool, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyAtMost)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/x-www-form-urlencoded" {
		if err := r.ParseForm(); err != nil {
			return true, errors.New("the form cannot be read")
		}
		return true, fromForm(r.PostForm, in)
	}
	if r.ContentLength == 0 {
		return false, nil
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return false, fmt.Errorf("the JSON cannot be read: %w", err)
	}
	return false, nil
}

func (s *Simulator) serveSwitches(w http.ResponseWriter, r *http.Request) {
	answer{status: http.StatusOK, body: s.Switches()}.deliver(w, r)
}

// postSwitches changes the switches that are named and leaves the others. A form has all of them.
func (s *Simulator) postSwitches(w http.ResponseWriter, r *http.Request) {
	next := s.Switches()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		next = Switches{}
	}
	isForm, err := decode(w, r, &next)
	if err == nil {
		err = s.SetSwitches(next)
	}
	reply(w, r, isForm, next, err)
}

type faultOrder struct {
	Endpoint Endpoint  `json:"endpoint"`
	Next     int       `json:"next"`
	Share    float64   `json:"share"`
	Seed     uint64    `json:"seed"`
	Fault    wireFault `json:"fault"`
	// Preset is a fault of the control page's list; see presets.
	Preset string `json:"preset"`
}

// wireFault is a Fault whose wait is in milliseconds.
type wireFault struct {
	Fault
	WaitMS int64 `json:"wait_ms,omitzero"`
}

func (s *Simulator) postFault(in faultOrder) (any, error) {
	f := in.Fault.Fault
	f.Wait = time.Duration(in.Fault.WaitMS) * time.Millisecond
	if in.Preset != "" {
		p, ok := presetByID(in.Preset)
		if !ok {
			return nil, fmt.Errorf("there is no preset %q", in.Preset)
		}
		f = p.Fault
	}
	var err error
	switch {
	case (in.Next == 0) == (in.Share == 0):
		err = errors.New("say either next, how many calls fail, or share, which part of them")
	case in.Next != 0:
		err = s.FailNext(in.Endpoint, in.Next, f)
	default:
		err = s.FailShare(in.Endpoint, in.Share, in.Seed, f)
	}
	return map[string]any{"faults": s.faultsShown()}, err
}

func (s *Simulator) deleteFaults(w http.ResponseWriter, r *http.Request) {
	s.Heal()
	reply(w, r, false, map[string]any{"faults": s.faultsShown()}, nil)
}

func (s *Simulator) postHeal(struct{}) (any, error) {
	s.Heal()
	return map[string]any{"faults": s.faultsShown()}, nil
}

func (s *Simulator) postPersona(p Persona) (any, error) {
	if err := s.SetPersona(p); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[p.ID].Persona, nil
}

// onPersona is an action on the persona that the path names.
func onPersona(do func(id string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var none struct{}
		isForm, err := decode(w, r, &none)
		if err == nil {
			err = do(r.PathValue("id"))
		}
		reply(w, r, isForm, map[string]bool{"ok": true}, err)
	}
}

func (s *Simulator) postRole(w http.ResponseWriter, r *http.Request) {
	in := struct {
		HasRole bool `json:"has_role"`
	}{HasRole: true}
	isForm, err := decode(w, r, &in)
	if err == nil {
		err = s.SetRole(r.PathValue("id"), in.HasRole)
	}
	reply(w, r, isForm, map[string]bool{"ok": true}, err)
}

type appOrder struct {
	ID           string   `json:"id"`
	Secret       string   `json:"secret"`
	Name         string   `json:"name"`
	RedirectURIs []string `json:"redirect_uris"`
}

// postApp changes the members of the app that are named.
func (s *Simulator) postApp(in appOrder) (any, error) {
	a := s.App()
	if in.ID != "" {
		a.ID = in.ID
	}
	if in.Secret != "" {
		a.Secret = in.Secret
	}
	if in.Name != "" {
		a.Name = in.Name
	}
	if in.RedirectURIs != nil {
		a.RedirectURIs = in.RedirectURIs
	}
	s.SetApp(a)
	return appShown{a.ID, a.Name, a.RedirectURIs}, nil
}

func (s *Simulator) postApprove(in struct {
	AuthorizeURL string `json:"authorize_url"`
	Decision
},
) (any, error) {
	to, err := s.Approve(in.AuthorizeURL, in.Decision)
	return map[string]string{"callback_url": to}, err
}
