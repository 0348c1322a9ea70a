//go:build servers

package xmppcore_test

import (
	"slices"
	"strconv"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// stagesOf are the stages that a run in a mode takes up to the login. There is
// no name to look up.
func stagesOf(mode urlspec.Mode) []event.Stage {
	stages := []event.Stage{event.StageTCP}
	switch mode {
	case urlspec.ModeSTARTTLS:
		stages = append(stages, event.StageStream, event.StageSTARTTLS, event.StageTLS)
	case urlspec.ModeTLS:
		stages = append(stages, event.StageTLS, event.StageStream)
	case urlspec.ModeNone:
		stages = append(stages, event.StageStream)
	}
	return append(stages, event.StageFeatures, event.StageSASL, event.StageBind)
}

// TestServerCheck goes the whole way in every mode and sends nothing.
func TestServerCheck(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		bob.Join(t, "open", "bob")
		for _, mode := range modes() {
			t.Run(string(mode), func(t *testing.T) {
				o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "roster=yes", "bob", "#open@conference.example.test")))
				if o.err != nil {
					t.Errorf("Run: %v", o.err)
				}
				want := append(stagesOf(mode), event.StageRoster, event.StageMUC, event.StageClose)
				if got := o.ended(); !sameStages(got, want) {
					t.Errorf("stages %v, want %v", got, want)
				}
				port := server.Port(mode)
				if tcp := data[event.TCP](o, event.StageTCP); tcp.Address != "127.0.0.1:"+strconv.Itoa(port) || tcp.Port != port {
					t.Errorf("tcp %+v, want port %d of 127.0.0.1", tcp, port)
				}
				if bind := data[event.Bind](o, event.StageBind); !isResourceOf(bind.JID, servertest.JID("alice")) {
					t.Errorf("bound to %q", bind.JID)
				}
				room := o.room("open")
				if !room.Joined || room.Nick != "alice" || !slices.Contains(room.Codes, 110) || room.Error != nil {
					t.Errorf("room %+v", room)
				}
				if mode != urlspec.ModeNone {
					checkTLS(t, data[event.TLS](o, event.StageTLS))
				}
				if end := data[event.Close](o, event.StageClose); end.BytesIn == 0 || end.BytesOut == 0 {
					t.Errorf("close %+v", end)
				}
				if len(o.deliveries()) != 0 {
					t.Errorf("a check sent %+v", o.deliveries())
				}
				// The nick is free again, as soon as the server has read that we are gone.
				bob.AwaitLeft(t, "open", "alice")
				bob.Join(t, "open", "alice")
				bob.Join(t, "open", "bob")
				if t.Failed() {
					o.print(t)
				}
			})
		}
		if got := bob.Received(t, 0); len(got) != 0 {
			t.Errorf("bob received %+v from a check", got)
		}
	})
}

func checkTLS(t *testing.T, tls event.TLS) {
	t.Helper()
	if !tls.Verified || tls.Problem != "" || tls.Version != "TLS 1.3" || tls.Reference != servertest.Domain ||
		!slices.Contains(tls.Names, servertest.Domain) || len(tls.SHA256) != 64 || len(tls.Chain) == 0 {
		t.Errorf("tls %+v", tls)
	}
}

// TestServerConnections: a check takes as many connections as a send, one where
// the library chooses the mechanism as we would, as the server counts them.
func TestServerConnections(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		server.Connections(t) // those of the start
		for _, test := range []struct {
			mode  urlspec.Mode
			query string
			want  int
		}{
			{urlspec.ModeSTARTTLS, "scramplus=yes", 1},
			{urlspec.ModeTLS, "scramplus=yes", 1},
			{urlspec.ModeTLS, "scramplus=no", 2},   // a probe: the library cannot be told to leave channel binding
			{urlspec.ModeNone, "scramplus=yes", 2}, // a probe: nothing may go out in clear that should not
		} {
			url := server.URL(test.mode, "alice", test.query, "bob")
			refused := server.Name == "ejabberd" && test.want == 1 // its channel binding is wrong on TLS 1.3
			for name, messages := range map[string][]event.Message{"check": nil, "send": {{Body: "hi"}}} {
				o := run(t, jobFor(t, server, url, messages...))
				if (o.err != nil) != refused {
					t.Errorf("%s with mode=%s %s: %v", name, test.mode, test.query, o.err)
				}
				if got := server.Connections(t); got != test.want {
					t.Errorf("%s with mode=%s %s took %d connections, want %d", name, test.mode, test.query, got, test.want)
					o.print(t)
				}
			}
		}
	})
}

// TestServerCheckUntil ends checks early: nothing later happens.
func TestServerCheckUntil(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		for _, mode := range modes() {
			all := stagesOf(mode)
			for i, until := range all {
				t.Run(string(mode)+" until "+string(until), func(t *testing.T) {
					job := jobFor(t, server, urlFor(server, mode, "alice", "", "#open@conference.example.test"))
					job.Until = until
					o := run(t, job)
					if o.err != nil {
						t.Errorf("Run: %v", o.err)
					}
					last := event.Stage("")
					for _, stage := range o.ended() {
						if stage != event.StageClose {
							last = stage
						}
					}
					if last != until {
						t.Errorf("stages %v, want the last of %v", o.ended(), all[:i+1])
					}
				})
			}
			t.Run(string(mode)+" without login", func(t *testing.T) {
				job := jobFor(t, server, urlFor(server, mode, "alice", "", "bob"))
				job.NoLogin = true
				o := run(t, job)
				if o.err != nil {
					t.Errorf("Run: %v", o.err)
				}
				if bind := o.final(event.StageBind); bind != nil {
					t.Errorf("without a login, bind ended with %+v", bind)
				}
				if features := data[event.Features](o, event.StageFeatures); len(features.Mechanisms) == 0 {
					t.Errorf("features %+v", features)
				}
			})
		}
	})
}

// ended are the stages that ended, in the order of their ends.
func (o *outcome) ended() []event.Stage {
	var stages []event.Stage
	for _, e := range o.events {
		if e.Item == "" && e.State != event.Start {
			stages = append(stages, e.Stage)
		}
	}
	return stages
}

// sameStages compares without order: direct TLS ends its handshake before the
// stream opens, STARTTLS after.
func sameStages(a, b []event.Stage) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func isResourceOf(full, bare string) bool {
	return len(full) > len(bare)+1 && full[:len(bare)+1] == bare+"/"
}
