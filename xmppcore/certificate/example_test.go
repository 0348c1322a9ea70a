package certificate_test

import (
	"crypto/x509"
	"fmt"

	"xmppscope/xmppcore/certificate"
)

// The JID domain counts, not the host that is connected to.
func Example() {
	cert := &x509.Certificate{DNSNames: []string{"example.org", "*.example.org"}}

	fmt.Println(certificate.Presented(cert).All())
	fmt.Println(certificate.MatchDomain(cert, "example.org"))
	fmt.Println(certificate.MatchHost(cert, "xmpp.example.org"))
	fmt.Println(certificate.MatchDomain(cert, "chat.example.net"))
	fmt.Println(certificate.Reference("bücher.example"))
	// Output:
	// [example.org *.example.org]
	// example.org true
	// *.example.org true
	//  false
	// xn--bcher-kva.example
}
