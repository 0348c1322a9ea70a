// Package urlspec reads an Apprise xmpp:// or xmpps:// URL exactly as Apprise
// 2.1.0 does and says, byte by byte, what became of the text.
//
// There is one entry point, [Parse]. It never fails: whatever the text is, it
// returns a [Spec] whose spans cover the text in order without gap or overlap,
// whose [Reading] is what Apprise makes of it (perhaps: nothing), and whose
// [Problem] list says where that reading is likely to surprise the person who
// typed it, with a text edit that repairs it.
//
// Around it are the edits a program offers ([Spec.SetParam] and its kin,
// [FixAll]), [Complete] for the next word, [Find] and [Extract] for URLs inside
// other text, [Redact] for text that is about to be shown, and the two tables
// that help and reference come from, [Parameters] and [Codes].
//
// The reading is a pipeline. A text is cut into parts that remember where they
// were typed, although Apprise rewrites it on the way (mapped.go, lex.go); the
// parts get their values (reading.go, with the rule books host.go, jid.go and
// zones.go, and what CPython does in python.go and percent.go); the values
// become the result (canonical.go, json.go, origins.go). Every step notes the
// reasons for a refusal and goes on, so a half-typed URL has parts, values and
// problems too. Beside it stand secrets.go, which finds whatever may be a
// password, spans.go and redact.go, which hide it, and check.go with the
// check_*.go files, which look for surprises. Their codes are in codes.go.
//
// All that is known of a parameter is its row in params.go: what it is for, and
// by its rule (rules.go, rules_parts.go, rules_server.go) how it is read,
// printed and checked. [Spec.Settings] gives the rows with their values in one
// URL.
//
// Reading order: spec.go (the types), parse.go, lex.go, parameter.go,
// params.go, reading.go, jid.go, secrets.go, check.go.
//
// The package is pure: no I/O, no clock, no network. All functions take time
// linear in the length of the text.
package urlspec
