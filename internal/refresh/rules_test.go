package refresh

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/store"
	"latchkey/internal/usage"
)

// The tables here hold the rules one by one: a row on each side of every boundary. What the rules do to
// a connection from its login to its end is in the other tests.

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const instant = time.Nanosecond

// TestPromisedTimes holds the times that the documentation names.
func TestPromisedTimes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ is, want time.Duration }{
		"a token is not refreshed before":             {youngest, 24 * time.Hour},
		"two answers that ask for an owner are apart": {agreement, 5 * time.Minute},
		"the keeper looks every":                      {lookEvery, 30 * time.Second},
		"a lease lives":                               {leaseTerm, 10 * time.Minute},
		"its holder trusts it for":                    {trust, 7 * time.Minute},
		"a call takes at most":                        {callWithin, 30 * time.Second},
		"failures count together for":                 {window, 24 * time.Hour},
		"another account is healthy for":              {healthyFor, time.Minute},
		"the first probe comes after":                 {firstProbe, 5 * time.Minute},
		"probes are at most apart":                    {longestProbe, time.Hour},
		"the app waits at its limit for":              {appHold, time.Hour},
		"and at most for":                             {longestHold, 24 * time.Hour},
		"a write takes at most":                       {writeWithin, 5 * time.Second},
	} {
		if tt.is != tt.want {
			t.Errorf("%s %v, want %v", name, tt.is, tt.want)
		}
	}
}

// TestStopFitsIntoTenSeconds holds that what a stop waits for is over before ten seconds are: the call in
// hand, the write of its answer, and the leases that are given back.
func TestStopFitsIntoTenSeconds(t *testing.T) {
	t.Parallel()
	if stopPatience < 8*time.Second || lastWriteWithin < time.Second || giveBackWithin < 500*time.Millisecond {
		t.Error("an answer that is on its way has no time to come")
	}
	if all := stopPatience + lastWriteWithin + giveBackWithin; all > 9500*time.Millisecond {
		t.Errorf("%v in all", all)
	}
	ctx, stop := context.WithCancel(t.Context())
	if got := writeTime(ctx); got != writeWithin {
		t.Errorf("a write takes up to %v", got)
	}
	stop()
	if got := writeTime(ctx); got != lastWriteWithin {
		t.Errorf("a write after the order to stop takes up to %v", got)
	}
}

// TestCallInHand holds that a call takes thirty seconds at most, and eight after the order to stop.
func TestCallInHand(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ stop, want time.Duration }{
		"no stop":             {time.Hour, 30 * time.Second},
		"at its beginning":    {0, 8 * time.Second},
		"in the middle of it": {10 * time.Second, 18 * time.Second},
		"near its end":        {25 * time.Second, 30 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			defer time.AfterFunc(tt.stop, stop).Stop()
			begun := time.Now()
			call, cancel := inHand(ctx)
			defer cancel()
			<-call.Done()
			if took := time.Since(begun); took != tt.want {
				t.Errorf("%s: given up after %v, want %v", name, took, tt.want)
			}
		})
	}
}

// TestGivenUp holds that only what a stop broke off says nothing: neither what took too long, nor what was
// answered after the order to stop.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	lasts := t.Context()
	over, cancel := context.WithCancel(lasts)
	cancel()
	for name, tt := range map[string]struct {
		ctx, hand context.Context
		want      bool
	}{
		"neither":              {lasts, lasts, false},
		"it took too long":     {lasts, over, false},
		"answered after it":    {over, lasts, false},
		"broken off by a stop": {over, over, true},
	} {
		if got := givenUp(tt.ctx, tt.hand); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestRepeats holds that a failure is like the last one when class and cause are.
func TestRepeats(t *testing.T) {
	t.Parallel()
	f := failure{class: instagram.ClassOperator, cause: "app_secret"}
	for before, want := range map[[2]string]bool{
		{"operator", "app_secret"}: true, {"operator", "method"}: false, {"hold", "app_secret"}: false, {"", ""}: false,
	} {
		if got := f.repeats(store.RefreshFailure{Class: before[0], Cause: before[1]}); got != want {
			t.Errorf("after %v: %t", before, got)
		}
	}
}

// TestOutcomeOf holds what a trace says of a step that an error of ours ended.
func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	if good, bad := outcomeOf(nil), outcomeOf(errAny); good != "ok" || bad != "failed" {
		t.Errorf("%q, %q", good, bad)
	}
}

// TestLeasesAreGivenBackTogether holds until when leases are given back: each within the time of a write,
// and after the order to stop all of them within half a second.
func TestLeasesAreGivenBackTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		k := &Keeper{}
		if got := time.Until(k.giveBackBy(ctx)); got != 5*time.Second {
			t.Errorf("within %v", got)
		}
		stop()
		first := k.giveBackBy(ctx)
		if got := time.Until(first); got != 500*time.Millisecond {
			t.Errorf("at a stop, within %v", got)
		}
		time.Sleep(time.Minute)
		if next := k.giveBackBy(ctx); !next.Equal(first) {
			t.Errorf("the next until %v, want %v", next, first)
		}
	})
}

func TestDue(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		token []byte
		next  time.Time
		want  bool
	}{
		"now":                {[]byte("sealed"), noon, true},
		"before":             {[]byte("sealed"), noon.Add(-instant), true},
		"later":              {[]byte("sealed"), noon.Add(instant), false},
		"never":              {[]byte("sealed"), time.Time{}, false},
		"without a token":    {nil, noon, false},
		"nothing of the two": {nil, time.Time{}, false},
	} {
		if got := due(store.Connection{SealedToken: tt.token, NextRefreshAt: tt.next}, noon); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTooYoungByAMoment(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]bool{
		24 * time.Hour: false, 24*time.Hour - instant: true, 0: true, -time.Hour: true, 60 * 24 * time.Hour: false,
	} {
		if got := tooYoung(store.Connection{TokenIssuedAt: noon.Add(-age)}, noon); got != want {
			t.Errorf("at the age of %v: %t", age, got)
		}
	}
}

// TestRipeAndStanding holds that two answers agree five minutes apart and not before, and that a doubt by
// a clock that ran ahead is none.
func TestRipeAndStanding(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		doubted        time.Time
		ripe, standing bool
	}{
		"no doubt":                            {time.Time{}, false, false},
		"now":                                 {noon, false, true},
		"a moment less than five minutes ago": {noon.Add(instant - 5*time.Minute), false, true},
		"half of that ago":                    {noon.Add(-150 * time.Second), false, true},
		"five minutes ago":                    {noon.Add(-5 * time.Minute), true, true},
		"weeks ago":                           {noon.Add(-500 * time.Hour), true, true},
		"still to come":                       {noon.Add(instant), false, false},
		"far in the future":                   {noon.Add(500 * time.Hour), false, false},
	} {
		trouble := store.RefreshFailure{SuspectedAt: tt.doubted}
		if r, s := ripe(trouble, noon), standing(trouble, noon); r != tt.ripe || s != tt.standing {
			t.Errorf("%s: ripe %t, standing %t", name, r, s)
		}
	}
}

func TestAsksForOwner(t *testing.T) {
	t.Parallel()
	var none *failure
	if none.asksForOwner() {
		t.Error("no failure asks for the owner")
	}
	for _, class := range classes {
		if got := (&failure{class: class}).asksForOwner(); got != (class == instagram.ClassReconnect) {
			t.Errorf("%s: %t", class, got)
		}
	}
}

var classes = []instagram.Class{
	instagram.ClassReconnect, instagram.ClassRetry, instagram.ClassHold,
	instagram.ClassOperator, instagram.ClassPermanent, instagram.ClassIgnore,
}

// TestFailedDoubts holds which failures raise a doubt about an owner, and from when on.
func TestFailedDoubts(t *testing.T) {
	t.Parallel()
	long := noon.Add(-time.Hour)
	never := time.Time{}
	type row struct {
		class          instagram.Class
		status         store.Status
		doubted        time.Time
		known, probing bool
		want           time.Time
	}
	const active, waits = store.StatusActive, store.StatusReconnect
	rows := map[string]row{
		"the first answer":                      {instagram.ClassReconnect, active, never, false, false, noon},
		"another one":                           {instagram.ClassReconnect, active, long, false, false, long},
		"one of before is of the future":        {instagram.ClassReconnect, active, noon.Add(instant), false, false, noon},
		"while the alarm lasts":                 {instagram.ClassReconnect, active, never, false, true, never},
		"another one while the alarm lasts":     {instagram.ClassReconnect, active, long, false, true, long},
		"she is waited for already":             {instagram.ClassReconnect, waits, never, false, false, never},
		"/me has just worked":                   {instagram.ClassReconnect, active, long, true, false, noon},
		"/me worked, and it is something else":  {instagram.ClassRetry, active, long, true, false, never},
		"/me worked, and the app has its alarm": {instagram.ClassReconnect, active, long, true, true, never},
	}
	for _, class := range classes {
		if class != instagram.ClassReconnect {
			rows["class "+string(class)] = row{class, active, never, false, false, never}
			rows["class "+string(class)+" beside a doubt"] = row{class, active, long, false, false, long}
		}
	}
	for name, tt := range rows {
		c := store.Connection{Status: tt.status, TokenExpiresAt: noon.Add(1000 * time.Hour)}
		if c.Failure.SuspectedAt = tt.doubted; !tt.doubted.IsZero() {
			c.Failure.SuspectedCause = "before"
		}
		got := failed(c, failure{class: tt.class, cause: "now"}, noon, 0, tt.known, tt.probing)
		cause := ""
		switch {
		case tt.want.Equal(noon):
			cause = "now"
		case tt.want.Equal(long):
			cause = "before"
		}
		if !got.Failure.SuspectedAt.Equal(tt.want) || got.Failure.SuspectedCause != cause {
			t.Errorf("%s: doubted at %v for %q, want %v for %q", name, got.Failure.SuspectedAt, got.Failure.SuspectedCause, tt.want, cause)
		}
		if got.Status != tt.status || got.Failure.Tries != 1 || !got.TriedAt.Equal(noon) {
			t.Errorf("%s: became %+v", name, got)
		}
	}
}

// TestSecondAnswerIsAskedForSoon holds when the answer is asked for that may agree: as soon as it counts,
// but at the usual pause where /me has just worked.
func TestSecondAnswerIsAskedForSoon(t *testing.T) {
	t.Parallel()
	c := store.Connection{Status: store.StatusActive, TokenExpiresAt: noon.Add(1000 * time.Hour), Failure: store.RefreshFailure{Tries: 3}}
	for known, waits := range map[bool][2]time.Duration{
		false: {5 * time.Minute, 6 * time.Minute}, true: {40 * time.Minute, 48 * time.Minute},
	} {
		for jitter, want := range waits {
			got := failed(c, failure{class: instagram.ClassReconnect}, noon, float64(jitter), known, false)
			if wait := got.NextRefreshAt.Sub(noon); wait != want {
				t.Errorf("known %t, jitter %d: waits %v, want %v", known, jitter, wait, want)
			}
		}
	}
}

// TestPostponedKeepsWhatWasSaid holds that an outage does not cover up what was said before it, that
// anything else does, and that trouble began when it began.
func TestPostponedKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	long := noon.Add(-time.Hour)
	for name, tt := range map[string]struct{ before, says, class, cause string }{
		"the first":               {"", "retry", "retry", "new"},
		"an outage after another": {"retry", "retry", "retry", "new"},
		"an outage after a hold":  {"hold", "retry", "hold", "old"},
		"a hold after an outage":  {"retry", "hold", "hold", "new"},
		"a hold after another":    {"hold", "hold", "hold", "new"},
		"an operator after that":  {"hold", "operator", "operator", "new"},
	} {
		c := store.Connection{Status: store.StatusActive, Failure: store.RefreshFailure{Since: long, Tries: 2, Class: tt.before, Cause: "old"}}
		got := postponed(c, failure{class: instagram.Class(tt.says), cause: "new"}, noon, 0).Failure
		if got.Class != tt.class || got.Cause != tt.cause || !got.Since.Equal(long) || got.Tries != 3 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := postponed(store.Connection{}, failure{class: instagram.ClassRetry}, noon, 0).Failure; !got.Since.Equal(noon) {
		t.Errorf("trouble since %v", got.Since)
	}
}

// TestPauseOfLimits holds that a limit is obeyed whatever else the answer is: nothing is asked again at
// once.
func TestPauseOfLimits(t *testing.T) {
	t.Parallel()
	c := store.Connection{Status: store.StatusActive, TokenExpiresAt: noon.Add(1000 * time.Hour)}
	c.Failure.Tries = 1
	for name, tt := range map[string]struct {
		f    failure
		want time.Duration
	}{
		"a hold":                    {failure{class: instagram.ClassHold}, 6 * time.Hour},
		"a wait":                    {failure{class: instagram.ClassHold, cause: instagram.CauseWait}, 30 * time.Minute},
		"a wait called transient":   {failure{class: instagram.ClassRetry, cause: instagram.CauseWait}, 30 * time.Minute},
		"a limit of the account":    {failure{class: instagram.ClassRetry, cause: instagram.CauseRateLimit, retryAfter: 20 * time.Minute}, 20 * time.Minute},
		"a limit without a time":    {failure{class: instagram.ClassRetry, cause: instagram.CauseRateLimit}, 5 * time.Minute},
		"what may have worked":      {failure{class: instagram.ClassRetry, mayHaveWorked: true}, 20 * time.Second},
		"an operator's for minutes": {failure{class: instagram.ClassOperator, retryAfter: 2 * time.Minute}, time.Hour},
		"an operator's for hours":   {failure{class: instagram.ClassOperator, retryAfter: 2 * time.Hour}, 2 * time.Hour},
	} {
		if got := pause(c, tt.f, noon, 0); got != tt.want {
			t.Errorf("%s: waits %v, want %v", name, got, tt.want)
		}
	}
}

// TestPauseAtTheEnd holds what the end of the token does to the pauses, at its very moment.
func TestPauseAtTheEnd(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for name, tt := range map[string]struct {
		status store.Status
		left   time.Duration
		want   time.Duration
	}{
		"a moment before it":             {store.StatusActive, instant, 5 * time.Minute},
		"at it":                          {store.StatusActive, 0, 24 * hour},
		"a quarter of it is the pause":   {store.StatusActive, 4 * hour, hour},
		"a quarter of it is longer":      {store.StatusActive, 200 * hour, 24 * hour},
		"waited for, a moment before it": {store.StatusReconnect, instant, 24 * hour},
		"waited for, at it":              {store.StatusReconnect, 0, 7 * 24 * hour},
	} {
		c := store.Connection{Status: tt.status, TokenExpiresAt: noon.Add(tt.left), Failure: store.RefreshFailure{Tries: 50}}
		if got := pause(c, failure{class: instagram.ClassRetry}, noon, 0); got != tt.want {
			t.Errorf("%s: waits %v, want %v", name, got, tt.want)
		}
	}
}

// TestBackoffNeverOverflows holds that however many pauses there were, the next one is a day.
func TestBackoffNeverOverflows(t *testing.T) {
	t.Parallel()
	for number, want := range map[int64]time.Duration{
		-1: 5 * time.Minute, 0: 5 * time.Minute, 1: 5 * time.Minute, 2: 10 * time.Minute, 9: 1280 * time.Minute,
		10: 24 * time.Hour, 16: 24 * time.Hour, 17: 24 * time.Hour, 60: 24 * time.Hour, 1 << 62: 24 * time.Hour,
	} {
		if got := backoff(store.Connection{}, number, noon); got != want {
			t.Errorf("pause %d is %v, want %v", number, got, want)
		}
	}
}

// TestRenewed holds what a good answer leaves: its token, no trouble, and a next time that no clock can
// make due at once.
func TestRenewed(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	c := store.Connection{
		Status: store.StatusReconnect, StatusReason: "for a reason", Scopes: []string{"of before"},
		Failure: store.RefreshFailure{Since: noon, Tries: 3, SuspectedAt: noon},
	}
	for name, tt := range map[string]struct {
		issued time.Time
		scopes []string
		next   time.Time
	}{
		"issued now":                     {noon, nil, noon.Add(7 * day)},
		"issued now, with its scopes":    {noon, []string{"of now"}, noon.Add(7 * day)},
		"a clock that is six days ahead": {noon.Add(-6 * day), nil, noon.Add(day)},
		"one that is further ahead":      {noon.Add(-40 * day), nil, noon.Add(day)},
	} {
		f := newToken{sealed: []byte("sealed"), issued: tt.issued, expires: tt.issued.Add(60 * day), scopes: tt.scopes}
		got := renewed(c, f, noon, 0.5)
		if !got.NextRefreshAt.Equal(tt.next) || !got.RefreshedAt.Equal(noon) || !got.TriedAt.Equal(noon) {
			t.Errorf("%s: next at %v, want %v; %+v", name, got.NextRefreshAt, tt.next, got)
		}
		if got.Status != store.StatusActive || got.StatusReason != "" || !got.Failure.IsZero() || string(got.SealedToken) != "sealed" {
			t.Errorf("%s: became %+v", name, got)
		}
		if want := append(tt.scopes, "of before")[0]; got.Scopes[0] != want {
			t.Errorf("%s: scopes %v", name, got.Scopes)
		}
		if !got.TokenExpiresAt.Equal(tt.issued.Add(60*day)) || !got.NoticeAt.Equal(store.NextNotice(got.TokenExpiresAt, noon)) {
			t.Errorf("%s: expires at %v, notice at %v", name, got.TokenExpiresAt, got.NoticeAt)
		}
	}
}

// TestLost holds that a connection which only its owner can revive is tried daily, and that she is told at
// once.
func TestLost(t *testing.T) {
	t.Parallel()
	c := store.Connection{Status: store.StatusActive, TokenExpiresAt: noon.Add(-time.Hour)}
	for jitter, wait := range map[float64]time.Duration{0: 24 * time.Hour, 1: 24 * time.Hour * 6 / 5} {
		got := lost(c, failure{class: instagram.ClassReconnect, cause: instagram.CauseRoleLost}, noon, jitter)
		if got.Status != store.StatusReconnect || got.StatusReason != "The account lost its role on this app at Instagram." || !got.NoticeAt.Equal(noon) || got.NextRefreshAt.Sub(noon) != wait || got.Failure.Tries != 1 {
			t.Errorf("became %+v", got)
		}
	}
}

// TestWorthALine holds that the history tells of a failure that is another one than the last, and else
// once a day, by whichever clock.
func TestWorthALine(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		since        time.Time
		class, cause string
		recorded     time.Time
		want         bool
	}{
		"the first":                      {time.Time{}, "hold", "wait", noon, true},
		"the same at once":               {noon, "hold", "wait", noon, false},
		"the same a moment before a day": {noon, "hold", "wait", noon.Add(instant - day), false},
		"the same after a day":           {noon, "hold", "wait", noon.Add(-day), true},
		"told less than a day ahead":     {noon, "hold", "wait", noon.Add(day - instant), false},
		"told a day ahead":               {noon, "hold", "wait", noon.Add(day), true},
		"another class":                  {noon, "retry", "wait", noon, true},
		"another cause":                  {noon, "hold", "spam", noon, true},
	} {
		before := store.RefreshFailure{Since: tt.since, Class: tt.class, Cause: tt.cause, RecordedAt: tt.recorded}
		if got := worthALine(before, store.RefreshFailure{Since: noon, Class: "hold", Cause: "wait"}, noon); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestAlarmFor holds that a fifth of those tried, and five at least, turn single failures into one of the
// app, and that an operator hears of what only the operator can mend when it is said twice.
func TestAlarmFor(t *testing.T) {
	t.Parallel()
	const app, operator, none = store.AlarmApp, store.AlarmOperator, store.AlarmKind("")
	const asked = instagram.ClassReconnect
	for name, tt := range map[string]struct {
		class        instagram.Class
		cause        instagram.Cause
		alike, tried int64
		again        bool
		want         store.AlarmKind
	}{
		"five of five":                     {asked, "blocked", 5, 5, false, app},
		"four of four":                     {asked, "blocked", 4, 4, true, none},
		"exactly a fifth":                  {asked, "blocked", 5, 25, false, app},
		"one more was tried":               {asked, "blocked", 5, 26, false, none},
		"exactly a fifth of many":          {asked, "blocked", 200, 1000, false, app},
		"less than that":                   {asked, "blocked", 199, 1000, false, none},
		"more than that":                   {asked, "blocked", 201, 1000, false, app},
		"all were in trouble before":       {asked, "blocked", 5, 0, false, app},
		"a keyring that opens none":        {instagram.ClassOperator, store.CauseSealed, 100, 100, false, none},
		"that again":                       {instagram.ClassOperator, store.CauseSealed, 100, 100, true, operator},
		"the operator's, once":             {instagram.ClassOperator, "app_secret", 1, 100, false, none},
		"the operator's, twice":            {instagram.ClassOperator, "app_secret", 1, 100, true, operator},
		"the operator's for a fifth":       {instagram.ClassOperator, "app_secret", 20, 100, true, app},
		"a hold, twice":                    {instagram.ClassHold, "blocked", 1, 100, true, none},
		"an owner who is asked for, twice": {asked, "token_invalid", 1, 100, true, none},
	} {
		f := failure{class: tt.class, cause: tt.cause}
		if got := alarmKindFor(f, store.FailureCounts{Alike: tt.alike, Tried: tt.tried}, tt.again); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestSuspicious holds which failures may point at the app when there are many.
func TestSuspicious(t *testing.T) {
	t.Parallel()
	for _, class := range classes {
		want := class != instagram.ClassRetry && class != instagram.ClassIgnore
		if got := (failure{class: class}).suspicious(); got != want {
			t.Errorf("%s: %t", class, got)
		}
	}
}

// TestAlikeFrom holds that what led to the alarm before is not held against the app again.
func TestAlikeFrom(t *testing.T) {
	t.Parallel()
	begin := noon.Add(-24 * time.Hour)
	for name, tt := range map[string]struct{ cleared, want time.Time }{
		"there was none":             {time.Time{}, begin},
		"it ended before":            {begin.Add(-instant), begin},
		"it ended within the day":    {begin.Add(instant), begin.Add(instant)},
		"it ended now":               {noon, noon},
		"it ended, by a wrong clock": {noon.Add(instant), begin},
	} {
		if got := alikeFrom(begin, tt.cleared, noon); !got.Equal(tt.want) {
			t.Errorf("%s: from %v, want %v", name, got, tt.want)
		}
	}
}

// TestRaisedAndCleared holds that the operator is told of an alarm when it begins and when it ends, and
// that nothing of the one before is left.
func TestRaisedAndCleared(t *testing.T) {
	t.Parallel()
	before := store.Alarm{
		Kind: store.AlarmApp, RaisedAt: noon.Add(-time.Hour), ClearedAt: noon.Add(-time.Minute), Class: "reconnect", Cause: "before",
		Message: "before", Worked: 2, ToldAt: noon.Add(-time.Minute), Version: 7,
	}
	f := failure{class: instagram.ClassHold, cause: "blocked", literal: "API access blocked."}
	app := raised(before, f, noon)
	want := store.Alarm{
		Kind: store.AlarmApp, RaisedAt: noon, Class: "hold", Cause: "blocked", Message: "API access blocked.",
		ProbeAt: noon.Add(5 * time.Minute), Version: 7,
	}
	if app != want || !app.Lasts() {
		t.Errorf("raised: %+v, want %+v", app, want)
	}
	before.Kind = store.AlarmOperator
	if got := raised(before, f, noon); got.Kind != store.AlarmOperator || !got.ProbeAt.IsZero() {
		t.Errorf("the operator's is probed: %+v", got)
	}
	app.ToldAt, app.Worked = noon, 2
	got := cleared(app, noon.Add(time.Hour))
	want.ClearedAt, want.ProbeAt, want.Worked = noon.Add(time.Hour), time.Time{}, 2
	if got != want || got.Lasts() {
		t.Errorf("cleared: %+v, want %+v", got, want)
	}
}

// TestProbes holds when an app that refuses is probed: after five minutes, at a quarter of the alarm's age,
// and hourly at least.
func TestProbes(t *testing.T) {
	t.Parallel()
	for wait, later := range map[time.Duration]bool{
		-time.Hour: false, 0: false, instant: true, 2 * time.Hour: true, 2*time.Hour + instant: false,
	} {
		if got := probesLater(store.Alarm{ProbeAt: noon.Add(wait)}, noon); got != later {
			t.Errorf("a probe in %v is later: %t", wait, got)
		}
	}
	for age, want := range map[time.Duration]time.Duration{
		-time.Hour: 5 * time.Minute, 0: 5 * time.Minute, 20 * time.Minute: 5 * time.Minute, 40 * time.Minute: 10 * time.Minute,
		4 * time.Hour: time.Hour, 100 * time.Hour: time.Hour,
	} {
		if got := nextProbe(store.Alarm{RaisedAt: noon.Add(-age)}, noon).Sub(noon); got != want {
			t.Errorf("an alarm of %v is probed again in %v, want %v", age, got, want)
		}
	}
}

// TestVerdict holds that one other account that is well speaks against the owner, and only all of them
// failing alike against the app.
func TestVerdict(t *testing.T) {
	t.Parallel()
	asks, outage, limit := &failure{class: instagram.ClassReconnect}, &failure{class: instagram.ClassRetry}, &failure{class: instagram.ClassHold}
	for name, tt := range map[string]struct {
		said []*failure
		want verdict
	}{
		"the first is well":           {[]*failure{nil}, ownerNeeded},
		"the second is well":          {[]*failure{asks, nil}, ownerNeeded},
		"well after an outage":        {[]*failure{outage, nil}, ownerNeeded},
		"both fail alike":             {[]*failure{asks, asks}, appRefused},
		"one fails alike, one at all": {[]*failure{asks, outage}, inconclusive},
		"one fails, one alike":        {[]*failure{limit, asks}, inconclusive},
		"none of them can be asked":   {[]*failure{outage, limit}, inconclusive},
	} {
		if got := verdictOf(tt.said); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestHealthyOtherCounts holds that nobody vouches for herself, and others for less than a minute.
func TestHealthyOtherCounts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of   string
		age  time.Duration
		want bool
	}{
		"just now":          {"b", 0, true},
		"within the minute": {"b", time.Minute - instant, true},
		"a minute ago":      {"b", time.Minute, false},
		"still to come":     {"b", -instant, false},
		"her own":           {"a", 0, false},
	} {
		if got := (healthyOther{tt.of, noon.Add(-tt.age)}).counts("a", noon); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestLikeliestWell holds in which order others are asked: those without trouble first, of them whom
// Instagram accepted last; and who is not asked at all.
func TestLikeliestWell(t *testing.T) {
	t.Parallel()
	other := func(id string, refreshed, connected time.Duration) store.Connection {
		return store.Connection{
			ID: id, Status: store.StatusActive, SealedToken: []byte("sealed"),
			ConnectedAt: noon.Add(-connected), RefreshedAt: noon.Add(-refreshed),
		}
	}
	ill := other("ill", 0, 0)
	ill.Failure.Tries = 1
	ended, waits := other("ended", 0, 0), other("waits", 0, 0)
	ended.SealedToken, waits.Status = nil, store.StatusReconnect
	all := []store.Connection{
		ill, other("old", 3, 3), ended, other("herself", 0, 0), other("refreshed", 1, 3), waits, other("connected", 3, 2), other("old", 3, 3),
	}
	var got []string
	for _, c := range likeliestWell(all, "herself") {
		got = append(got, c.ID)
	}
	if want := []string{"refreshed", "connected", "old", "ill"}; !slices.Equal(got, want) {
		t.Errorf("asks %v, want %v", got, want)
	}
}

// TestRemovedApp holds that only three answers which all say so tell that the owner removed the app.
func TestRemovedApp(t *testing.T) {
	t.Parallel()
	const removed, other = instagram.CauseAppRemoved, instagram.CausePasswordChanged
	for _, tt := range []struct {
		first, then, last instagram.Cause
		want              bool
	}{
		{removed, removed, removed, true},
		{other, removed, removed, false},
		{removed, other, removed, false},
		{removed, removed, other, false},
		{other, other, other, false},
	} {
		got := removedApp(failure{cause: tt.then}, failure{cause: tt.last}, store.RefreshFailure{SuspectedCause: string(tt.first)})
		if got != tt.want {
			t.Errorf("%s, %s, %s: %t", tt.first, tt.then, tt.last, got)
		}
	}
}

// TestRateAt holds that calls go out slowly from three quarters of a limit on, and never stop.
func TestRateAt(t *testing.T) {
	t.Parallel()
	for percent, want := range map[float64]float64{0: 2000, 74.9: 2000, 75: 2, 89.9: 2, 90: 2, 100: 2} {
		meter := &usage.Meter{}
		meter.Heard("", instagram.Usage{App: &instagram.Limit{Calls: percent}})
		if got := rateAt(meter.Pace("")); float64(got) != want {
			t.Errorf("%v calls a second at %v %%, want %v", got, percent, want)
		}
	}
}

// TestLeaseOutlastsCall holds that a lease is renewed when a call might end after the time for which it is
// trusted.
func TestLeaseOutlastsCall(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]bool{0: true, 390 * time.Second: true, 390*time.Second + instant: false, time.Hour: false} {
		if got := (claimed{at: noon.Add(-age)}).outlastsCall(noon); got != want {
			t.Errorf("after %v: %t", age, got)
		}
	}
}

// TestHold holds how long the whole app waits: as long as Instagram asks for, for a day at most, and not
// for a clock that was put back.
func TestHold(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		ask, more, after time.Duration
		want             bool
	}{
		"an hour":                     {time.Hour, 0, time.Hour - instant, true},
		"an hour later":               {time.Hour, 0, time.Hour, false},
		"two, then one":               {2 * time.Hour, time.Hour, 2*time.Hour - instant, true},
		"one, then two":               {time.Hour, 2 * time.Hour, 2*time.Hour - instant, true},
		"a week is a day":             {7 * day, 0, day - instant, true},
		"and no more":                 {7 * day, 0, day, false},
		"the clock is back by little": {day, 0, -time.Minute, true},
		"the clock is back by more":   {day, 0, -time.Minute - instant, false},
	} {
		now := noon
		k := &Keeper{Clock: &clock.Reference{Now: func() time.Time { return now }}}
		if k.waits() {
			t.Errorf("%s: waits before it is to", name)
		}
		k.hold(tt.ask)
		k.hold(tt.more)
		if now = noon.Add(tt.after); k.waits() != tt.want {
			t.Errorf("%s: waits %t", name, !tt.want)
		}
		if now = noon; k.waits() && tt.after < -time.Minute {
			t.Errorf("%s: a hold of the future comes back", name)
		}
	}
}

// TestStillCounts holds which writes count after somebody else's, for a failure and for a token.
func TestStillCounts(t *testing.T) {
	t.Parallel()
	read := store.Connection{Status: store.StatusActive, SealedToken: []byte("a"), ConnectedAt: noon, TokenIssuedAt: noon}
	for name, tt := range map[string]struct {
		change         func(*store.Connection)
		failure, token bool
	}{
		"something else":             {func(c *store.Connection) { c.Name = "renamed" }, true, true},
		"a login":                    {func(c *store.Connection) { c.ConnectedAt = noon.Add(instant) }, false, false},
		"the end":                    {func(c *store.Connection) { c.SealedToken = nil }, false, false},
		"another status":             {func(c *store.Connection) { c.Status = store.StatusReconnect }, false, true},
		"another failure":            {func(c *store.Connection) { c.Failure.Tries = 1 }, false, true},
		"a token that is older":      {func(c *store.Connection) { c.TokenIssuedAt = noon.Add(time.Hour - instant) }, false, true},
		"a token of the same moment": {func(c *store.Connection) { c.TokenIssuedAt = noon.Add(time.Hour) }, false, false},
		"a token that is younger":    {func(c *store.Connection) { c.TokenIssuedAt = noon.Add(time.Hour + instant) }, false, false},
	} {
		cur := read
		tt.change(&cur)
		if got := unchangedSince(read, cur); got != tt.failure {
			t.Errorf("%s: a failure counts: %t", name, got)
		}
		if got := issuedAt(noon.Add(time.Hour))(read, cur); got != tt.token {
			t.Errorf("%s: a token counts: %t", name, got)
		}
	}
}

// TestGaveWay holds which failed writes leave nothing to do.
func TestGaveWay(t *testing.T) {
	t.Parallel()
	other := errors.New("the store is away")
	for _, tt := range []struct{ err, want error }{
		{nil, nil}, {errSuperseded, nil}, {store.ErrNotFound, nil}, {other, other}, {store.ErrConflict, store.ErrConflict},
	} {
		if got := ignoreSuperseded(tt.err); !errors.Is(got, tt.want) {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
}

// TestFailureWords holds what the history tells of a failure: class, numbers and trace, and no word of
// Instagram's text.
func TestFailureWords(t *testing.T) {
	t.Parallel()
	known := &instagram.Error{Status: 400, Code: 190, Subcode: 460, Cause: "password_changed", TraceID: "A1", Message: "their text"}
	for want, f := range map[string]failure{
		"class retry":             {class: "retry", err: errors.New("of ours")},
		"class operator, sealed":  {class: "operator", cause: store.CauseSealed, err: errors.New("of ours")},
		"class retry, no answer":  {class: "retry", err: &instagram.Error{}},
		"class retry, status 502": {class: "retry", err: &instagram.Error{Status: 502}},
		"class reconnect, status 400, code 190/460, password_changed, trace A1": {class: "reconnect", err: known},
	} {
		if got := f.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestFailureOf holds how an error becomes a failure: with Instagram's own words where they are its, and as
// one to try again where nobody knows.
func TestFailureOf(t *testing.T) {
	t.Parallel()
	e := &instagram.Error{Class: instagram.ClassHold, Cause: "blocked", RetryAfter: time.Hour, Message: "API access blocked."}
	for name, tt := range map[string]struct {
		err  error
		want failure
	}{
		"of ours":        {errAny, failure{class: instagram.ClassRetry}},
		"of Instagram's": {e, failure{class: instagram.ClassHold, cause: "blocked", retryAfter: time.Hour, literal: "API access blocked."}},
		"no item":        {&instagram.Error{Class: instagram.ClassIgnore}, failure{class: instagram.ClassRetry}},
	} {
		got := failureOf(tt.err, nil)
		if !errors.Is(got.err, tt.err) {
			t.Errorf("%s: %v", name, got.err)
		}
		if got.err = nil; got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

var errAny = errors.New("something")

// TestStillToCome holds that a sweep recorded by another process's clock shows nothing about ours until it is
// more than five minutes ahead.
func TestStillToCome(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[time.Duration]bool{-time.Hour: false, 0: false, 5 * time.Minute: false, 5*time.Minute + instant: true} {
		if got := stillToCome(noon.Add(ahead), noon); got != want {
			t.Errorf("%v ahead: %t", ahead, got)
		}
	}
}

// TestOffText holds how an operator reads by how much a clock is wrong.
func TestOffText(t *testing.T) {
	t.Parallel()
	for off, want := range map[time.Duration]string{
		6 * time.Minute:               "6m ahead of Instagram's",
		-90 * time.Minute:             "1h30m behind Instagram's",
		47*time.Hour + 29*time.Minute: "47h29m ahead of Instagram's",
		48 * time.Hour:                "2 days ahead of Instagram's",
		47*time.Hour + 30*time.Minute: "2 days ahead of Instagram's",
		-72 * time.Hour:               "3 days behind Instagram's",
	} {
		if got := offText(off); got != want {
			t.Errorf("%v: %q, want %q", off, got, want)
		}
	}
}
