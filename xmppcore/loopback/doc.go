// Package loopback is a small real XMPP server in one process, for the demo
// and for tests: what net/http/httptest is to net/http. It listens on loopback
// only and makes its own certificate authority in memory.
package loopback
