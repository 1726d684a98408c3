package refresh

import (
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

const (
	// youngest is the age below which Instagram refuses a refresh (docs/instagram.md, Refresh). It
	// counts from the issue of the token by Instagram, whatever was written about it since.
	youngest = 24 * time.Hour
	// agreement is how far apart two answers must lie to agree that the owner is needed.
	agreement = 5 * time.Minute

	// soonRetry is how soon a refresh is made again that may have worked: stretched, and with the half
	// minute in which Run looks, within a minute. The old token may die while the new one is lost.
	soonRetry = 20 * time.Second
	// soonLast is how long after another try one counts as made right after it: soonRetry stretched, a
	// sweep and a call.
	soonLast = 2 * time.Minute
	// soonInARow is how many such tries follow each other. In an outage that lasts they come in pairs
	// from then on: each may have worked again, and nobody is to be called every minute for a day.
	soonInARow = 5

	shortestRetry = 5 * time.Minute
	longestRetry  = 24 * time.Hour
	holdRetry     = 6 * time.Hour
	// waitRetry is for an account that Instagram asks to wait "a few minutes", which are tens of them.
	waitRetry     = 30 * time.Minute
	operatorRetry = time.Hour
	// reconnectRetry is how often a connection that waits for its owner is tried all the same:
	// Instagram has been seen to take back what it said.
	reconnectRetry = 24 * time.Hour
	// expiredRetry is that after the token's end.
	expiredRetry = 7 * 24 * time.Hour
)

// due says whether the token is to be refreshed at now.
func due(c store.Connection, now time.Time) bool {
	return c.SealedToken != nil && !c.NextRefreshAt.IsZero() && !c.NextRefreshAt.After(now)
}

// ripeAt is when Instagram begins to accept a refresh of the token.
func ripeAt(c store.Connection) time.Time { return c.TokenIssuedAt.Add(youngest) }

// renewed is the connection with the token of a good answer: all trouble is over.
func renewed(c store.Connection, f newToken, now time.Time, jitter float64) store.Connection {
	c.SealedToken = f.sealed
	c.TokenIssuedAt, c.TokenExpiresAt = f.issued, f.expires
	if f.scopes != nil {
		c.Scopes = f.scopes
	}
	c.Status, c.StatusReason = store.StatusActive, ""
	c.RefreshedAt, c.TriedAt = now, now
	// A clock far ahead of Instagram's would find the token due again at once, and again.
	c.NextRefreshAt = later(store.NextRefresh(f.issued, f.expires, jitter), now.Add(youngest))
	c.NoticeAt = store.NextNotice(f.expires, now)
	c.Failure = store.RefreshFailure{}
	return c
}

// postponed is the connection after a failed try.
func postponed(c store.Connection, f failure, now time.Time, jitter float64) store.Connection {
	t := &c.Failure
	if t.Since.IsZero() {
		t.Since = now
	}
	t.Tries++
	// What may be an outage takes nothing back of what was said before it.
	if vague := string(instagram.ClassRetry); string(f.class) != vague || t.Class == "" || t.Class == vague {
		t.Class, t.Cause = string(f.class), string(f.cause)
	}
	c.NextRefreshAt = now.Add(pause(c, f, now, jitter))
	c.TriedAt = now
	return c
}

// failed is the connection after a failed try. known says that /me has just worked with the same token:
// then a doubt of before is none, and a refresh that asks for the owner is in no hurry. probing says that
// the app's alarm lasts: then no owner is doubted.
func failed(c store.Connection, f failure, now time.Time, jitter float64, known, probing bool) store.Connection {
	if known {
		c.Failure.SuspectedAt, c.Failure.SuspectedCause = time.Time{}, ""
	}
	c = postponed(c, f, now, jitter)
	if f.asksForOwner() && c.Status == store.StatusActive && !probing && !standing(c.Failure, now) {
		c = withSuspicion(c, f, now, jitter, known)
	}
	return c
}

// withSuspicion is a postponed connection with the first answer that asks for its owner. Nothing else
// changes until another answer agrees, which is asked for soon, unless the token is known to work.
func withSuspicion(c store.Connection, f failure, now time.Time, jitter float64, known bool) store.Connection {
	c.Failure.SuspectedAt, c.Failure.SuspectedCause = now, string(f.cause)
	if !known {
		c.NextRefreshAt = now.Add(stretch(agreement, jitter))
	}
	return c
}

// ripe says whether the doubt is old enough for a second answer to count. One of the future, by a
// clock that ran ahead, is none.
func ripe(t store.RefreshFailure, now time.Time) bool {
	return !t.SuspectedAt.IsZero() && now.Sub(t.SuspectedAt) >= agreement
}

// standing says whether there is a doubt that a second answer can agree with in time.
func standing(t store.RefreshFailure, now time.Time) bool {
	return !t.SuspectedAt.IsZero() && !t.SuspectedAt.After(now)
}

// lost is the connection that only its owner can revive.
func lost(c store.Connection, f failure, now time.Time, jitter float64) store.Connection {
	c = postponed(c, f, now, jitter)
	c.Status, c.StatusReason = store.StatusReconnect, vault.Reason(f.cause)
	c.NextRefreshAt = now.Add(stretch(reconnectRetry, jitter))
	c.NoticeAt = now
	return c
}

// pause is how long to wait after a failed try.
func pause(c store.Connection, f failure, now time.Time, jitter float64) time.Duration {
	if f.mayHaveWorked && soonAgain(c.Failure.Tries, now.Sub(c.TriedAt).Abs()) {
		return stretch(soonRetry, jitter)
	}
	if c.Status == store.StatusReconnect {
		if c.TokenExpiresAt.After(now) {
			return stretch(reconnectRetry, jitter)
		}
		return min(stretch(expiredRetry, jitter), store.LongestWait)
	}
	wait := f.retryAfter
	switch {
	case f.cause == instagram.CauseWait:
		wait = max(wait, waitRetry)
	case f.class == instagram.ClassHold:
		wait = max(wait, holdRetry)
	case f.class == instagram.ClassOperator:
		wait = max(wait, operatorRetry)
	case f.class == instagram.ClassPermanent:
		wait = max(wait, longestRetry)
	default:
		wait = max(wait, backoff(c, pauses(c.Failure.Tries, f), now))
	}
	return stretch(min(wait, longestRetry), jitter)
}

// soonAgain says whether the try of that number, counted from 1 and made so long after the one before it, is
// made again at once should it have worked. After a usual pause it always is: whatever was answered before,
// the old token may live for minutes only. Right after another one it is while they are few.
func soonAgain(tries int64, sinceLast time.Duration) bool {
	return tries <= soonInARow || sinceLast > soonLast
}

// pauses counts the real pauses among so many tries, the one to come included.
func pauses(tries int64, f failure) int64 {
	if f.mayHaveWorked {
		return (tries - soonInARow + 1) / 2
	}
	return tries
}

// backoff doubles from minutes to a day, and comes closer again when the token's end does. It is the
// length of the pause of that number, counted from 1.
func backoff(c store.Connection, number int64, now time.Time) time.Duration {
	wait := min(shortestRetry<<min(max(number-1, 0), 16), longestRetry) // 16 doublings are more than a day
	if left := c.TokenExpiresAt.Sub(now); left > 0 {
		wait = min(wait, max(left/4, shortestRetry))
	}
	return wait
}

// stretch makes a wait up to a fifth longer, so that what failed together does not come back
// together. It never makes it shorter.
func stretch(d time.Duration, jitter float64) time.Duration {
	return d + time.Duration(jitter*float64(d)/5)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// worthALine says whether the history tells of this failure: when it is another one than the last,
// and else once a day.
func worthALine(before, after store.RefreshFailure, now time.Time) bool {
	return before.Since.IsZero() || before.Class != after.Class || before.Cause != after.Cause ||
		now.Sub(before.RecordedAt).Abs() >= 24*time.Hour
}
