// Package wire turns the bytes of an XMPP stream into typed elements and back.
//
// A [Decoder] takes one direction of a stream as it arrives, in chunks of any
// size, finds the stream header and the top-level elements under fixed limits,
// and gives each as a small tree ([Element]) with its namespaces resolved. A
// [Tap] takes go-xmpp's debug output apart.
//
//	var decoder wire.Decoder
//	items, err := decoder.Feed(data)
//	for _, item := range items {
//		if features, ok := wire.AsFeatures(item.Element); ok {
//			fmt.Println(features.Mechanisms)
//		}
//	}
//
// The As functions read trees: [AsFeatures], [AsFailure], [AsChallenge],
// [AsStreamError], [AsPresence], [AsMessage], [AsIQ] and their like. Their Text
// and Reason fields are safe to show; addresses, ids, nicks and bodies are as
// they were sent, for comparing, and go through [Safe] before they are shown.
// [Redact] prints a tree without its secrets.
//
// Whoever speaks makes an element with [NewElement] and writes it with
// [Element.StreamXML], which reads as the same tree at the other end.
//
// The package reads only the XML that RFC 6120 section 11 leaves: no comments, no
// processing instructions, no document types, no entities but the five that XML
// predefines. It does no I/O.
package wire
