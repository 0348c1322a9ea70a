package explore_test

import (
	"context"
	"fmt"
	"log"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/explore"
	"xmppscope/xmppcore/loopback"
)

// A server on this machine is looked at in every mode, without a login.
func Example() {
	server, err := loopback.Start(loopback.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	port := server.STARTTLSPort()
	spec := urlspec.Parse(fmt.Sprintf("xmpps://alice:alice-pw@localhost:%d/bob?xmpp=127.0.0.1", port))

	cells, err := explore.Run(context.Background(), explore.Job{
		Job:   xmppcore.Job{Reading: spec.Reading, Roots: server.Roots(), Lookup: server.Resolver()},
		Ports: []int{port},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range cells {
		if c.Hosts[0] == "127.0.0.1" && c.Failure == nil {
			fmt.Println(c.Mode, c.TLSVersion, c.Plus.Mechanism, c.Grade(true).Text())
		} else if c.Hosts[0] == "127.0.0.1" {
			fmt.Println(c.Mode, c.TLSVersion, c.Failure.Cause)
		}
	}
	// Output:
	// starttls TLS 1.3 SCRAM-SHA-256-PLUS verified TLS, channel bound
	// starttls TLS 1.2 SCRAM-SHA-256-PLUS verified TLS, channel bound
	// none  tls-required
	// tls  not-tls
}
