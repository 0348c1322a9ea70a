// Package pathtest is the laboratory of names and paths: what lies between a URL
// and its server in networks as they are. `make test-paths` runs it.
//
// Its tests run in a network namespace of their own, so that they touch nothing
// of the machine: knot as name server, a resolver that can be told to be slow or
// broken, Prosody and ejabberd, and before them haproxy, nginx, sslh, stunnel and
// microsocks. The situations are those of modeltest.Paths; each is sent through
// by xmppscope and by the real Apprise, and both are compared with what the table
// expects. With XMPPSCOPE_RECORD=1 the events of the runs are written to
// testdata/paths/runs, which package finding judges again without any network.
//
// All but this file needs the build tag "paths" and Linux. The configurations are
// in testdata/paths at the root of the module.
package pathtest
