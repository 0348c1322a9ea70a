//go:build servers

package xmppcore_test

import (
	"os"
	"os/exec"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// TestServerCertificate shows every kind of certificate. With verify=no the
// login goes on and the problem is told all the same.
func TestServerCertificate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind  servertest.Certificate
		cause event.Cause
	}{
		{servertest.WrongName, event.CauseCertName},
		{servertest.Expired, event.CauseCertExpired},
		{servertest.NotYetValid, event.CauseCertNotYetValid},
		{servertest.SelfSigned, event.CauseCertAuthority},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			t.Parallel()
			onServers(t, servertest.Options{Certificate: test.kind}, func(t *testing.T, server *servertest.Server) {
				for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
					o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "", "bob")))
					checkFailure(t, o, event.StageTLS, test.cause)
					if sasl := o.final(event.StageSASL); sasl != nil {
						t.Errorf("%s: logged in all the same: %+v", mode, sasl)
					}
					tls := data[event.TLS](o, event.StageTLS)
					if tls.Verified || tls.Problem == "" || len(tls.Chain) == 0 || tls.Reference != servertest.Domain {
						t.Errorf("%s: tls %+v", mode, tls)
					}

					o = run(t, jobFor(t, server, urlFor(server, mode, "alice", "verify=no", "bob"), event.Message{Body: "trusting"}))
					if o.err != nil {
						t.Errorf("%s with verify=no: %v", mode, o.err)
					}
					if tls := data[event.TLS](o, event.StageTLS); tls.Verified || tls.Problem == "" {
						t.Errorf("%s with verify=no: tls %+v", mode, tls)
					}
				}
			})
		})
	}
	t.Run("unknown authority", func(t *testing.T) {
		t.Parallel()
		onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
			job := jobFor(t, server, urlFor(server, urlspec.ModeTLS, "alice", "", "bob"))
			job.Roots = nil // the system's
			checkFailure(t, run(t, job), event.StageTLS, event.CauseCertAuthority)
		})
	})
}

// childURL names the environment variable by which TestServerRootsFile tells
// the copy of itself what to check.
const childURL = "XMPPSCOPE_TEST_CHILD_URL"

// TestServerRootsFile trusts the server's authority through SSL_CERT_FILE. The
// system's authorities are read once in a process, so another one must do it.
func TestServerRootsFile(t *testing.T) {
	t.Parallel()
	if url := os.Getenv(childURL); url != "" {
		if o := run(t, jobFor(t, &servertest.Server{}, url)); o.err != nil {
			t.Errorf("Run: %v", o.err)
		}
		return
	}
	server := servertest.Prosody(t, servertest.Options{})
	for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestServerRootsFile$", "-test.v")
		child.Env = append(os.Environ(), childURL+"="+server.URL(mode, "alice", "", "bob"), "SSL_CERT_FILE="+server.CAFile)
		if output, err := child.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", mode, err, output)
		}
	}
}
