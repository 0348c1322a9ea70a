// Package wire turns the bytes of an XMPP stream into typed elements.
//
// A [Decoder] takes one direction of a stream as it arrives, in chunks of any
// size, finds the top-level elements under fixed limits, and gives each as a
// small tree ([Element]). Functions read the trees: features, SASL failures and
// challenges, stanza errors, MUC presence. [Redact] prints a tree without its
// secrets. The package has no I/O and knows nothing of sockets.
package wire
