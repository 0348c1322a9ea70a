// Package report writes a run up: [ResultOf] for programs, as the last JSON line
// of check and send, and [New] for people, as a report for a mail or an issue.
//
//	report.New(run, "xmppscope 1.0", "26 November 2026").Markdown()
//
// Both hold everything that is known of a run, its findings and the verdict on
// Apprise, and no secret. [Line] is the JSON form of one event.
package report
