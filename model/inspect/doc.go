// Package inspect judges the certificate of a handshake: for which names it is
// valid, whether the chain is whole, how long it lasts, and who trusts it, here
// and in Apprise.
//
//	report := inspect.Certificate(tls, spec.Reading, time.Now())
//	report.Valid         // for the JID domain, now, by an authority that this machine trusts
//	report.MissingIssuer // "CN=…", where the server left a certificate out
//
// [Report.Facts] are the rows for people; the Report itself is the JSON line of
// the command cert.
//
// The package makes no handshake and has no clock: whether the chain leads to a
// trusted authority is what the handshake found, and the time is the caller's.
package inspect
