// Package matrix ranks what an exploration of a server found: the URLs that
// would work, the best first, each with the shortest edit that leads there; how
// TLS versions differ; and where TLS ends.
//
//	m := matrix.New(spec, cells, false, model.TrustMozilla)
//	m.Ways[0].Edit.Label // use mode=tls
//
// [New] judges cells as package explore reports them. [PlaceFacts],
// [Matrix.WayFacts] and [Matrix.TLSFacts] are the rows for people, the [Matrix]
// itself is the last JSON line of the command matrix.
//
// The package tries nothing: whether a login succeeds is known only where the
// exploration tried one.
package matrix
