package explore_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/explore"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// jobFor logs alice in at the server.
func jobFor(server *loopback.Server, mode urlspec.Mode) xmppcore.Job {
	port := map[urlspec.Mode]int{urlspec.ModeNone: server.PlainPort(),
		urlspec.ModeSTARTTLS: server.STARTTLSPort(), urlspec.ModeTLS: server.TLSPort()}[mode]
	return xmppcore.Job{Roots: server.Roots(), Reading: urlspec.Reading{
		Accepted: true, LoginJID: "alice@localhost", StreamTo: "localhost", PasswordSet: true, Password: "alice-pw",
		TCPHost: "127.0.0.1", Port: port, Mode: mode, Nick: "alice", ScramPlus: true, Verify: true, CTO: 30, RTO: 30,
	}}
}

// matrixOf explores a server's three ports, starting from a reading of a URL
// for it.
func matrixOf(t *testing.T, server *loopback.Server, mode urlspec.Mode, change func(*explore.Job)) []event.Cell {
	t.Helper()
	job := explore.Job{Job: jobFor(server, mode),
		Ports: []int{server.STARTTLSPort(), server.TLSPort(), server.PlainPort()}}
	if change != nil {
		change(&job)
	}
	before := goleak.IgnoreCurrent()
	var told []event.Cell
	cells, err := explore.Run(t.Context(), job, func(c event.Cell) { told = append(told, c) })
	if err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
	for _, c := range cells {
		if !slices.ContainsFunc(told, func(o event.Cell) bool { return cellName(o) == cellName(c) }) {
			t.Errorf("%s was not reported", cellName(c))
		}
		if (c.Failure == nil) != (c.FailedStage == "") {
			t.Errorf("%s fails half: %q, %+v", cellName(c), c.FailedStage, c.Failure)
		}
	}
	return cells
}

func cellName(c event.Cell) string {
	return fmt.Sprintf("%s %s %s", c.Address, c.Mode, c.TLSVersion)
}

// cellAt finds a cell of 127.0.0.1.
func cellAt(t *testing.T, cells []event.Cell, port int, mode urlspec.Mode, version string) event.Cell {
	t.Helper()
	want := fmt.Sprintf("127.0.0.1:%d %s %s", port, mode, version)
	for _, c := range cells {
		if cellName(c) == want {
			return c
		}
	}
	t.Fatalf("no cell %q in %d cells", want, len(cells))
	return event.Cell{}
}

// Test explores the healthy server, where every port speaks one thing.
func TestRun(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	cells := matrixOf(t, server, urlspec.ModeSTARTTLS, nil)
	if first := cells[0]; first.Port != server.STARTTLSPort() || first.From[0] != event.FromURL ||
		first.Hosts[0] != "127.0.0.1" {
		t.Errorf("it begins with %+v, not with the URL's own place", first.Place)
	}
	port := map[string]int{"starttls": server.STARTTLSPort(), "tls": server.TLSPort(), "plain": server.PlainPort()}
	const ok = event.Cause("")
	tests := []struct {
		port    string
		mode    urlspec.Mode
		version string
		stage   event.Stage
		cause   event.Cause
		plus    string
		noPlus  string
	}{
		{"starttls", urlspec.ModeSTARTTLS, "TLS 1.3", "", ok, "SCRAM-SHA-256-PLUS tls-exporter", "SCRAM-SHA-256 "},
		{"starttls", urlspec.ModeSTARTTLS, "TLS 1.2", "", ok, "SCRAM-SHA-256-PLUS tls-server-end-point", "SCRAM-SHA-256 "},
		{"starttls", urlspec.ModeNone, "", event.StageSASL, event.CauseTLSRequired, " ", " "},
		{"starttls", urlspec.ModeTLS, "", event.StageTLS, event.CauseNotTLS, "", ""},
		{"tls", urlspec.ModeTLS, "TLS 1.3", "", ok, "SCRAM-SHA-256-PLUS tls-exporter", "SCRAM-SHA-256 "},
		{"tls", urlspec.ModeTLS, "TLS 1.2", "", ok, "SCRAM-SHA-256-PLUS tls-server-end-point", "SCRAM-SHA-256 "},
		{"tls", urlspec.ModeNone, "", event.StageStream, event.CauseClosed, "", ""},
		{"plain", urlspec.ModeNone, "", "", ok, "SCRAM-SHA-256 ", "SCRAM-SHA-256 "},
		{"plain", urlspec.ModeSTARTTLS, "", event.StageSTARTTLS, event.CauseNoSTARTTLS, "", ""},
		{"plain", urlspec.ModeTLS, "", event.StageTLS, event.CauseNotTLS, "", ""},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.port, " ", test.mode, " ", test.version), func(t *testing.T) {
			c := cellAt(t, cells, port[test.port], test.mode, test.version)
			cause := ok
			if c.Failure != nil {
				cause = c.Failure.Cause
			}
			if c.FailedStage != test.stage || cause != test.cause {
				t.Errorf("it fails at %q with %+v, want %q at %q", c.FailedStage, c.Failure, test.cause, test.stage)
			}
			said := func(p *event.Prediction) string {
				if p == nil {
					return ""
				}
				return p.Mechanism + " " + p.Binding
			}
			if said(c.Plus) != test.plus || said(c.NoPlus) != test.noPlus {
				t.Errorf("it predicts %q and %q, want %q and %q", said(c.Plus), said(c.NoPlus), test.plus, test.noPlus)
			}
			encrypted := test.version != "" && test.cause == ok
			if c.Verified != encrypted || (c.SHA256 != "") != encrypted || encrypted && c.TLS.Version != test.version ||
				c.Encrypted() != encrypted {
				t.Errorf("verified %v, sha256 %q, %s", c.Verified, c.SHA256, c.TLS.Version)
			}
		})
	}
}

// TestCertificate: the probe looks past a certificate that is not valid,
// and says what is wrong with it.
func TestCertificate(t *testing.T) {
	tests := []struct {
		kind  loopback.Certificate
		cause event.Cause
	}{
		{loopback.ExpiredCertificate, event.CauseCertExpired},
		{loopback.OtherName, event.CauseCertName},
		{loopback.UnknownAuthority, event.CauseCertAuthority},
	}
	for _, test := range tests {
		t.Run(string(test.cause), func(t *testing.T) {
			server := loopbacktest.Start(t, loopback.Config{Certificate: test.kind})
			cells := matrixOf(t, server, urlspec.ModeSTARTTLS, func(j *explore.Job) { j.Login = true })
			c := cellAt(t, cells, server.STARTTLSPort(), urlspec.ModeSTARTTLS, "TLS 1.3")
			if c.Verified || c.Certificate == nil || c.Certificate.Cause != test.cause || c.Failure != nil ||
				c.Grade(true) != event.UnverifiedPlus {
				t.Errorf("%+v, certificate %+v", c, c.Certificate)
			}
			for _, c := range cells {
				if len(c.Logins) > 0 {
					t.Errorf("%s: it logged in without a certificate to trust: %+v", cellName(c), c.Logins)
				}
			}
		})
	}
}

// TestVersions: a server that knows one version, and what a session
// would negotiate.
func TestVersions(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{MaxTLS: tls.VersionTLS12})
	cells := matrixOf(t, server, urlspec.ModeTLS, nil)
	for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
		port := server.STARTTLSPort()
		if mode == urlspec.ModeTLS {
			port = server.TLSPort()
		}
		if c := cellAt(t, cells, port, mode, "TLS 1.3"); c.Failure == nil || c.Failure.Cause != event.CauseTLSVersion {
			t.Errorf("%s with TLS 1.3: %+v", mode, c.Failure)
		}
		if c := cellAt(t, event.Negotiated(cells), port, mode, "TLS 1.2"); c.Failure != nil || !c.Verified {
			t.Errorf("%s with TLS 1.2: %+v", mode, c.Failure)
		}
	}
}

// loginsOf lists the logins of a matrix: "tls yes ok", "starttls no refused".
func loginsOf(cells []event.Cell) []string {
	var list []string
	for _, c := range cells {
		for _, l := range c.Logins {
			outcome := "ok"
			if !l.OK {
				outcome = string(l.Failure.Cause)
			}
			list = append(list, fmt.Sprintf("%s %v %s", c.Mode, l.ScramPlus, outcome))
		}
	}
	slices.Sort(list)
	return list
}

// TestLogin: where the logins go, and when they end.
func TestLogin(t *testing.T) {
	tests := []struct {
		name   string
		config loopback.Config
		mode   urlspec.Mode
		change func(*explore.Job)
		want   []string
	}{
		{"the first succeeds", loopback.Config{}, urlspec.ModeSTARTTLS, nil, []string{"starttls true ok"}},
		{"in the URL's own mode", loopback.Config{}, urlspec.ModeTLS, nil, []string{"tls true ok"}},
		{"the last one is without PLUS", loopback.Config{Faults: loopback.Faults{OldEjabberd: true}}, urlspec.ModeTLS, nil,
			[]string{"starttls true channel-binding", "tls false ok", "tls true channel-binding"}},
		{"a wrong password is tried without PLUS once", loopback.Config{}, urlspec.ModeTLS,
			func(j *explore.Job) { j.Reading.Password = "wrong" },
			[]string{"tls false not-authorized", "tls true not-authorized"}},
		{"the server has had enough", loopback.Config{Faults: loopback.Faults{MaxFailedLogins: 1}}, urlspec.ModeTLS,
			func(j *explore.Job) { j.Reading.Password = "wrong" },
			[]string{"tls false stream-error", "tls true not-authorized"}},
		{"a disabled account",
			loopback.Config{Accounts: []loopback.Account{{Name: "alice", Password: "alice-pw", Disabled: true}}},
			urlspec.ModeTLS, nil,
			[]string{"tls true not-authorized"}},
		{"no password", loopback.Config{}, urlspec.ModeTLS,
			func(j *explore.Job) { j.Reading.Password, j.Reading.PasswordSet = "", false },
			[]string{"tls true password-missing"}},
		{"an old server proves nothing without an answer",
			loopback.Config{Faults: loopback.Faults{Silent: loopback.StepAuth}}, urlspec.ModeTLS,
			func(j *explore.Job) { j.Reading.RTO = 2 }, // the others must be there by then, on a busy machine too
			[]string{"starttls true timeout", "tls false timeout", "tls true timeout"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := loopbacktest.Start(t, test.config)
			cells := matrixOf(t, server, test.mode, func(j *explore.Job) {
				j.Login = true
				if test.change != nil {
					test.change(j)
				}
			})
			if got := loginsOf(cells); !slices.Equal(got, test.want) {
				t.Errorf("logins %q, want %q", got, test.want)
			}
			if text := fmt.Sprintf("%+v", cells); strings.Contains(text, "alice-pw") {
				t.Error("the password is in the cells")
			}
		})
	}
}

// TestPlaces: what is derived from a reading and its SRV records.
func TestPlaces(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Domain: "corp.test"})
	own := server.STARTTLSPort()
	tests := []struct {
		name   string
		change func(*explore.Job)
		want   []string // host address from
		none   []string // hosts without an address
	}{
		{"SRV leads to the server", func(j *explore.Job) { j.Lookup = server.Resolver() },
			[]string{
				fmt.Sprintf("localhost 127.0.0.1:%d SRV _xmpp-client, usual port", own),
				fmt.Sprintf("localhost 127.0.0.1:%d SRV _xmpps-client", server.TLSPort()),
				fmt.Sprintf("localhost [::1]:%d SRV _xmpp-client, usual port", own),
				fmt.Sprintf("localhost [::1]:%d SRV _xmpps-client", server.TLSPort()),
			}, []string{"corp.test"}},
		{"this machine stays this machine", func(j *explore.Job) {
			j.Reading.TCPHost, j.Reading.Host = "127.0.0.1", "corp.test"
			j.Lookup = never{t}
		}, []string{fmt.Sprintf("127.0.0.1 127.0.0.1:%d URL, usual port", own)}, nil},
		{"host, xmpp= and JID domain", func(j *explore.Job) {
			j.Reading.TCPHost, j.Reading.Host = "xmpp.corp.test", "corp.test"
			j.Lookup = names{"xmpp.corp.test": "127.0.0.1", "corp.test": "127.0.0.1"}
		}, []string{fmt.Sprintf("xmpp.corp.test,corp.test 127.0.0.1:%d URL, usual port, JID domain", own)}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cells := matrixOf(t, server, urlspec.ModeSTARTTLS, func(j *explore.Job) {
				j.Reading.LoginJID, j.Reading.StreamTo = "alice@corp.test", "corp.test"
				j.Reading.Host, j.Reading.TCPHost, j.Ports = "corp.test", "corp.test", []int{}
				test.change(j)
			})
			var got, none []string
			for _, c := range cells {
				if c.Address == "" {
					none = append(none, strings.Join(c.Hosts, ","))
					continue
				}
				line := fmt.Sprintf("%s %s %s", strings.Join(c.Hosts, ","), c.Address, c.Sources())
				if !slices.Contains(got, line) {
					got = append(got, line)
				}
			}
			slices.Sort(got)
			slices.Sort(test.want)
			if !slices.Equal(got, test.want) || !slices.Equal(none, test.none) {
				t.Errorf("places\n%s\nwithout address %q, want\n%s\nand %q", strings.Join(got, "\n"), none,
					strings.Join(test.want, "\n"), test.none)
			}
		})
	}
}

// names is a resolver of addresses; nothing has SRV records.
type names map[string]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if ip, ok := n[host]; ok {
		return []netip.Addr{netip.MustParseAddr(ip)}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (n names) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// never is a resolver that nobody may ask.
type never struct{ t *testing.T }

func (n never) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.t.Errorf("%s was looked up", host)
	return nil, errors.New("not here")
}

func (n never) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	n.t.Errorf("the SRV records of %s were looked up", name)
	return "", nil, errors.New("not here")
}

// TestEnds: the caller's context ends everything at once, the limit ends
// the probes, and both leave nothing behind.
func TestEnds(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Faults: loopback.Faults{Silent: loopback.StepHeader}})
	run := func(ctx context.Context, change func(*explore.Job)) ([]event.Cell, error) {
		j := explore.Job{Job: jobFor(server, urlspec.ModeSTARTTLS), Ports: []int{server.TLSPort()}}
		change(&j)
		defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
		return explore.Run(ctx, j, nil)
	}
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := run(ctx, func(j *explore.Job) {
			j.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				defer cancel()
				return new(net.Dialer).DialContext(ctx, network, address)
			}
		})
		var f *event.Failure
		if !errors.As(err, &f) || f.Cause != event.CauseCancelled {
			t.Errorf("Run: %v", err)
		}
	})
	t.Run("limit", func(t *testing.T) {
		cells, err := run(t.Context(), func(j *explore.Job) { j.Limit = 300 * time.Millisecond })
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			if c.Failure == nil || c.Failure.Cause == event.CauseCancelled {
				t.Errorf("%s: %+v", cellName(c), c.Failure)
			}
		}
	})
	t.Run("not accepted", func(t *testing.T) {
		if _, err := run(t.Context(), func(j *explore.Job) { j.Reading.Accepted = false }); err == nil {
			t.Error("no error")
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		cells, err := run(t.Context(), func(j *explore.Job) {
			j.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route") }
		})
		if err != nil || len(cells) != 2 || cells[0].Mode != "" || cells[0].FailedStage != event.StageTCP {
			t.Errorf("%+v, %v", cells, err)
		}
	})
}

// TestSecrets: cells do not show a host that may be half a password, nor what the
// server repeats.
func TestSecrets(t *testing.T) {
	half := strings.ToLower(loopbacktest.Canary)
	server := loopbacktest.Start(t, loopback.Config{Domain: half})
	cells := matrixOf(t, server, urlspec.ModeSTARTTLS, func(j *explore.Job) {
		j.Login, j.Secrets, j.Lookup = true, []string{half}, server.Resolver()
		j.Reading.LoginJID, j.Reading.StreamTo, j.Reading.Host = "alice@"+half, half, half
		j.Reading.TCPHost = "xmpp." + half
	})
	text, err := json.Marshal(cells)
	if err != nil {
		t.Fatal(err)
	}
	if loopbacktest.Leaks(string(text)) || loopbacktest.Leaks(fmt.Sprintf("%+v", cells)) {
		t.Errorf("the cells show it: %s", text)
	}
	if !strings.Contains(string(text), "xmpp.••••••••") || len(loginsOf(cells)) == 0 {
		t.Errorf("the host is masked, and a login was tried: %s", text)
	}
	reading := urlspec.Reading{Accepted: true, LoginJID: "alice@" + half + " x"}
	_, err = explore.Run(t.Context(), explore.Job{Job: xmppcore.Job{Reading: reading, Secrets: []string{half}}}, nil)
	if err == nil || loopbacktest.Leaks(err.Error()) {
		t.Errorf("an illegal login: %v", err)
	}
}

// manyServers has more SRV records than hosts are explored, none of which has an
// address.
type manyServers struct{}

func (manyServers) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (manyServers) LookupSRV(_ context.Context, service, _, _ string) (string, []*net.SRV, error) {
	if service != "xmpp-client" {
		return "", nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	var records []*net.SRV
	for i := range 10 {
		records = append(records, &net.SRV{Target: fmt.Sprintf("x%d.example.test.", i), Port: 5222, Priority: uint16(i)})
	}
	return "", records, nil
}

// TestLeftOut: hosts beyond the bound are not dropped in silence.
func TestLeftOut(t *testing.T) {
	job := explore.Job{Job: xmppcore.Job{Lookup: manyServers{},
		Reading: urlspec.Parse("xmpps://alice:pw@example.test/bob").Reading}}
	checkLeftOut(t, job,
		"[x7.example.test x8.example.test x9.example.test]3 hosts more than the 8 that are looked at")
}

// checkLeftOut checks the hosts that an exploration tells of as left out, with the reason.
func checkLeftOut(t *testing.T, job explore.Job, want ...string) {
	t.Helper()
	cells, err := explore.Run(t.Context(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, c := range cells {
		if c.Failure != nil && c.Failure.Cause == event.CauseLeftOut {
			left = append(left, fmt.Sprint(c.Hosts, c.Failure.Detail))
		}
	}
	if !slices.Equal(left, want) {
		t.Errorf("left out %q, want %q", left, want)
	}
}

// crowd is a resolver with two servers of 40 addresses each.
type crowd struct{}

func (crowd) LookupNetIP(_ context.Context, _, host string) (ips []netip.Addr, _ error) {
	network := byte(len(host))
	for i := range byte(40) {
		ips = append(ips, netip.AddrFrom4([4]byte{198, 51, network, i}))
	}
	return ips, nil
}

func (crowd) LookupSRV(_ context.Context, service, _, _ string) (string, []*net.SRV, error) {
	if service != "xmpp-client" {
		return "", nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}
	return "", []*net.SRV{{Target: "xmpp.example.test.", Port: 5222}}, nil
}

// TestAddressesLeftOut: neither are addresses of a host, nor places.
func TestAddressesLeftOut(t *testing.T) {
	job := explore.Job{Job: xmppcore.Job{Lookup: crowd{},
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		},
		Reading: urlspec.Parse("xmpps://alice:pw@example.test/bob").Reading}}
	checkLeftOut(t, job,
		"[example.test]it has 24 more than the 16 addresses that are looked at",
		"[xmpp.example.test]it has 24 more than the 16 addresses that are looked at",
		"[xmpp.example.test]32 places more than the 64 that are looked at")
}
