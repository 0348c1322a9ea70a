package loopback

import (
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/xmppo/go-xmpp"
)

// bodies are texts that a careless server would change on the way.
var bodies = []string{
	"hello",
	"  leading, trailing and  double space  ",
	"line\nline\ttab",
	`<&>"' ]]> &amp; &#10;`,
	"Grüße, 世界, \U0001f980, e\u0301, \u202eright-to-left",
}

// TestStockLibrary logs in with go-xmpp in all three modes, with every
// mechanism, and compares what bob gets byte for byte.
func TestStockLibrary(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	for _, mode := range []string{"starttls", "tls", "none"} {
		for _, mechanism := range append([]string{""}, s.config.Mechanisms...) {
			if mode == "none" && (mechanism == plainMechanism || isPlus(mechanism)) {
				continue // offered under TLS only
			}
			for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
				name := fmt.Sprintf("%s/%s/%s", mode, mechanism, tls.VersionName(version))
				t.Run(name, func(t *testing.T) {
					c := goxmpp(t, s, mode, mechanism, version)
					for _, body := range bodies {
						if _, err := c.Send(xmpp.Chat{Remote: "bob@localhost", Type: "chat", Text: body}); err != nil {
							t.Fatal(err)
						}
						m, err := s.WaitMessage(deadline(t), "bob@localhost")
						if err != nil {
							t.Fatal(err)
						}
						if m.Body != body {
							t.Errorf("bob got %q, alice sent %q", m.Body, body)
						}
					}
				})
			}
		}
	}
}

// goxmpp logs alice in.
func goxmpp(t *testing.T, s *Server, mode, mechanism string, version uint16) *xmpp.Client {
	t.Helper()
	port := map[string]int{"starttls": s.STARTTLSPort(), "tls": s.TLSPort(), "none": s.PlainPort()}[mode]
	c, err := xmpp.Options{
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), User: "alice@localhost", Password: "alice-pw",
		NoTLS: mode != "tls", StartTLS: mode == "starttls", InsecureAllowUnencryptedAuth: mode == "none",
		Mechanism: mechanism,
		TLSConfig: &tls.Config{ServerName: s.Domain(), RootCAs: s.Roots(), MinVersion: version, MaxVersion: version},
	}.NewClient()
	if err != nil {
		t.Fatalf("login: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
