//go:build servers

package xmppcore_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
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
// something that survives it. Where the server's leg leads it to offer -PLUS,
// the login fails, each server with its own words; where it offers none, there
// is nothing to fail.
func proxyCases() []proxyCase {
	refused := func(mechanism, binding, condition, text string) login {
		return login{used: mechanism, binding: binding,
			failure: xmppcore.Failure{Cause: xmppcore.CauseChannelBinding, Condition: condition, Text: text}}
	}
	const v12, v13 = tls.VersionTLS12, tls.VersionTLS13
	invalid := refused("SCRAM-SHA-512-PLUS", "tls-unique", "not-authorized", "Invalid channel binding")
	invalid13 := refused("SCRAM-SHA-512-PLUS", "tls-exporter", "not-authorized", "Invalid channel binding")
	return []proxyCase{
		{"ejabberd", "TLS 1.2 and 1.2", servertest.ProxyOptions{ClientTLS: v12, ServerTLS: v12}, invalid},
		{"ejabberd", "TLS 1.3 and 1.3", servertest.ProxyOptions{ClientTLS: v13, ServerTLS: v13}, invalid13},
		{"ejabberd", "TLS 1.3 and 1.3, other certificate",
			servertest.ProxyOptions{ClientTLS: v13, ServerTLS: v13, OtherCertificate: true}, invalid13},
		{"prosody", "TLS 1.2 and 1.2", servertest.ProxyOptions{ClientTLS: v12, ServerTLS: v12},
			refused("SCRAM-SHA-256-PLUS", "tls-unique", "malformed-request", "Invalid channel binding value.")},
		{"prosody", "TLS 1.3 and 1.2", servertest.ProxyOptions{ClientTLS: v13, ServerTLS: v12},
			refused("SCRAM-SHA-256-PLUS", "tls-exporter", "malformed-request", "Proposed channel binding type isn't supported.")},
		{"prosody", "TLS 1.2 and 1.3", servertest.ProxyOptions{ClientTLS: v12, ServerTLS: v13},
			login{used: "SCRAM-SHA-256"}},
		{"prosody", "TLS 1.3 and none", servertest.ProxyOptions{ClientTLS: v13, Offload: true},
			login{used: "SCRAM-SHA-256"}},
	}
}

// TestServerProxy logs in through haproxy and prints a table (go test -v).
func TestServerProxy(t *testing.T) {
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
				sasl, failure := data[xmppcore.SASLData](o, xmppcore.StageSASL), o.failure()
				got := login{used: sasl.Used, binding: sasl.ChannelBinding,
					failure: xmppcore.Failure{Cause: failure.Cause, Condition: failure.Condition, Text: failure.Text}}
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
	onServers(t, servertest.Options{Strict: true}, func(t *testing.T, server *servertest.Server) {
		proxy := servertest.HAProxy(t, server, servertest.ProxyOptions{Offload: true})
		o := run(t, jobFor(t, proxy, proxy.URL(urlspec.ModeTLS, "alice", "", "bob")))
		if f := o.failure(); f.Cause != xmppcore.CauseNoMechanisms {
			t.Errorf("Run: %+v", f)
			o.print(t)
		}
	})
}
