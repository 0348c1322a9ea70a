// Package loopbacktest starts a loopback server for one test.
//
//	server := loopbacktest.Start(t, loopback.Config{})
//	url := server.URL(urlspec.ModeSTARTTLS, "alice", "bob")
//
// [Places] and [Spellings] make it a server that repeats a password wherever it may
// write, and [Leaks] looks for that in what came out. [NoNames] stands in for the
// name servers of the world.
//
// It is a package of its own so that the program does not import testing.
package loopbacktest

import (
	"testing"

	"xmppscope/xmppcore/loopback"
)

// Start starts a server that is closed when the test ends, or earlier by the
// test itself. A server that does not start, or does not end well, fails the
// test.
func Start(t testing.TB, config loopback.Config) *loopback.Server {
	t.Helper()
	server, err := loopback.Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}
