package instagram

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
)

// Media is a picture, a video, a reel or an album of an account. What Instagram leaves out is zero
// or nil: counts that the owner hides, the address of media under a copyright claim.
type Media struct {
	ID           ID     `json:"id"`
	Caption      string `json:"caption"`
	Type         string `json:"media_type"`         // IMAGE, VIDEO or CAROUSEL_ALBUM
	ProductType  string `json:"media_product_type"` // FEED, REELS, STORY or AD
	Permalink    string `json:"permalink"`
	URL          string `json:"media_url"`     // signed: it stops working after some days
	ThumbnailURL string `json:"thumbnail_url"` // of videos, signed too
	Username     string `json:"username"`
	Timestamp    Time   `json:"timestamp"`
	Likes        *int64 `json:"like_count"`
	Comments     *int64 `json:"comments_count"`
}

// UnmarshalJSON decodes a media; its caption loses what cannot be shown safely, and keeps its lines.
func (m *Media) UnmarshalJSON(b []byte) error {
	type plain Media
	if err := json.Unmarshal(b, (*plain)(m)); err != nil {
		return err
	}
	m.Caption, m.Username = manyLines(m.Caption), oneLine(m.Username)
	return nil
}

const mediaFields = "id,caption,media_type,media_product_type,permalink,media_url,thumbnail_url," +
	"username,timestamp,like_count,comments_count"

// Media yields the media of the account, the newest first, as [Items] does. Stories are not among
// them.
func (c *Client) Media(ctx context.Context, token Secret) iter.Seq2[Media, error] {
	// Fifty of the longest captions fit into the longest answer that is read.
	q := url.Values{"fields": {mediaFields}, "limit": {"50"}}
	return Items[Media](ctx, c, token, "me/media", q)
}

// Comment is a comment or a reply. A missing From is withheld, not anonymous: mostly Username is
// there.
type Comment struct {
	ID        ID      `json:"id"`
	Text      string  `json:"text"`
	Timestamp Time    `json:"timestamp"`
	Username  string  `json:"username"`
	From      *Author `json:"from"`
	ParentID  ID      `json:"parent_id"` // of the comment that this replies to, "" on the first level
	Likes     *int64  `json:"like_count"`
	Hidden    *bool   `json:"hidden"`
}

// Author is who wrote a comment.
type Author struct {
	ID       ID     `json:"id"`
	Username string `json:"username"`
}

// UnmarshalJSON decodes a comment; its text loses what cannot be shown safely, and keeps its lines.
func (c *Comment) UnmarshalJSON(b []byte) error {
	type plain Comment
	if err := json.Unmarshal(b, (*plain)(c)); err != nil {
		return err
	}
	c.Text, c.Username = manyLines(c.Text), oneLine(c.Username)
	if c.From != nil {
		c.From.Username = oneLine(c.From.Username)
	}
	return nil
}

const commentFields = "id,text,timestamp,username,from{id,username},parent_id,like_count,hidden"

// Comments yields the comments of the first level on a media, the newest first, as [Items] does.
// An app that is not published gets an empty list and no error, whatever Media.Comments says: then
// the list is withheld, and that there are no comments would be wrong.
func (c *Client) Comments(ctx context.Context, token Secret, media ID) iter.Seq2[Comment, error] {
	return c.comments(ctx, token, string(media)+"/comments")
}

// Replies yields the replies to a comment, as [Items] does. There is one level of them.
func (c *Client) Replies(ctx context.Context, token Secret, comment ID) iter.Seq2[Comment, error] {
	return c.comments(ctx, token, string(comment)+"/replies")
}

func (c *Client) comments(ctx context.Context, token Secret, path string) iter.Seq2[Comment, error] {
	return Items[Comment](ctx, c, token, path, url.Values{"fields": {commentFields}, "limit": {"50"}})
}
