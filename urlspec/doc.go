// Package urlspec reads an Apprise xmpp:// or xmpps:// URL exactly as Apprise
// 2.1.0 does and says, byte by byte, what became of the text.
//
// There is one entry point, [Parse]. It never fails: whatever the text is, it
// returns a [Spec] whose spans cover the text in order without gap or overlap,
// whose [Reading] is what Apprise makes of it (perhaps: nothing), and whose
// [Problem] list says where that reading is likely to surprise the person who
// typed it, with a text edit that repairs it.
//
// Reading order: spec.go (the types), lex.go (text to parts), reading.go
// (parts to XMPP), jid.go and params.go (the two rule books), problems.go and
// fixes.go, redact.go, canonical.go.
//
// The package is pure: no I/O, no clock, no network.
package urlspec
