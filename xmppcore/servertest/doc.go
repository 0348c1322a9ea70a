// Package servertest starts real XMPP servers for tests, as net/http/httptest
// starts an HTTP server: Prosody 0.12 and ejabberd 23.01 as Debian 12 has them,
// Prosody 13 and ejabberd 26 of Debian's newer suites (see [Releases]), and
// haproxy to stand before them.
//
//	server := servertest.Prosody(t, servertest.Options{})
//	bob := server.Login(t, "bob", servertest.ClientOptions{})
//	url := server.URL(urlspec.ModeSTARTTLS, "alice", "", "bob") // where to send to
//	got := bob.Received(t, 1)
//
// A server runs in the foreground as a child of the test, as any user, listens
// on loopback only, keeps everything in the test's temporary folder, is ready
// when the call returns, and is stopped by its process id when the test ends.
// Its log is shown when the test fails. Every server has the same users (alice,
// bob and carol, see [Password]) and the same rooms (see [Rooms]); a certificate
// authority is made for each. [Server.Login] gives the other side: a client
// that says byte for byte what it received.
//
// All but this file needs the build tag "servers", because the packages
// prosody, ejabberd and haproxy must be installed. The newer releases are not
// installed but unpacked into .cache/servers, by `make test-servers`. The
// configurations are in testdata/servers at the root of the module.
package servertest
