package igsim

import (
	"net/http"
	"strings"
)

var commentFields = []string{
	"id", "text", "timestamp", "from", "hidden", "like_count", "media", "parent_id", "replies", "user",
	"username", "legacy_instagram_comment_id",
}

// defaultCommentFields are what a comment has without fields.
var defaultCommentFields = []string{"timestamp", "text"}

// comments answers all calls that read, write, hide or delete comments.
func (s *Simulator) comments(c *call) (any, *graphError) {
	if err := c.require(scopeComments); err != nil {
		return nil, err
	}
	if c.edge == "comments" {
		x, err := s.ownPost(c)
		if err != nil {
			return nil, err
		}
		return s.onPost(c, x)
	}
	m, ok := s.findComment(c, c.node)
	if !ok || m.post.owner != c.persona {
		return nil, fail(noObject(strings.ToLower(c.method), c.node))
	}
	if c.edge == "replies" {
		return s.onReplies(c, m)
	}
	return s.onComment(c, m)
}

func (s *Simulator) onPost(c *call, x post) (any, *graphError) {
	switch c.method {
	case http.MethodGet:
		return s.commentList(c, s.threadOf(c, x))
	case http.MethodPost:
		return s.say(c, x, "")
	}
	return nil, fail(unsupported("delete"))
}

func (s *Simulator) onReplies(c *call, m comment) (any, *graphError) {
	switch {
	case c.method == http.MethodGet:
		return s.commentList(c, s.repliesOf(c, m))
	case c.method == http.MethodPost && m.parent != "":
		return nil, fail(because(100, 0, typeIG, "(#100) A reply can only be made to a comment on the first level"))
	case c.method == http.MethodPost:
		return s.say(c, m.post, m.id)
	}
	return nil, fail(unsupported("delete"))
}

func (s *Simulator) onComment(c *call, m comment) (any, *graphError) {
	switch c.method {
	case http.MethodPost:
		hide := c.params.Get("hide")
		if hide != "true" && hide != "false" {
			return nil, fail(because(100, 0, typeOAuth, "The parameter hide is required."))
		}
		s.written.hidden[m.id] = hide == "true"
		return map[string]bool{"success": true}, nil
	case http.MethodDelete:
		s.remove(m)
		return map[string]bool{"success": true}, nil
	}
	return s.pickComment(c, m)
}

// say writes a comment or a reply. With fields it is written and then answered with an error, as
// Instagram was seen to do.
func (s *Simulator) say(c *call, x post, parent string) (any, *graphError) {
	text := c.params.Get("message")
	if text == "" {
		return nil, fail(because(100, 0, typeOAuth, "The parameter message is required."))
	}
	if s.written.closed[x.id()] {
		return nil, fail(because(100, 0, typeIG, "(#100) Comments are turned off for this media"))
	}
	m := s.write(c, x, parent, text)
	if c.params.Has("fields") {
		return nil, fail(errorFor(1, 0))
	}
	return map[string]string{"id": m.id}, nil
}

// commentList is a page of comments, 50 at most.
func (s *Simulator) commentList(c *call, all []comment) (any, *graphError) {
	if s.switches.Unpublished {
		all = nil
	}
	return c.list(len(all), 50, 50, func(i int) (map[string]any, *graphError) { return s.pickComment(c, all[i]) })
}

func (s *Simulator) pickComment(c *call, m comment) (map[string]any, *graphError) {
	names := splitFields(c.params.Get("fields"))
	if len(names) == 0 {
		names = defaultCommentFields
	}
	return pick(s.commentObject(c, m), names, commentFields)
}

// commentObject is a comment as it is now. Without from it is one whose author Instagram
// withholds; user is there for the account's own comments only.
func (s *Simulator) commentObject(c *call, m comment) map[string]any {
	likes := int(mix(m.post.owner.seed, saltLikes, uint64(m.at.Unix())) % 6)
	object := map[string]any{
		"id":         m.id,
		"text":       m.text,
		"timestamp":  m.at.UTC().Format(timeLayout),
		"hidden":     s.written.hidden[m.id],
		"like_count": likes,
		"username":   m.username,
		"media":      map[string]any{"id": m.post.id(), "media_product_type": m.post.product},
	}
	if m.parent != "" {
		object["parent_id"] = m.parent
	}
	if m.own {
		object["user"] = map[string]any{"id": m.userID}
	}
	if m.own || likes != 0 {
		object["from"] = map[string]any{"id": m.userID, "username": m.username}
	}
	if m.parent == "" {
		var replies []any
		for _, r := range s.repliesOf(c, m) {
			replies = append(replies, map[string]any{"id": r.id, "text": r.text, "timestamp": r.at.UTC().Format(timeLayout)})
		}
		if replies != nil {
			object["replies"] = map[string]any{"data": replies}
		}
	}
	return object
}
