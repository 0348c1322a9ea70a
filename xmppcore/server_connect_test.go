//go:build servers

package xmppcore_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// TestServerWrongPort speaks to a port what it does not expect.
func TestServerWrongPort(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		closed := closedPort(t)
		// ejabberd 26 sends a TLS alert before it hangs up, which gives it away.
		overTLS := event.CauseClosed
		if server.Name == "ejabberd-26" {
			overTLS = event.CauseNotXMPP
		}
		tests := []struct {
			name  string
			port  int
			mode  urlspec.Mode
			stage event.Stage
			cause event.Cause
		}{
			{"STARTTLS on the direct TLS port", server.DirectTLS, urlspec.ModeSTARTTLS, event.StageStream, overTLS},
			{"no TLS on the direct TLS port", server.DirectTLS, urlspec.ModeNone, event.StageStream, overTLS},
			{"direct TLS on the STARTTLS port", server.STARTTLS, urlspec.ModeTLS, event.StageTLS, event.CauseNotTLS},
			{"direct TLS on a port without TLS", server.Plain, urlspec.ModeTLS, event.StageTLS, event.CauseNotTLS},
			{"a closed port, STARTTLS", closed, urlspec.ModeSTARTTLS, event.StageTCP, event.CauseRefused},
			{"a closed port, direct TLS", closed, urlspec.ModeTLS, event.StageTCP, event.CauseRefused},
			{"a closed port, no TLS", closed, urlspec.ModeNone, event.StageTCP, event.CauseRefused},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				url := server.URLAt(test.port, servertest.Domain, test.mode, "alice", servertest.Password("alice"), "", "bob")
				checkFailure(t, run(t, jobFor(t, server, url)), test.stage, test.cause)
			})
		}
	})
}

// TestServerWrongDomain asks for what the server does not serve or not offer.
func TestServerWrongDomain(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		// Prosody's TLS knows by the server name that it has no such domain.
		overTLS, condition := event.CauseStreamError, "host-unknown"
		if server.Software == "prosody" {
			overTLS, condition = event.CauseTLS, ""
		}
		tests := []struct {
			name, domain string
			port         int
			mode         urlspec.Mode
			cause        event.Cause
			condition    string
		}{
			{"unknown domain", "unknown.test", server.STARTTLS, urlspec.ModeSTARTTLS,
				event.CauseStreamError, "host-unknown"},
			{"unknown domain, direct TLS", "unknown.test", server.DirectTLS, urlspec.ModeTLS,
				overTLS, condition},
			{"STARTTLS on a domain without TLS", servertest.PlainDomain, server.Plain, urlspec.ModeSTARTTLS,
				event.CauseNoSTARTTLS, ""},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				url := server.URLAt(test.port, test.domain, test.mode, "alice", servertest.Password("alice"), "", "bob")
				job := jobFor(t, server, url)
				job.Reading.Verify = test.domain != "unknown.test" // no certificate names it
				o := run(t, job)
				if f := o.failure(); f.Cause != test.cause || f.Condition != test.condition {
					t.Errorf("Run: %+v, want %s %s", f, test.cause, test.condition)
				}
				if sasl := o.final(event.StageSASL); sasl != nil {
					t.Errorf("sasl was entered: %+v", sasl)
				}
			})
		}
		t.Run("no TLS on a domain without TLS", func(t *testing.T) {
			url := server.URLAt(server.Plain, servertest.PlainDomain, urlspec.ModeNone, "alice", servertest.Password("alice"),
				"", "bob")
			if o := run(t, jobFor(t, server, url, event.Message{Body: "in clear"})); o.err != nil {
				o.print(t)
				t.Errorf("Run: %v", o.err)
			}
		})
	})
}

// TestServerRequiresTLS: mode=none stays without TLS and says why it fails; the
// other modes log in.
func TestServerRequiresTLS(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{Strict: true}, func(t *testing.T, server *servertest.Server) {
		url := server.URLAt(server.STARTTLS, servertest.Domain, urlspec.ModeNone, "alice", servertest.Password("alice"), "",
			"bob")
		o := run(t, jobFor(t, server, url))
		if f := o.failure(); f.Cause != event.CauseTLSRequired {
			t.Errorf("Run: %+v", f)
		}
		if tls := o.final(event.StageTLS); tls != nil {
			t.Errorf("mode=none went on to TLS: %+v", tls)
		}
		for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
			if o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "", "bob"))); o.err != nil {
				t.Errorf("%s: %v", mode, o.err)
			}
		}
	})
}

// TestServerSilentPort: a port that accepts and says nothing costs cto or rto,
// not more, by the run's own clock.
func TestServerSilentPort(t *testing.T) {
	t.Parallel()
	port := silentPort(t)
	server := &servertest.Server{STARTTLS: port, DirectTLS: port, Plain: port}
	for _, mode := range modes() {
		t.Run(string(mode), func(t *testing.T) {
			o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "cto=0.5&rto=0.75", "bob"), notification()...))
			f := o.failure()
			if f.Cause != event.CauseTimeout || f.Waiting == "" || f.Waited < 0.4 || f.Waited > 5 {
				t.Errorf("Run: %+v", f)
			}
			if last := o.events[len(o.events)-1]; last.At > 10*time.Second {
				t.Errorf("the last event came after %v: %+v", last.At, last)
			}
		})
	}
}

// TestServerCancel cancels a run at each of its events. It ends there and then,
// and says so unless it was past its last wait.
func TestServerCancel(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		job := jobFor(t, server, urlFor(server, urlspec.ModeSTARTTLS, "alice", "roster=yes", "bob",
			"#"+servertest.Room("open")),
			event.Message{Body: "cancelled"})
		whole := run(t, job)
		if whole.err != nil {
			t.Fatalf("Run: %v", whole.err)
		}
		for _, at := range whole.events {
			t.Run(fmt.Sprintf("at event %d, %s %s", at.Seq, at.Stage, at.State), func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), runDeadline)
				defer cancel()
				o := runUntil(ctx, t, job, func(e event.Event) {
					if e.Seq == at.Seq {
						cancel()
					}
				})
				early := at.Stage != event.StageClose && at.Stage != event.StageAck
				if f := o.failure(); o.err == nil && early || o.err != nil && f.Cause != event.CauseCancelled {
					t.Errorf("cancelled at %+v, it ended with %+v", at, f)
					o.print(t)
				}
			})
		}
	})
}

// checkFailure checks where and why a run failed, and that it says so in words.
func checkFailure(t *testing.T, o *outcome, stage event.Stage, cause event.Cause) {
	t.Helper()
	if f := o.failure(); f.Stage != stage || f.Cause != cause {
		t.Errorf("Run: %+v, want %s at %s", f, cause, stage)
		o.print(t)
	}
	if end := o.final(stage); end == nil || end.State != event.Fail || end.Failure == nil || end.Text == "" {
		t.Errorf("the stage %s ended with %+v", stage, end)
	}
}

// closedPort is a port of 127.0.0.1 that refuses connections until the test
// ends: it is bound, so that nobody else can listen there, and does not listen.
func closedPort(t *testing.T) int {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Close(socket); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	inet, ok := name.(*syscall.SockaddrInet4)
	if !ok {
		t.Fatal(fmt.Errorf("bound to %v", name))
	}
	return inet.Port
}

// silentPort is a port of 127.0.0.1 on which connections are made by the
// kernel and never served.
func silentPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().(*net.TCPAddr).Port
}

// fixedLookup is a resolver that knows one list of addresses and no SRV record.
type fixedLookup []netip.Addr

func (f fixedLookup) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return f, nil
}

func (f fixedLookup) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// TestServerSecondAddress: a host with two addresses, of which nobody listens
// on the first.
func TestServerSecondAddress(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		text := strings.Replace(urlFor(server, urlspec.ModeSTARTTLS, "alice", "", "bob"), "xmpp=127.0.0.1",
			"xmpp=host.invalid", 1)
		job := jobFor(t, server, text)
		job.Lookup = fixedLookup{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.1")}
		o := run(t, job)
		if o.err == nil && data[event.TCP](o, event.StageTCP).Address == "127.0.0.1:"+strconv.Itoa(server.STARTTLS) &&
			slices.Equal(data[event.DNS](o, event.StageDNS).Addresses, []string{"127.0.0.2", "127.0.0.1"}) {
			return
		}
		t.Errorf("Run: %v, dns %+v, tcp %+v", o.err, data[event.DNS](o, event.StageDNS), data[event.TCP](o, event.StageTCP))
		o.print(t)
	})
}
