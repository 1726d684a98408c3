package igsim

import (
	"slices"
	"sort"
	"strconv"
	"time"
)

// comment is a comment on a post or a reply to one.
type comment struct {
	id       string
	post     post
	parent   string // the comment that it answers; empty on the first level
	text     string
	at       time.Time
	username string
	// userID is whose it is; Instagram often withholds it for others than the owner.
	userID string
	own    bool // of the account that owns the post
}

// threads is what callers did to comments; all the other comments are made up.
type threads struct {
	sequence uint64
	byID     map[string]comment
	under    map[string][]string // ids of written comments by the post or comment they are on
	closed   map[string]bool     // posts by id
	hidden   map[string]bool     // comments by id
	deleted  map[string]bool     // comments by id
	gone     map[string]int      // how many comments on the first level of a post were deleted
}

func newThreads() threads {
	return threads{
		byID:    make(map[string]comment),
		under:   make(map[string][]string),
		closed:  make(map[string]bool),
		hidden:  make(map[string]bool),
		deleted: make(map[string]bool),
		gone:    make(map[string]int),
	}
}

const (
	// A post has at most commentsAtMost made-up comments; the owner's answer to one has a number
	// that is higher by as much.
	commentsAtMost = 500
	firstWrittenID = 18_900_000_000_000_001
)

var (
	commenters = []string{
		"clay.and.co", "ana_reads", "north.sea.paul", "glazed_daily", "the.tea.cart", "jonas_w", "mug_hunter",
		"lena.draws", "oldtownmarket", "kiln_notes", "sofia.m", "bird.on.wire",
	}
	remarks = []string{
		"Love this!", "Where can I buy it?", "Is the blue one still there?", "😍😍😍", "See you on Saturday!",
		"How long did that take you?", "Do you ship to Norway?", "The second one is my favourite.",
		"Ordered mine yesterday ☕", "What a colour!", "My sister has one of these and uses it every day.", "🔥",
	}
	answers = []string{"Thank you 💛", "Yes, in the shop now.", "About two weeks, with the drying.", "See you there!"}
)

// commentsAtLast is how many comments a post gets in the end; stories have none.
func (x post) commentsAtLast() int {
	if x.product == "STORY" {
		return 0
	}
	most := min(12+x.owner.Followers/100, commentsAtMost)
	return between(0, most, x.owner.seed, saltComment, uint64(x.number))
}

// commentTime is when the comment with a number came; they come ever slower.
func (x post) commentTime(number int) time.Time {
	const step = 7 * time.Minute
	late := mix(x.owner.seed, saltComment+uint64(x.number), uint64(number)) % uint64(step)
	return x.at.Add(time.Duration(number*number+1)*step + time.Duration(late)).Truncate(time.Second)
}

func (x post) commentID(number int) string {
	place := (uint64(x.owner.index)*postsAtMost+uint64(x.number))*2*commentsAtMost + uint64(number)
	return strconv.FormatUint(firstCommentID+place, 10)
}

func (x post) comment(number int) comment {
	h := mix(x.owner.seed, saltComment+5000+uint64(x.number), uint64(number))
	who := h >> 8 % uint64(len(commenters))
	return comment{
		id: x.commentID(number), post: x, at: x.commentTime(number),
		text: remarks[h%uint64(len(remarks))], username: commenters[who],
		userID: strconv.FormatUint(5_500_000_000_000_001+who*2, 10),
	}
}

// ownAnswer is the owner's made-up answer to a comment; she answers one in three.
func (x post) ownAnswer(number int) (comment, bool) {
	h := mix(x.owner.seed, saltComment+7000+uint64(x.number), uint64(number))
	return comment{
		id: x.commentID(number + commentsAtMost), post: x, parent: x.commentID(number),
		at: x.commentTime(number).Add(time.Duration(h%300+10) * time.Minute), text: answers[h>>8%uint64(len(answers))],
		username: x.owner.Username, userID: x.owner.userID(), own: true,
	}, h%3 == 0
}

// madeUpAt is how many comments nobody wrote are on a post at a time.
func (x post) madeUpAt(t time.Time) int {
	return sort.Search(x.commentsAtLast(), func(n int) bool { return x.commentTime(n).After(t) })
}

// countComments is the length of what threadOf gives.
func (s *Simulator) countComments(c *call, x post) int {
	id := x.id()
	return x.madeUpAt(c.now) + len(s.written.under[id]) - s.written.gone[id]
}

// threadOf are the comments on a post at the time of the call, the newest first, without replies.
func (s *Simulator) threadOf(c *call, x post) []comment {
	var all []comment
	for n := range x.madeUpAt(c.now) {
		all = append(all, x.comment(n))
	}
	return s.withWritten(all, x.id())
}

// repliesOf are the replies to a comment, the newest first.
func (s *Simulator) repliesOf(c *call, to comment) []comment {
	var all []comment
	if number, made := madeUpNumber(to.id); made && number < commentsAtMost {
		if answer, ok := to.post.ownAnswer(number); ok && !answer.at.After(c.now) {
			all = append(all, answer)
		}
	}
	return s.withWritten(all, to.id)
}

// withWritten adds what callers wrote under a post or comment, takes away what they deleted, and
// sorts.
func (s *Simulator) withWritten(all []comment, under string) []comment {
	for _, id := range s.written.under[under] {
		all = append(all, s.written.byID[id])
	}
	all = slices.DeleteFunc(all, func(m comment) bool { return s.written.deleted[m.id] })
	slices.SortStableFunc(all, func(a, b comment) int { return b.at.Compare(a.at) })
	return all
}

// madeUpNumber is the number on its post of a comment that nobody wrote.
func madeUpNumber(id string) (number int, made bool) {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil || n < firstCommentID || n >= firstWrittenID {
		return 0, false
	}
	return int((n - firstCommentID) % (2 * commentsAtMost)), true
}

// findComment finds a comment that is there at the time of the call by its id.
func (s *Simulator) findComment(c *call, id string) (comment, bool) {
	if s.written.deleted[id] {
		return comment{}, false
	}
	if m, ok := s.written.byID[id]; ok {
		return m, true
	}
	number, made := madeUpNumber(id)
	if !made {
		return comment{}, false
	}
	n, _ := strconv.ParseUint(id, 10, 64) // madeUpNumber has read it
	place := (n - firstCommentID) / (2 * commentsAtMost)
	x, ok := s.findPost(strconv.FormatUint(firstMediaID+place, 10), c.now)
	if !ok || number%commentsAtMost >= x.commentsAtLast() {
		return comment{}, false
	}
	m := x.comment(number % commentsAtMost)
	if number >= commentsAtMost {
		m, ok = x.ownAnswer(number - commentsAtMost)
	}
	return m, ok && !m.at.After(c.now)
}

// write keeps a comment of the account's own.
func (s *Simulator) write(c *call, x post, parent, text string) comment {
	s.written.sequence++
	m := comment{
		id: strconv.FormatUint(firstWrittenID+s.written.sequence, 10), post: x, parent: parent, text: text,
		at: c.now.Truncate(time.Second), username: x.owner.Username, userID: x.owner.userID(), own: true,
	}
	on := parent
	if on == "" {
		on = x.id()
	}
	s.written.byID[m.id] = m
	s.written.under[on] = append(s.written.under[on], m.id)
	return m
}

// remove deletes a comment.
func (s *Simulator) remove(m comment) {
	s.written.deleted[m.id] = true
	if m.parent == "" {
		s.written.gone[m.post.id()]++
	}
}
