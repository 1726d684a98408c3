package httpapi_test

import (
	"encoding/json"
	"testing"
	"time"

	"latchkey/internal/httpapi"
	"latchkey/internal/store"
)

// TestConnection holds the form letter by letter: other people's programs lean on it.
func TestConnection(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	followers := int64(0)
	for _, tt := range []struct {
		name string
		in   store.Connection
		want string
	}{
		{
			"everything known",
			store.Connection{
				ID: "17841400000000123", AppScopedID: "28547559528000001", Username: "studio_north", Name: "Studio North",
				AccountType: "business", PictureURL: "https://scontent.cdninstagram.com/x.jpg", Followers: &followers,
				ScopesAsked: []string{"a", "b"}, Scopes: []string{"a"}, Status: store.StatusActive,
				ConnectedAt: noon, TokenIssuedAt: noon, TokenExpiresAt: noon.Add(time.Hour), NextRefreshAt: noon.Add(123 * time.Millisecond),
				SealedToken: []byte("sealed"), Version: 7,
			},
			`{"id":"17841400000000123","app_scoped_id":"28547559528000001","username":"studio_north","name":"Studio North",` +
				`"account_type":"business","picture_url":"https://scontent.cdninstagram.com/x.jpg","followers":0,"follows":null,"media":null,` +
				`"scopes_asked":["a","b"],"scopes":["a"],"status":"active","status_reason":"","connected_at":"2026-11-23T12:00:00.000Z",` +
				`"token_issued_at":"2026-11-23T12:00:00.000Z","token_expires_at":"2026-11-23T13:00:00.000Z","refreshed_at":null,` +
				`"next_refresh_at":"2026-11-23T12:00:00.123Z","version":7}`,
		},
		{
			"nothing known",
			store.Connection{},
			`{"id":"","app_scoped_id":"","username":"","name":"","account_type":"","picture_url":"","followers":null,"follows":null,` +
				`"media":null,"scopes_asked":null,"scopes":null,"status":"","status_reason":"","connected_at":null,"token_issued_at":null,` +
				`"token_expires_at":null,"refreshed_at":null,"next_refresh_at":null,"version":0}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(httpapi.Connection(tt.in))
			if err != nil || string(got) != tt.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
			}
		})
	}
}
