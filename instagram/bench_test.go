package instagram_test

import (
	"testing"

	"latchkey/instagram"
)

// BenchmarkLogin is the client's own work for the three calls of a login, without a network.
func BenchmarkLogin(b *testing.B) {
	exchange := through(canned{status: 200, body: `{"access_token":"IGAA1","user_id":28547559528000001,"permissions":["instagram_business_basic","instagram_business_manage_insights"]}`})
	extend := through(canned{status: 200, body: `{"access_token":"IGAA2","token_type":"bearer","expires_in":5183944}`})
	me := through(canned{status: 200, body: `{"id":"28547559528000001","user_id":"17841400000000123","username":"studio_north","account_type":"BUSINESS","followers_count":1200}`})
	b.ReportAllocs()
	for b.Loop() {
		short, err := exchange.Exchange(b.Context(), instagram.NewSecret(codeText))
		if err != nil {
			b.Fatal(err)
		}
		long, err := extend.Extend(b.Context(), short)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := me.Me(b.Context(), long.Value); err != nil {
			b.Fatal(err)
		}
	}
}
