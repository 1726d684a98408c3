package igsim

import (
	"math"
	"strconv"
	"time"
)

// The world is made up: whatever is asked about a persona at a time is worked out from her ID
// and that time, so nothing of it is kept and every run sees the same.

// beginning is when the personas had the numbers that their Persona says.
var beginning = time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)

// salts keep the made-up numbers of one kind apart from those of another.
const (
	saltGrowth = iota + 1
	saltWobble
	saltPost
	saltLikes
	saltComment
	saltInsight
	saltStory
)

// followersAt is how many follow her at a time: a steady growth, with days that bring more or less.
func (p *persona) followersAt(t time.Time) int {
	days := t.Sub(beginning).Hours() / 24
	rate := float64(p.Followers) * float64(between(5, 15, p.seed, saltGrowth, 0)) / 10_000 // a day
	whole := math.Floor(days)
	today, tomorrow := p.wobble(int(whole)), p.wobble(int(whole)+1)
	n := float64(p.Followers) + rate*days + today + (tomorrow-today)*(days-whole)
	return max(0, int(n))
}

// wobble is how far the followers of a day are from the steady growth.
func (p *persona) wobble(dayNumber int) float64 {
	if dayNumber == 0 {
		return 0
	}
	spread := float64(p.Followers) / 400
	return spread * (float64(mix(p.seed, saltWobble, uint64(dayNumber))%2001)/1000 - 1)
}

// kind is what an id is for.
type kind int

const (
	kindUnknown kind = iota
	kindAccount
	kindMedia
	kindComment
)

// Ids of posts and comments carry the place of the persona and the number of the post, so that
// they can be read back.
const (
	firstMediaID   = 17_900_000_000_000_001
	firstCommentID = 18_000_000_000_000_001
	lastCommentID  = 18_999_999_999_999_999
	postsAtMost    = 100_000
)

func kindOf(id string) kind {
	n, err := strconv.ParseUint(id, 10, 64)
	switch {
	case err != nil:
		return kindUnknown
	case n >= firstMediaID && n < firstCommentID:
		return kindMedia
	case n >= firstCommentID && n <= lastCommentID:
		return kindComment
	}
	return kindAccount
}
