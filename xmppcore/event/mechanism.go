package event

import "strings"

// mechanisms are the SASL mechanisms that a run can log in with, the best first
// (RFC 6120 13.8 and 13.9.4): a binding of the login to the TLS channel beats a
// longer hash.
var mechanisms = [...]string{
	"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
	"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1",
	"PLAIN",
}

// Mechanisms returns the SASL mechanisms that a run can log in with, the best
// first.
func Mechanisms() []string { return append([]string(nil), mechanisms[:]...) }

// BindsChannel reports whether a mechanism binds the login to the TLS channel
// (RFC 5802 section 6).
func BindsChannel(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }
