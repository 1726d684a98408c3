package igsim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// timeLayout is how Instagram writes times: the zone has no colon.
const timeLayout = "2006-01-02T15:04:05-0700"

var mediaFields = []string{
	"id", "caption", "comments_count", "is_comment_enabled", "is_shared_to_feed", "like_count",
	"media_product_type", "media_type", "media_url", "owner", "permalink", "shortcode", "thumbnail_url",
	"timestamp", "username", "alt_text", "children", "copyright_check_information", "is_ai_generated",
	"legacy_instagram_media_id", "media_audio_type",
}

// media answers the list of posts, one post, and the switch for its comments.
func (s *Simulator) media(c *call) (any, *graphError) {
	if err := c.require(scopeBasic); err != nil {
		return nil, err
	}
	switch {
	case c.edge == "" && c.method == http.MethodGet:
		return s.oneMedia(c)
	case c.edge == "" && c.method == http.MethodPost:
		return s.allowComments(c)
	case c.edge == "":
		return nil, fail(noObject(strings.ToLower(c.method), c.node))
	case !s.isOwn(c):
		return nil, fail(noObject("get", c.node))
	case c.edge == "stories":
		return s.storyList(c)
	}
	return s.mediaList(c)
}

// isOwn says that the node is the account whose token it is.
func (s *Simulator) isOwn(c *call) bool {
	return c.node == "me" || c.node == c.persona.userID()
}

// ownPost is the post of the path, if it is of the account whose token it is.
func (s *Simulator) ownPost(c *call) (post, *graphError) {
	x, ok := s.findPost(c.node, c.now)
	if !ok || x.owner != c.persona {
		return post{}, fail(noObject(strings.ToLower(c.method), c.node))
	}
	return x, nil
}

func (s *Simulator) oneMedia(c *call) (any, *graphError) {
	x, err := s.ownPost(c)
	if err != nil {
		return nil, err
	}
	return pick(s.mediaObject(c, x), splitFields(c.params.Get("fields")), mediaFields)
}

func (s *Simulator) allowComments(c *call) (any, *graphError) {
	x, err := s.ownPost(c)
	if err != nil {
		return nil, err
	}
	on := c.params.Get("comment_enabled")
	if on != "true" && on != "false" {
		return nil, fail(because(100, 0, typeOAuth, "The parameter comment_enabled is required."))
	}
	s.written.closed[x.id()] = on == "false"
	return map[string]bool{"success": true}, nil
}

// mediaList gives the posts, the newest first, between since and until if they are there.
func (s *Simulator) mediaList(c *call) (any, *graphError) {
	since, until, err := c.window(time.Unix(0, 0), c.now)
	if err != nil {
		return nil, err
	}
	p := c.persona
	newest, oldest := p.postsAt(until), 0
	if since.After(time.Unix(0, 0)) {
		oldest = p.postsAt(since.Add(-time.Second))
	}
	return c.list(max(0, newest-oldest), 25, 100, func(i int) (map[string]any, *graphError) {
		x := p.post(newest - 1 - i)
		return pick(s.mediaObject(c, x), splitFields(c.params.Get("fields")), mediaFields)
	})
}

// storyList gives the stories that are live.
func (s *Simulator) storyList(c *call) (any, *graphError) {
	live := c.persona.storiesAt(c.now)
	return c.list(len(live), 25, 100, func(i int) (map[string]any, *graphError) {
		return pick(s.mediaObject(c, live[i]), splitFields(c.params.Get("fields")), mediaFields)
	})
}

// window reads since and until, which are Unix seconds. A time of tomorrow is cut to now.
func (c *call) window(since, until time.Time) (time.Time, time.Time, *graphError) {
	for name, at := range map[string]*time.Time{"since": &since, "until": &until} {
		text := c.params.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > 1<<40 {
			return since, until, fail(because(100, 0, typeOAuth, "(#100) param %s must be a valid UNIX timestamp", name))
		}
		*at = time.Unix(n, 0)
	}
	if until.After(c.now) {
		until = c.now
	}
	return since, until, nil
}

// mediaObject is a post as it is now. What Instagram leaves out is left out: like_count where the
// owner hides it, media_url where there is a copyright claim, thumbnail_url unless it is a video.
func (s *Simulator) mediaObject(c *call, x post) map[string]any {
	id := x.id()
	object := map[string]any{
		"id":                        id,
		"comments_count":            s.countComments(c, x),
		"is_comment_enabled":        !s.written.closed[id],
		"media_type":                x.kind,
		"media_product_type":        x.product,
		"owner":                     map[string]any{"id": x.owner.userID()},
		"permalink":                 x.permalink(),
		"shortcode":                 x.shortcode(),
		"timestamp":                 x.at.UTC().Format(timeLayout),
		"username":                  x.owner.Username,
		"is_ai_generated":           false,
		"legacy_instagram_media_id": id,
	}
	if x.caption != "" {
		object["caption"] = x.caption
	}
	if !x.chance(9, saltLikes) {
		object["like_count"] = x.likesAt(c.now)
	}
	if !x.chance(17, saltPost) {
		object["media_url"] = s.pictureURL(c, id)
	}
	switch x.kind {
	case "VIDEO":
		object["thumbnail_url"] = s.pictureURL(c, id)
		object["is_shared_to_feed"] = true
	case "CAROUSEL_ALBUM":
		object["children"] = map[string]any{"data": []any{map[string]any{"id": id + "1"}, map[string]any{"id": id + "2"}}}
	}
	return object
}
