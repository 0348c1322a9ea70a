package certificate

import (
	"crypto/x509"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// Mozilla gives the authorities of Mozilla's list for servers, as the module
// golang.org/x/crypto/x509roots has it: those of the Python package certifi, which
// Apprise trusts where pip installed it. The two follow the same list, some weeks
// apart at most. certifi leaves out what Mozilla adds in its own programs, the dates
// after which an authority's new certificates no longer count, and so is it here.
var Mozilla = sync.OnceValue(func() *x509.CertPool {
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		cert, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			continue // the module's own tests parse every one
		}
		pool.AddCert(cert)
	}
	return pool
})
