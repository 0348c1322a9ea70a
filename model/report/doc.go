// Package report writes a run up: [New] for people, as a report for a mail or an
// issue, and [ResultOf] for programs, as the last JSON line of check and send.
//
//	report.New(ctx, run, "xmppscope 1.0", "26 November 2026").Markdown()
//
// Both hold everything that is known of a run, its findings and the verdict on
// Apprise. [Line] is the JSON form of one event.
//
// The package adds no judgement of its own, and no secret gets into what it
// writes: neither the URL's password nor markup that a server sent.
package report
