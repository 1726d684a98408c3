package igsim

import (
	"net/http"
	"time"
)

type threads struct{}

func newThreads() threads                  { return threads{} }
func (p *persona) postsAt(t time.Time) int { return p.Posts }
func (s *Simulator) pictureURL(c *call, id string) string {
	return c.origin + "/_sim/picture/" + id + ".png"
}
func (s *Simulator) media(c *call) (any, *graphError)                    { return nil, fail(unsupported("get")) }
func (s *Simulator) comments(c *call) (any, *graphError)                 { return nil, fail(unsupported("get")) }
func (s *Simulator) insights(c *call) (any, *graphError)                 { return nil, fail(unsupported("get")) }
func (s *Simulator) controlPage(w http.ResponseWriter, r *http.Request)  {}
func (s *Simulator) servePicture(w http.ResponseWriter, r *http.Request) {}
func serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Write(styleSheet)
}
