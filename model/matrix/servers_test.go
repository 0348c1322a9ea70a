//go:build servers

package matrix_test

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/model"
	"xmppscope/model/inspect"
	"xmppscope/model/matrix"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
	"xmppscope/xmppcore/servertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// onServers runs a test on a Prosody and on an ejabberd of its own.
func onServers(t *testing.T, options servertest.Options, test func(*testing.T, *servertest.Server)) {
	t.Helper()
	for _, release := range servertest.Releases() {
		t.Run(release.Name, func(t *testing.T) {
			t.Parallel()
			test(t, release.Start(t, options))
		})
	}
}

// explored makes the matrix of a URL, at the URL's port and these.
func explored(t *testing.T, server *servertest.Server, url string, login bool, ports ...int) ([]event.Cell,
	matrix.Matrix) {
	t.Helper()
	spec := urlspec.Parse(url)
	if !spec.Reading.Accepted {
		t.Fatalf("the test's own URL is not accepted: %s", url)
	}
	job := explore.Job{Job: xmppcore.Job{Reading: spec.Reading, Roots: server.Roots}, Login: login, Ports: ports}
	cells, err := explore.Run(t.Context(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(fmt.Sprintf("%+v", cells), servertest.Password("alice")) {
		t.Error("the password is in the cells")
	}
	return cells, matrix.New(spec, cells, login, model.TrustMozilla)
}

// summary is a cell in short.
func summary(c event.Cell) string {
	if c.Failure != nil {
		return fmt.Sprintf("%s %s: %s", c.Mode, c.TLSVersion, c.Failure.Cause)
	}
	return fmt.Sprintf("%s %s: %v %s", c.Mode, c.TLSVersion, c.Verified, c.Prediction(true).Mechanism)
}

// TestServerMatrix: what the servers offer over each TLS version, and that the
// best URL logs in.
func TestServerMatrix(t *testing.T) {
	t.Parallel()
	offers := map[string]struct{ v13, v12, clear, versions string }{
		"prosody": {"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256",
			"mechanisms only with TLS 1.2: SCRAM-SHA-1-PLUS, SCRAM-SHA-256-PLUS"},
		"ejabberd": {"SCRAM-SHA-512-PLUS", "SCRAM-SHA-512-PLUS", "SCRAM-SHA-512", ""},
	}
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		want := offers[server.Name]
		for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
			cells, m := explored(t, server, server.URL(mode, "alice", "", "bob"), true, server.STARTTLS, server.DirectTLS)
			got := map[string]bool{}
			for _, c := range cells {
				got[fmt.Sprint(c.Port, " ", summary(c))] = true
			}
			for _, line := range []string{
				fmt.Sprintf("%d starttls TLS 1.3: true %s", server.STARTTLS, want.v13),
				fmt.Sprintf("%d starttls TLS 1.2: true %s", server.STARTTLS, want.v12),
				fmt.Sprintf("%d none : false %s", server.STARTTLS, want.clear),
				fmt.Sprintf("%d tls : not-tls", server.STARTTLS),
				fmt.Sprintf("%d tls TLS 1.3: true %s", server.DirectTLS, want.v13),
				fmt.Sprintf("%d tls TLS 1.2: true %s", server.DirectTLS, want.v12),
				fmt.Sprintf("%d starttls : closed-by-server", server.DirectTLS),
			} {
				if !got[line] {
					t.Errorf("no cell %q among %v", line, got)
				}
			}
			if !m.OK || !m.Ways[0].LoggedIn || m.Ways[0].Mode != mode || m.Ways[0].Rank != event.Verified {
				t.Errorf("%s: %+v", mode, m.Ways)
			}
			if run := modeltest.Connect(t, m.Ways[0].Edit.Edited, func(j *xmppcore.Job) { j.Roots = server.Roots },
				event.Message{Body: "by the best way"}); !run.OK() {
				t.Errorf("%s: %s does not deliver: %v", mode, m.Ways[0].Edit.URL, run.Failure)
			}
			versions := ""
			for _, v := range m.Versions {
				if v.Mode == mode {
					versions = v.Text
				}
			}
			if versions != want.versions {
				t.Errorf("%s: versions %q, want %q", mode, versions, want.versions)
			}
		}
	})
}

// TestServerMatrixCertificates: a certificate that is not valid, and what can
// be done about it.
func TestServerMatrixCertificates(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{Certificate: servertest.Expired}, func(t *testing.T, server *servertest.Server) {
		cells, m := explored(t, server, server.URL(urlspec.ModeSTARTTLS, "alice", "", "bob"), true, server.DirectTLS)
		if m.OK || m.ExitCode() != model.ExitTLS || len(m.Ways) == 0 || m.Ways[0].Verify {
			t.Errorf("exit code %d, ways %+v", m.ExitCode(), m.Ways)
		}
		for _, c := range cells {
			if len(c.Logins) > 0 {
				t.Errorf("it logged in at %s %s", c.Address, c.Mode)
			}
			if !c.Encrypted() {
				continue
			}
			r := inspect.Certificate(c.TLS, urlspec.Parse(server.URL(c.Mode, "alice", "")).Reading, time.Now())
			if r.Valid || r.Validity.State != "expired" || !r.Trust.System || r.Names[0].Match != servertest.Domain ||
				r.Names[1].Match != "127.0.0.1" {
				t.Errorf("%s %s: %+v", c.Address, c.Mode, r)
			}
		}
	})
}

// TestServerMatrixProxy: what shows a proxy that ends TLS, and how surely.
func TestServerMatrixProxy(t *testing.T) {
	t.Parallel()
	const v12, v13 = tls.VersionTLS12, tls.VersionTLS13
	tests := []struct {
		name   string
		server string // which one; empty means both
		tls    uint16 // of the server itself
		// proxy is nil when the client goes straight to the server.
		proxy *servertest.ProxyOptions
		login bool
		end   matrix.TLSEnd
		sure  matrix.Certainty
		words string
	}{
		{"straight, TLS 1.2, a bound login", "", v12, nil, true, matrix.AtServer, matrix.Certain, "tls-unique succeeded"},
		{"straight, TLS 1.3, old ejabberd", "ejabberd", v13, nil, true, matrix.AtUnknown, matrix.CannotTell,
			"ejabberd before 24.02"},
		{"straight, no login", "", 0, nil, false, matrix.AtUnknown, matrix.CannotTell, "it has the certificate of STARTTLS"},
		{"proxy, the same certificate, no login", "", v12, &servertest.ProxyOptions{ClientTLS: v12, ServerTLS: v12}, false,
			matrix.AtUnknown, matrix.CannotTell, "it has the certificate of STARTTLS"},
		{"proxy, the same certificate, a bound login", "", v12, &servertest.ProxyOptions{ClientTLS: v12, ServerTLS: v12},
			true,
			matrix.AtProxy, matrix.Certain, "accepted it at"},
		{"proxy, another certificate", "", v12, &servertest.ProxyOptions{ClientTLS: v12, ServerTLS: v12,
			OtherCertificate: true}, false,
			matrix.AtProxy, matrix.Likely, "is not that of STARTTLS"},
		{"proxy without TLS behind it", "", 0, &servertest.ProxyOptions{ClientTLS: v13, Offload: true}, false,
			matrix.AtProxy, matrix.Certain, "offers STARTTLS"},
		{"proxy with another TLS version behind it", "prosody", v12, &servertest.ProxyOptions{ClientTLS: v13, ServerTLS: v12},
			true,
			matrix.AtProxy, matrix.Likely, "does not know tls-exporter"},
	}
	for _, version := range []uint16{0, v12, v13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()
			onServers(t, servertest.Options{TLS: version}, func(t *testing.T, server *servertest.Server) {
				for _, test := range tests {
					if test.tls != version || test.server != "" && test.server != server.Name {
						continue
					}
					t.Run(test.name, func(t *testing.T) {
						front := server
						if test.proxy != nil {
							front = servertest.HAProxy(t, server, *test.proxy)
						}
						cells, m := explored(t, server, front.URL(urlspec.ModeTLS, "alice", "", "bob"), test.login, server.STARTTLS)
						for _, c := range m.Channels {
							if c.Address != fmt.Sprintf("127.0.0.1:%d", front.DirectTLS) {
								continue
							}
							if c.End != test.end || c.Sure != test.sure || !strings.Contains(c.Because, test.words) {
								t.Errorf("got %+v, want %s, %s, %q", c, test.end, test.sure, test.words)
							}
							return
						}
						t.Errorf("no judgement in %+v\n%+v", m.Channels, cells)
					})
				}
			})
		})
	}
}
