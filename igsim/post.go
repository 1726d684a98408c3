package igsim

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// post is one of a persona's posts, worked out from its number.
type post struct {
	owner   *persona
	number  int // 0 is the oldest
	at      time.Time
	kind    string // media_type: IMAGE, VIDEO or CAROUSEL_ALBUM
	product string // media_product_type: FEED, REELS or STORY
	caption string
}

// postEvery is the usual time between two posts of a persona: one to three days.
func (p *persona) postEvery() time.Duration {
	return time.Duration(between(24, 72, p.seed, saltPost, 0)) * time.Hour
}

// postAt is when a post was published. Of the Posts that she had at the beginning, all lie before
// it, and each comes some hours after the regular time.
func (p *persona) postAt(number int) time.Time {
	every := p.postEvery()
	late := time.Duration(mix(p.seed, saltPost, uint64(number)+1) % uint64(every/2))
	return beginning.Add(time.Duration(number-p.Posts)*every + late).Truncate(time.Second)
}

// postsAt is how many posts there are at a time.
func (p *persona) postsAt(t time.Time) int {
	every := p.postEvery()
	n := p.Posts + int(math.Floor(float64(t.Sub(beginning))/float64(every)))
	n = min(max(n, 0), firstStory-1)
	if !p.postAt(n).After(t) {
		n++
	}
	return n
}

var captions = []string{
	"Fresh from the kiln. Which one would you take home?",
	"Three mugs on the shelf, one for you ☕",
	"Open studio on Saturday, 10 to 4. Come as you are.",
	"How it began and how it went 😅 #workinprogress",
	"New in the shop today.",
	"Thank you for a thousand kind words 💛",
	"Rain outside, glaze inside. #slowmade #handmade",
	"Behind the scenes: the mess before the photo.",
	"A question for you: blue or green?",
	"Sold out, and back next week.",
}

// post works out a post.
func (p *persona) post(number int) post {
	look := mix(p.seed, saltPost+100, uint64(number))
	x := post{owner: p, number: number, at: p.postAt(number), kind: "IMAGE", product: "FEED"}
	switch look % 5 {
	case 0, 1:
		x.kind, x.product = "VIDEO", "REELS"
	case 2:
		x.kind = "CAROUSEL_ALBUM"
	}
	if i := look >> 8 % uint64(len(captions)+1); i < uint64(len(captions)) {
		x.caption = captions[i]
	}
	return x
}

func (x post) id() string {
	return strconv.FormatUint(firstMediaID+uint64(x.owner.index)*postsAtMost+uint64(x.number), 10)
}

// chance is true for one post in n, always the same ones for the same salt.
func (x post) chance(n, salt uint64) bool {
	return mix(x.owner.seed, salt+1000, uint64(x.number))%n == 0
}

// grown is how much of what a post will have in the end it has at a time: fast on the first day,
// nearly all after a week.
func (x post) grown(t time.Time) float64 {
	age := t.Sub(x.at).Hours()
	if age <= 0 {
		return 0
	}
	return 1 - math.Exp(-age/30)
}

// reachAt is how many people saw the post until a time.
func (x post) reachAt(t time.Time) int {
	percent := between(15, 60, x.owner.seed, saltInsight, uint64(x.number))
	switch x.product {
	case "REELS":
		percent *= 3
	case "STORY":
		percent /= 2
	}
	return int(float64(x.owner.followersAt(x.at)*percent) / 100 * x.grown(t))
}

// share is a part of the reach in thousandths, from low to high.
func (x post) share(t time.Time, low, high int, salt uint64) int {
	return x.reachAt(t) * between(low, high, x.owner.seed, salt+2000, uint64(x.number)) / 1000
}

func (x post) likesAt(t time.Time) int { return x.share(t, 40, 120, saltLikes) }

// shortcode is the last part of the post's address.
func (x post) shortcode() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	code := []byte("D")
	for h := mix(x.owner.seed, saltPost+200, uint64(x.number)); len(code) < 11; h /= 64 {
		code = append(code, letters[h%64])
	}
	return string(code)
}

func (x post) permalink() string {
	switch x.product {
	case "REELS":
		return fmt.Sprintf("https://www.instagram.com/reel/%s/", x.shortcode())
	case "STORY":
		return fmt.Sprintf("https://www.instagram.com/stories/%s/%s", x.owner.Username, x.id())
	}
	return fmt.Sprintf("https://www.instagram.com/p/%s/", x.shortcode())
}

// findPost finds a post that is there at a time by its id.
func (s *Simulator) findPost(id string, now time.Time) (post, bool) {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || n < firstMediaID {
		return post{}, false
	}
	owner, number := int((n-firstMediaID)/postsAtMost), int((n-firstMediaID)%postsAtMost)
	if owner >= len(s.personas) {
		return post{}, false
	}
	p := s.personas[owner]
	if number >= firstStory {
		x, ok := p.story(number - firstStory)
		return x, ok && x.liveAt(now)
	}
	if number >= p.postsAt(now) {
		return post{}, false
	}
	return p.post(number), true
}
