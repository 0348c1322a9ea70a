package xmppcore_test

import (
	"context"
	"crypto/tls"
	"os"
	"slices"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// job logs alice in at the server.
func job(server *loopback.Server, mode urlspec.Mode, targets ...urlspec.Address) xmppcore.Job {
	port := map[urlspec.Mode]int{urlspec.ModeNone: server.PlainPort(),
		urlspec.ModeSTARTTLS: server.STARTTLSPort(), urlspec.ModeTLS: server.TLSPort()}[mode]
	return xmppcore.Job{Roots: server.Roots(), Reading: urlspec.Reading{
		Accepted: true, LoginJID: "alice@localhost", StreamTo: "localhost",
		PasswordSet: true, Password: "alice-pw", TCPHost: "127.0.0.1", Port: port,
		Mode: mode, Nick: "alice", Targets: targets, ScramPlus: true, Verify: true, CTO: 30, RTO: 30,
	}}
}

func allModes() []urlspec.Mode {
	return []urlspec.Mode{urlspec.ModeNone, urlspec.ModeSTARTTLS, urlspec.ModeTLS}
}

// inMode is the stages that a mode takes up to the login.
func inMode(mode urlspec.Mode, more ...event.Stage) []event.Stage {
	stages := map[urlspec.Mode][]event.Stage{
		urlspec.ModeNone:     {event.StageTCP, event.StageStream},
		urlspec.ModeSTARTTLS: {event.StageTCP, event.StageStream, event.StageSTARTTLS, event.StageTLS},
		urlspec.ModeTLS:      {event.StageTCP, event.StageTLS, event.StageStream},
	}[mode]
	return slices.Concat(stages, []event.Stage{event.StageFeatures, event.StageSASL, event.StageBind}, more)
}

func TestCheck(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "one"}, {Name: "two"}}})
	for _, mode := range allModes() {
		t.Run(string(mode), func(t *testing.T) {
			j := job(server, mode, room("one@conference.localhost"), room("two@conference.localhost"), chat("bob@localhost"))
			j.Reading.Roster = true
			s := tell(t, j)
			s.succeeds(t)
			want := inMode(mode, event.StageRoster, event.StageMUC, event.StageClose)
			if got := s.stages(); !slices.Equal(got, want) {
				t.Errorf("stages %v, want %v", got, want)
			}
			for _, name := range []string{"one", "two"} {
				d, e := s.room(name + "@conference.localhost")
				if !d.Joined || d.Nick != "alice" || e.State != event.OK {
					t.Errorf("room %s: %+v, %s", name, d, e.Text)
				}
			}
			if got := server.Received("bob@localhost"); len(got) > 0 {
				t.Errorf("a check wrote to bob: %+v", got)
			}
		})
	}
}

func TestSend(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{
		Accounts: []loopback.Account{{Name: "alice", Password: "alice-pw"}, {Name: "bob", Password: "bob-pw", Resident: true,
			Receipts: true}, {Name: "carol", Password: "x"}},
		Rooms: []loopback.Room{{Name: "open"}},
	})
	messages := []event.Message{{Subject: "Disk <full>", Body: "line 1\nline 2 & more"}, {Body: "second"}}
	for _, mode := range allModes() {
		t.Run(string(mode), func(t *testing.T) {
			j := job(server, mode, room("open@conference.localhost"), chat("bob@localhost"), chat("carol@localhost"))
			j.Messages = messages
			s := tell(t, j)
			s.succeeds(t)
			for n, m := range messages {
				got, err := server.WaitMessage(t.Context(), "bob@localhost")
				if err != nil || got.Body != m.Body || got.Subject != m.Subject {
					t.Errorf("bob got %+v, %v; want %+v", got, err, m)
				}
				for to, want := range map[string]event.Evidence{"open@conference.localhost": event.Reflected,
					"bob@localhost": event.Received, "carol@localhost": event.Accepted} {
					if d, e := s.delivery(to, n+1); d.Evidence != want || e.State != event.OK {
						t.Errorf("message %d to %s: %+v, %s", n+1, to, d, e.Text)
					}
				}
			}
			want := inMode(mode, event.StageMUC, event.StageSend, event.StageAck, event.StageClose)
			if got := s.stages(); !slices.Equal(got, want) {
				t.Errorf("stages %v, want %v", got, want)
			}
			if d, ok := s.end(event.StageClose).Data.(event.Close); !ok || d.BytesIn == 0 || d.BytesOut == 0 {
				t.Errorf("close: %+v", s.end(event.StageClose))
			}
		})
	}
}

// TestMechanism is about the choice alone: with and without a probe, what was
// predicted is what was used.
func TestMechanism(t *testing.T) {
	tests := []struct {
		name    string
		config  loopback.Config
		mode    urlspec.Mode
		noPlus  bool
		want    string
		binding string
	}{
		{"TLS 1.3", loopback.Config{}, urlspec.ModeSTARTTLS, false, "SCRAM-SHA-256-PLUS", "tls-exporter"},
		{"TLS 1.3, only end point", loopback.Config{Bindings: []string{"tls-server-end-point"}}, urlspec.ModeTLS, false,
			"SCRAM-SHA-256-PLUS", "tls-server-end-point"},
		{"TLS 1.2", loopback.Config{MaxTLS: tls.VersionTLS12, Bindings: []string{"tls-unique"}}, urlspec.ModeSTARTTLS, false,
			"SCRAM-SHA-256-PLUS", "tls-unique"},
		{"TLS 1.2, only end point", loopback.Config{MaxTLS: tls.VersionTLS12}, urlspec.ModeTLS, false, "SCRAM-SHA-256-PLUS",
			"tls-server-end-point"},
		{"no binding in common", loopback.Config{Bindings: []string{"tls-unique"}}, urlspec.ModeTLS, false, "SCRAM-SHA-256",
			""},
		{"scramplus=no", loopback.Config{}, urlspec.ModeSTARTTLS, true, "SCRAM-SHA-256", ""},
		{"the longest hash", loopback.Config{Mechanisms: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-512", "SCRAM-SHA-256"}},
			urlspec.ModeTLS, false, "SCRAM-SHA-512", ""},
		{"PLUS before a longer hash", loopback.Config{Mechanisms: []string{"SCRAM-SHA-512", "SCRAM-SHA-1-PLUS"}},
			urlspec.ModeTLS, false, "SCRAM-SHA-1-PLUS", "tls-exporter"},
		{"only PLAIN", loopback.Config{Mechanisms: []string{"PLAIN"}}, urlspec.ModeSTARTTLS, false, "PLAIN", ""},
		{"without TLS", loopback.Config{}, urlspec.ModeNone, false, "SCRAM-SHA-256", ""},
	}
	for _, test := range tests {
		for _, messages := range [][]event.Message{nil, {{Body: "hi"}}} {
			name := test.name + ", check"
			if messages != nil {
				name = test.name + ", send"
			}
			t.Run(name, func(t *testing.T) {
				j := job(loopbacktest.Start(t, test.config), test.mode, chat("bob@localhost"))
				j.Reading.ScramPlus, j.Messages = !test.noPlus, messages
				s := tell(t, j)
				s.succeeds(t)
				d, ok := s.end(event.StageSASL).Data.(event.SASL)
				if !ok || d.Predicted != test.want || d.Used != test.want || d.ChannelBinding != test.binding {
					t.Errorf("%+v, want %s %s", d, test.want, test.binding)
				}
				for _, m := range d.Offered {
					passed := slices.ContainsFunc(d.Passed, func(p event.PassedOver) bool { return p.Mechanism == m && p.Why != "" })
					if passed == (m == d.Used) {
						t.Errorf("of %s it says %+v", m, d.Passed)
					}
				}
			})
		}
	}
}

// TestUntil ends checks early. The stages after the last one are not told of,
// even where the library goes further.
func TestUntil(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "one"}}})
	for _, mode := range allModes() {
		whole := inMode(mode, event.StageRoster, event.StageMUC)
		for n, stage := range whole {
			t.Run(string(mode)+" "+string(stage), func(t *testing.T) {
				j := job(server, mode, room("one@conference.localhost"))
				j.Reading.Roster, j.Until = true, stage
				s := tell(t, j)
				s.succeeds(t)
				want := append(slices.Clone(whole[:n+1]), event.StageClose)
				if got := s.stages(); !slices.Equal(got, want) {
					t.Errorf("stages %v, want %v", got, want)
				}
			})
		}
	}
	t.Run("no login", func(t *testing.T) {
		j := job(server, urlspec.ModeSTARTTLS)
		j.NoLogin, j.Reading.PasswordSet = true, false
		s := tell(t, j)
		s.succeeds(t)
		if got := s.stages(); slices.Contains(got, event.StageSASL) {
			t.Errorf("stages %v", got)
		}
	})
}

// TestHTTPProxy: with the environment that a program makes, the library does not
// send the relay's connection through a proxy, here one that does not exist.
func TestHTTPProxy(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	for _, except := range []string{"", "example.com", "127.0.0.1"} {
		t.Setenv("NO_PROXY", except)
		if value, needed := xmppcore.LoopbackDirect(os.Getenv); needed {
			t.Setenv("NO_PROXY", value)
		}
		tell(t, job(server, urlspec.ModeSTARTTLS)).succeeds(t)
	}
}

func TestLoopbackDirect(t *testing.T) {
	for _, test := range []struct {
		name   string
		env    map[string]string
		value  string
		needed bool
	}{
		{"no proxy", nil, "", false},
		{"no proxy for HTTP", map[string]string{"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "socks5://p:1"}, "", false},
		{"a proxy", map[string]string{"HTTP_PROXY": "http://p:1"}, "127.0.0.1", true},
		{"a proxy in small letters", map[string]string{"http_proxy": "http://p:1"}, "127.0.0.1", true},
		{"with exceptions", map[string]string{"HTTP_PROXY": "http://p:1", "NO_PROXY": "example.org,.test"},
			"example.org,.test,127.0.0.1", true},
		{"with exceptions in small letters", map[string]string{"http_proxy": "http://p:1", "no_proxy": "example.org"},
			"example.org,127.0.0.1", true},
		{"with the right one", map[string]string{"HTTP_PROXY": "http://p:1", "NO_PROXY": "a.test,127.0.0.1"}, "", false},
		{"localhost is another name", map[string]string{"HTTP_PROXY": "http://p:1", "NO_PROXY": "localhost"},
			"localhost,127.0.0.1", true},
	} {
		value, needed := xmppcore.LoopbackDirect(func(name string) string { return test.env[name] })
		if value != test.value || needed != test.needed {
			t.Errorf("%s: %q, %v, want %q, %v", test.name, value, needed, test.value, test.needed)
		}
	}
}

// TestConnections: a check takes as many connections as a send, as the server
// counts them, with TLS 1.2 as well.
func TestConnections(t *testing.T) {
	for _, test := range []struct {
		name      string
		config    loopback.Config
		mode      urlspec.Mode
		scramPlus bool
		want      int
	}{
		{"STARTTLS", loopback.Config{}, urlspec.ModeSTARTTLS, true, 1},
		{"direct TLS", loopback.Config{}, urlspec.ModeTLS, true, 1},
		{"TLS 1.2", loopback.Config{MaxTLS: tls.VersionTLS12}, urlspec.ModeTLS, true, 1},
		{"without channel binding", loopback.Config{}, urlspec.ModeTLS, false, 2},
		{"without TLS", loopback.Config{}, urlspec.ModeNone, true, 2},
	} {
		for _, messages := range [][]event.Message{nil, {{Body: "hi"}}} {
			server := loopbacktest.Start(t, test.config)
			j := job(server, test.mode, chat("bob@localhost"))
			j.Messages, j.Reading.ScramPlus = messages, test.scramPlus
			tell(t, j).succeeds(t)
			if got := server.Connections(); got != test.want {
				t.Errorf("%s, %d messages: %d connections, want %d", test.name, len(messages), got, test.want)
			}
		}
	}
}

// TestNilTrace: nobody needs to look.
func TestNilTrace(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	if err := xmppcore.Run(context.Background(), job(server, urlspec.ModeTLS), event.Trace{}); err != nil {
		t.Error(err)
	}
}
