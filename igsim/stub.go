package igsim

import (
	"net/http"
	"time"
)

const day = 24 * time.Hour

type (
	grant   struct{}
	token   struct{}
	threads struct{}
)

func newThreads() threads                   { return threads{} }
func mix(a, b, c uint64) uint64             { return a ^ b ^ c }
func (s *Simulator) controlRoutes() http.Handler { return http.NotFoundHandler() }
func (s *Simulator) decide(w http.ResponseWriter, r *http.Request, is role) {}
func (s *Simulator) serveCall(w http.ResponseWriter, r *http.Request, is role, path string) {}
