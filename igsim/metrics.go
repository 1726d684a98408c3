package igsim

import "slices"

// accountMetric says how a metric of the account may be asked for, and how big it is.
type accountMetric struct {
	name     string
	lifetime bool
	// series is set for metrics that come day by day; total for those that come as one value.
	series, total bool
	breakdowns    []string
	// hundred is set for what is withheld under 100 followers.
	hundred bool
	// low and high bound the metric in thousandths of a day's reach.
	low, high int
}

var accountMetrics = []accountMetric{
	{name: "reach", series: true, total: true, breakdowns: []string{"media_product_type", "follow_type"}, low: 1000, high: 1000},
	{name: "follower_count", series: true, hundred: true},
	{name: "views", total: true, breakdowns: []string{"media_product_type", "follow_type", "follower_type"}, low: 1700, high: 2400},
	{name: "accounts_engaged", total: true, low: 60, high: 110},
	{name: "total_interactions", total: true, breakdowns: []string{"media_product_type"}, low: 90, high: 150},
	{name: "likes", total: true, breakdowns: []string{"media_product_type"}, low: 60, high: 110},
	{name: "comments", total: true, breakdowns: []string{"media_product_type"}, low: 4, high: 12},
	{name: "saves", total: true, breakdowns: []string{"media_product_type"}, low: 5, high: 20},
	{name: "shares", total: true, breakdowns: []string{"media_product_type"}, low: 3, high: 15},
	{name: "replies", total: true, low: 0, high: 4},
	{name: "reposts", total: true, low: 0, high: 5},
	{name: "follows_and_unfollows", total: true, breakdowns: []string{"follow_type"}, hundred: true, low: 4, high: 14},
	{name: "profile_links_taps", total: true, breakdowns: []string{"contact_button_type"}, low: 0, high: 8},
	{name: "follower_demographics", lifetime: true, total: true, breakdowns: demographics, hundred: true},
	{name: "engaged_audience_demographics", lifetime: true, total: true, breakdowns: demographics, hundred: true},
}

var demographics = []string{"age", "city", "country", "gender"}

func findMetric(name string) (accountMetric, bool) {
	i := slices.IndexFunc(accountMetrics, func(m accountMetric) bool { return m.name == name })
	if i < 0 {
		return accountMetric{}, false
	}
	return accountMetrics[i], true
}

// part is one value of a breakdown and its share in thousandths.
type part struct {
	value string
	share int
}

// breakdownParts are the values of each breakdown. Those of people do not add up to all: of some
// Instagram does not know.
var breakdownParts = map[string][]part{
	"follow_type":         {{"FOLLOWER", 610}, {"NON_FOLLOWER", 370}, {"UNKNOWN", 20}},
	"follower_type":       {{"FOLLOWER", 610}, {"NON_FOLLOWER", 370}, {"UNKNOWN", 20}},
	"media_product_type":  {{"REEL", 540}, {"POST", 300}, {"CAROUSEL_CONTAINER", 120}, {"STORY", 40}},
	"contact_button_type": {{"EMAIL", 450}, {"CALL", 300}, {"DIRECTION", 250}},
	"age":                 {{"18-24", 140}, {"25-34", 380}, {"35-44", 250}, {"45-54", 110}, {"55-64", 40}, {"65+", 15}},
	"gender":              {{"F", 560}, {"M", 300}, {"U", 90}},
	"country": {
		{"GB", 520}, {"DE", 110}, {"US", 90}, {"NL", 60}, {"FR", 40}, {"NO", 25}, {"IE", 20}, {"JP", 10},
	},
	"city": {
		{"Leeds, England", 290},
		{"York, England", 110},
		{"London, England", 90},
		{"Berlin, Berlin", 50},
		{"Amsterdam, North Holland", 30},
		{"Oslo, Oslo", 15},
	},
}

// mediaMetric says for which kinds of posts a metric is, and how big it is in thousandths of the
// post's reach.
type mediaMetric struct {
	name       string
	products   []string
	breakdown  string // the only one that it has
	action     string // the value of it that everybody chose
	low, high  int
	constantly bool // low to high is the value itself, not a share
}

var (
	everyProduct = []string{"FEED", "REELS", "STORY"}
	feedAndReels = []string{"FEED", "REELS"}
	feedAndStory = []string{"FEED", "STORY"}
	storyOnly    = []string{"STORY"}
	reelsOnly    = []string{"REELS"}
)

var mediaMetrics = []mediaMetric{
	{name: "views", products: everyProduct, low: 1200, high: 1900},
	{name: "reach", products: everyProduct, low: 1000, high: 1000},
	{name: "likes", products: feedAndReels},
	{name: "comments", products: feedAndReels},
	{name: "shares", products: everyProduct, low: 4, high: 30},
	{name: "saved", products: feedAndReels, low: 6, high: 40},
	{name: "total_interactions", products: everyProduct, low: 90, high: 160},
	{name: "reposts", products: feedAndReels, low: 0, high: 6},
	{name: "follows", products: feedAndStory, low: 0, high: 5},
	{name: "profile_visits", products: feedAndStory, low: 5, high: 30},
	{name: "profile_activity", products: feedAndStory, breakdown: "action_type", action: "bio_link_clicked", low: 1, high: 10},
	{name: "replies", products: storyOnly, low: 0, high: 8},
	{name: "navigation", products: storyOnly, breakdown: "story_navigation_action_type", action: "tap_forward", low: 900, high: 1400},
	{name: "link_clicks", products: storyOnly, low: 0, high: 12},
	{name: "ig_reels_avg_watch_time", products: reelsOnly, low: 2500, high: 14000, constantly: true},
	{name: "ig_reels_video_view_total_time", products: reelsOnly, low: 4_000_000, high: 12_000_000},
	{name: "reels_skip_rate", products: reelsOnly, low: 20, high: 60, constantly: true},
}

// removedMetrics are over; of a post they give no data and no error.
var removedMetrics = []string{"impressions", "plays", "clips_replays_count", "ig_reels_aggregated_all_plays_count"}
