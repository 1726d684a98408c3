// Package igsim is Instagram in a process: the Instagram API with Instagram Login, its login page
// and its errors, for tests, demonstrations and benchmarks that have no Meta account.
//
// [New] gives a [Simulator], which is an [http.Handler] with one registered app ([AppID],
// [AppSecret]) and a handful of personas who can log in. Three roles are told apart by the first
// label of the host name (www., api., graph.) or by a path prefix (/www, /api, /graph); any other
// host plays all three:
//
//	www    GET  /oauth/authorize         the consent page, made for a person in a browser
//	api    POST /oauth/access_token      code into a token of one hour
//	graph  GET  /access_token            that token into one of sixty days
//	       GET  /refresh_access_token    sixty more days, from the second day on
//	       GET  /me, /{user id}          the account, its /media, /stories and /insights
//	       GET  /{media id}              a post, its /comments and /insights
//	       GET  /{comment id}            a comment, its /replies
//
// Graph calls take a version (/v19.0 to /v27.0, those that are over as the oldest that lives) or
// none. Answers, errors, headers and their oddities follow what is known of the real platform
// (docs/instagram.md); where that differs from day to day, a field of [Switches] chooses. Data is
// made up, believable, the same for a persona and a day, and moves as the clock moves.
//
// The simulator has a clock of its own ([Simulator.Advance]); the Date header of every answer
// follows it. [Simulator.FailNext] and [Simulator.FailShare] put faults between it and its
// callers. [Simulator.InSteps] makes the jumps of the control page and its JSON API a walk, for a
// program that does its work as the clock passes.
//
// # Control
//
// "/" is a page from which a person moves the clock, sees who is connected and causes faults. The
// same for programs, JSON in and out, a refusal being {"error": "…"} with status 400:
//
//	GET    /_sim/state                      clock, app, personas, switches, faults, calls
//	POST   /_sim/clock                      {"advance_seconds": 86400} or {"set": "2027-01-02T15:04:05Z"}
//	GET    /_sim/switches                   the [Switches]
//	POST   /_sim/switches                   the members to change, as in {"wrapped_token": true}
//	POST   /_sim/faults                     {"endpoint": "me", "next": 2, "fault": {"code": 4}}
//	                                        {"endpoint": "any", "share": 0.1, "seed": 7, "fault": {"kind": "page", "status": 502}}
//	DELETE /_sim/faults                     no more faults
//	POST   /_sim/personas                   a [Persona], to add or to replace
//	POST   /_sim/personas/{id}/password     she changes her password
//	POST   /_sim/personas/{id}/remove       she removes the app
//	POST   /_sim/personas/{id}/role         she gets a role on the app, or with {"has_role": false} loses it
//	POST   /_sim/app                        the members to change: id, secret, name, redirect_uris
//	POST   /_sim/approve                    {"authorize_url": "…", "persona": "studio_north"}, and the
//	                                        other members of [Decision]; answers {"callback_url": "…"}
//	GET    /_sim/mails                      {"mails": […]}, each a [Mail], the newest first
//	DELETE /_sim/mails                      no more mails
//
// # Mail
//
// What a server beside the simulator sends by mail can be read on the page /_sim/mailbox, links and all. The
// package latchkey/igsim/smtpd takes it by SMTP; [Simulator.TakeMail] takes it from a program. The last 200 mails
// are kept.
//
// # What it leaves to others
//
// It never logs, writes no file and calls nobody. In memory it keeps every token that it gave out;
// [Simulator.Save] and [Simulator.Load] carry them to another process. It is no place for real tokens or secrets, and no server for more than one machine:
// whoever reaches it controls it. It knows nothing of any client: it shares no code and no constants with one, so that
// a mistake on one side cannot hide the same mistake on the other.
package igsim
