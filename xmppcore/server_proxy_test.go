//go:build servers

package xmppcore_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// proxyCase is one way to put a proxy that ends TLS before a server.
type proxyCase struct {
	server, name string
	proxy        servertest.ProxyOptions
	// want is the login by default; with scramplus=no every one works.
	want login
}

// proxyCases: a channel is not bound through a proxy, unless both ends think of
// something that survives it. Where the server offers a -PLUS that its leg and
// ours seem to have in common, the login fails, each server with its own words.
// Where it offers none, or says that it knows only the other leg's types
// (XEP-0440), there is nothing to fail.
func proxyCases() []proxyCase {
	refused := func(mechanism, binding string, sasl2 bool, condition, text string) login {
		return login{used: mechanism, binding: binding, sasl2: sasl2,
			failure: event.Failure{Cause: event.CauseChannelBinding, Condition: condition, Text: text}}
	}
	const v12, v13 = tls.VersionTLS12, tls.VersionTLS13
	const invalid, invalidValue = "Invalid channel binding", "Invalid channel binding value."
	legs := func(client, server uint16) servertest.ProxyOptions {
		return servertest.ProxyOptions{ClientTLS: client, ServerTLS: server}
	}
	otherCertificate := func(client, server uint16) servertest.ProxyOptions {
		return servertest.ProxyOptions{ClientTLS: client, ServerTLS: server, OtherCertificate: true}
	}
	offload := servertest.ProxyOptions{ClientTLS: v13, Offload: true}

	cases := []proxyCase{
		{"ejabberd", "TLS 1.2 and 1.2", legs(v12, v12), refused("SCRAM-SHA-512-PLUS", "tls-unique", false, "not-authorized",
			invalid)},
		{"ejabberd", "TLS 1.3 and 1.3", legs(v13, v13), refused("SCRAM-SHA-512-PLUS", "tls-exporter", false, "not-authorized",
			invalid)},
		{"ejabberd", "TLS 1.3 and 1.3, other certificate", otherCertificate(v13, v13),
			refused("SCRAM-SHA-512-PLUS", "tls-exporter", false, "not-authorized", invalid)},

		{"ejabberd-26", "TLS 1.3 and 1.3", legs(v13, v13), refused("SCRAM-SHA-512-PLUS", "tls-exporter", true,
			"not-authorized", invalid)},
		{"ejabberd-26", "TLS 1.3 and 1.2", legs(v13, v12), refused("SCRAM-SHA-512-PLUS", "tls-exporter", true,
			"not-authorized", invalid)},
		// The server's list has no tls-unique, and the end point survives the proxy.
		{"ejabberd-26", "TLS 1.2 and 1.3", legs(v12, v13),
			login{used: "SCRAM-SHA-512-PLUS", binding: "tls-server-end-point", sasl2: true}},
		{"ejabberd-26", "TLS 1.2 and 1.3, other certificate", otherCertificate(v12, v13),
			refused("SCRAM-SHA-512-PLUS", "tls-server-end-point", true, "not-authorized", invalid)},
		{"ejabberd-26", "TLS 1.3 and 1.3, other certificate", otherCertificate(v13, v13),
			refused("SCRAM-SHA-512-PLUS", "tls-exporter", true, "not-authorized", invalid)},

		{"prosody", "TLS 1.2 and 1.2", legs(v12, v12),
			refused("SCRAM-SHA-256-PLUS", "tls-unique", false, "malformed-request", invalidValue)},
		{"prosody", "TLS 1.3 and 1.2", legs(v13, v12),
			refused("SCRAM-SHA-256-PLUS", "tls-exporter", false, "malformed-request",
				"Proposed channel binding type isn't supported.")},
		{"prosody", "TLS 1.2 and 1.3", legs(v12, v13), login{used: "SCRAM-SHA-256"}},
		{"prosody", "TLS 1.3 and none", offload, login{used: "SCRAM-SHA-256"}},
	}
	for _, sasl2 := range []bool{false, true} {
		server := "prosody-13"
		if sasl2 {
			server = "prosody-13-sasl2"
		}
		unbound := login{used: "SCRAM-SHA-256", sasl2: sasl2}
		cases = append(cases,
			proxyCase{server, "TLS 1.3 and 1.3", legs(v13, v13), refused("SCRAM-SHA-256-PLUS", "tls-exporter", sasl2,
				"malformed-request", invalidValue)},
			proxyCase{server, "TLS 1.2 and 1.2", legs(v12, v12), refused("SCRAM-SHA-256-PLUS", "tls-unique", sasl2,
				"malformed-request", invalidValue)},
			proxyCase{server, "TLS 1.2 and 1.3", legs(v12, v13), unbound},
			proxyCase{server, "TLS 1.3 and 1.2", legs(v13, v12), unbound},
			proxyCase{server, "TLS 1.3 and none", offload, unbound})
	}
	return cases
}

// TestServerProxy logs in through haproxy and prints a table (go test -v).
func TestServerProxy(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		var table strings.Builder
		rows := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
		fmt.Fprintln(rows, "server\tto the proxy and on\tmechanism\tbinding\tresult")
		for _, test := range proxyCases() {
			if test.server != server.Name {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				proxy := servertest.HAProxy(t, server, test.proxy)
				o := run(t, jobFor(t, proxy, proxy.URL(urlspec.ModeTLS, "alice", "", "bob")))
				got := o.loginOf()
				if got != test.want {
					t.Errorf("got  %+v\nwant %+v", got, test.want)
					o.print(t)
				}
				result := "logged in"
				if o.err != nil {
					result = fmt.Sprintf("%s: %s %q", got.failure.Cause, got.failure.Condition, got.failure.Text)
				}
				fmt.Fprintln(rows, strings.Join([]string{test.server, test.name, got.used, got.binding, result}, "\t"))

				o = run(t, jobFor(t, proxy, proxy.URL(urlspec.ModeTLS, "alice", "scramplus=no", "bob"), notification()...))
				if o.err != nil {
					t.Errorf("with scramplus=no: %v", o.err)
					o.print(t)
				}
				compare(t, "bob", bob.Received(t, len(notification())), expected("chat", servertest.JID("bob")))
			})
		}
		if err := rows.Flush(); err != nil {
			t.Error(err)
		}
		t.Log("\n" + table.String())
	})
}

// TestServerProxyBeforeSTARTTLS: the proxy has ended TLS, and the server behind
// it waits for STARTTLS, which nobody can begin inside TLS.
func TestServerProxyBeforeSTARTTLS(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{Strict: true}, func(t *testing.T, server *servertest.Server) {
		proxy := servertest.HAProxy(t, server, servertest.ProxyOptions{Offload: true})
		o := run(t, jobFor(t, proxy, proxy.URL(urlspec.ModeTLS, "alice", "", "bob")))
		if f := o.failure(); f.Cause != event.CauseNoMechanisms {
			t.Errorf("Run: %+v", f)
			o.print(t)
		}
	})
}

// TestServerProxyHeader: a proxy that wants another proxy's header answers nobody else.
func TestServerProxyHeader(t *testing.T) {
	t.Parallel()
	server := servertest.Prosody(t, servertest.Options{})
	proxy := servertest.HAProxy(t, server, servertest.ProxyOptions{Header: true})
	for _, scramPlus := range []string{"yes", "no"} { // without a probe, and with one
		o := run(t, jobFor(t, proxy, proxy.URL(urlspec.ModeSTARTTLS, "alice", "scramplus="+scramPlus, "bob")))
		if f := o.failure(); f.Cause != event.CauseProxyHeader || f.Stage != event.StageStream {
			t.Errorf("scramplus=%s: %+v", scramPlus, f)
			o.print(t)
		}
	}
}
