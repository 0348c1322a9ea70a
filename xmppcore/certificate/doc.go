// Package certificate reads the names in a server's certificate and says which of
// them is valid for a JID domain, or for a host.
//
//	name, ok := certificate.MatchDomain(cert, "example.org")
//
// XMPP knows more kinds of names than other protocols (RFC 6120 13.7.1.2): beside
// DNS names and addresses there are SRV-ID and XmppAddr, which crypto/x509 does
// not read and Apprise's Python does not know. [Presented] lists all of them,
// [MatchDomain] and [MatchHost] find the one that matches, and [Reference] spells
// a domain as certificates do.
//
// The package checks no chain and no dates, and fetches nothing: it looks at
// certificates that others have received.
package certificate
