package igsim

import (
	"time"
)

type threads struct{}

func newThreads() threads                                { return threads{} }
func (p *persona) postsAt(t time.Time) int               { return p.Posts }
func (s *Simulator) media(c *call) (any, *graphError)    { return nil, fail(unsupported("get")) }
func (s *Simulator) comments(c *call) (any, *graphError) { return nil, fail(unsupported("get")) }
func (s *Simulator) insights(c *call) (any, *graphError) { return nil, fail(unsupported("get")) }
