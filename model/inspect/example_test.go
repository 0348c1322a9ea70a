package inspect_test

import (
	"fmt"
	"time"

	"xmppscope/model/inspect"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
)

func ExampleCertificate() {
	spec := urlspec.Parse("xmpps://alice:secret@example.test/bob")
	tls := modeltest.PlainTLS()
	tls.Chain = modeltest.Issued(modeltest.FromPublicAuthority)

	report := inspect.Certificate(tls, spec.Reading, time.Date(2026, 3, 25, 0, 0, 0, 0, time.UTC))
	fmt.Println(report.Valid, report.Validity.State, report.Validity.Days)
	for _, row := range report.Facts() {
		if row.Label == "valid until" || row.Label == "JID domain" {
			fmt.Printf("%s: %s\n", row.Label, row.Text)
		}
	}
	// Output:
	// true ends soon 7
	// JID domain: example.test: yes, by example.test; the name that has to match (RFC 6120 13.7.2.1)
	// valid until: 2026-04-01T00:00:00Z: ends soon, 7 days left
}
