// Package wire turns the bytes of an XMPP stream into typed elements.
//
// A [Decoder] takes one direction of a stream as it arrives, in chunks of any
// size, finds the stream header and the top-level elements under fixed limits,
// and gives each as a small tree ([Element]) with its namespaces resolved. It
// reads only the XML that RFC 6120 section 11 leaves: no comments, no
// processing instructions, no document types, no entities but the five that
// XML predefines. A [Tap] takes go-xmpp's debug output apart.
//
// The As functions read trees: [AsFeatures], [AsFailure], [AsChallenge],
// [AsStreamError], [AsPresence], [AsMessage], [AsIQ] and their like. Their Text
// and Reason fields are safe to show; addresses, ids, nicks and bodies are as
// they were sent, for comparing, and go through [Safe] before they are shown.
// [Redact] prints a tree without its secrets.
//
// Reading order: element.go, limits.go, decoder.go, scan.go and scan_tag.go
// (bytes to trees), namespace.go, greeting.go (what spoke instead of XMPP),
// then header.go, features.go, sasl.go, stanza.go, muc.go (trees to facts),
// safe.go and redact.go, tap.go.
//
// The package has no I/O and knows nothing of sockets.
package wire
