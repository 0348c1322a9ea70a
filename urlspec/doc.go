// Package urlspec reads an Apprise xmpp:// or xmpps:// URL exactly as Apprise
// 2.1.0 does and says, byte by byte, what became of the text.
//
// Begin with [Parse]. It never fails: whatever the text is, it returns a [Spec]
// whose spans cover the text in order without gap or overlap, whose [Reading]
// is what Apprise makes of it (perhaps nothing), and whose [Problem] list says
// where that reading is likely to surprise the person who typed it, each with a
// text edit that repairs it where there is one.
//
//	spec := urlspec.Parse("xmpps://alice:s3cret@example.com/%23ops")
//	spec.Reading.Targets[0].JID // ops@example.com
//	spec.Problems[0].Code       // room-without-service
//	spec.Redacted()             // xmpps://alice:••••••••@example.com/%23ops
//
// # Around it
//
// [Spec.SetParam], [Spec.SetHost] and their like edit one thing of a URL with as
// few bytes as possible; [FixAll] applies every fix that is safe. [Complete]
// offers the next word at a cursor, [Find] and [Extract] find URLs in other
// text, and [Redact] hides passwords in a text that is about to be shown.
// [Parameters] and [Codes] are the tables of which help and reference are made,
// and [Spec.Settings] gives each parameter its value in one URL.
//
// # How it reads
//
// A text is cut into parts that remember where they were typed, although Apprise
// rewrites the text on the way; the parts get their values; the values become
// the reading. Every step notes the reasons for a refusal and goes on, so a
// half-typed URL has parts, values and problems too. Whatever may be a password
// is found by rules of its own, which rather hide too much.
//
// A parameter is one row of a table (params.go): what it is for, and the rule by
// which it is read, printed and checked. To add one, add its row.
//
// The package does not connect anywhere and looks nothing up: no I/O, no clock,
// no network. All functions take time linear in the length of the text.
package urlspec
