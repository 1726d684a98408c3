package igsim

import "time"

const (
	// firstStory is the number of the story of the first day; the numbers below are of posts.
	firstStory = postsAtMost / 2
	storyLife  = 24 * time.Hour
)

// story is what the persona showed on a day, counted from the beginning; on every other day or so
// there is none.
func (p *persona) story(dayNumber int) (post, bool) {
	if dayNumber < 0 || dayNumber >= postsAtMost-firstStory {
		return post{}, false
	}
	h := mix(p.seed, saltStory, uint64(dayNumber))
	at := beginning.Add(time.Duration(dayNumber)*day + time.Duration(h>>8%uint64(12*time.Hour))).Truncate(time.Second)
	return post{owner: p, number: firstStory + dayNumber, at: at, kind: "IMAGE", product: "STORY"}, h%2 == 0
}

// storiesAt are the stories that are live at a time, the newest first.
func (p *persona) storiesAt(t time.Time) []post {
	today := int(t.Sub(beginning) / day)
	var live []post
	for _, n := range []int{today, today - 1} {
		if x, ok := p.story(n); ok && x.liveAt(t) {
			live = append(live, x)
		}
	}
	return live
}

// liveAt says that the post can be seen: a story for a day, all else from when it was published.
func (x post) liveAt(t time.Time) bool {
	return !x.at.After(t) && (x.product != "STORY" || t.Sub(x.at) < storyLife)
}
