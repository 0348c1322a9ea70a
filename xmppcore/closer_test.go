package xmppcore_test

import (
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// gate stands before a server and lets in who sends the header of the PROXY protocol.
// With others it hangs up, or, when it is patient, says nothing. It returns its port.
func gate(t *testing.T, port int, patient bool) int {
	t.Helper()
	return loopbacktest.Listen(t, func(conn net.Conn) {
		const header = "PROXY UNKNOWN\r\n"
		first := make([]byte, len(header))
		if _, err := io.ReadFull(conn, first); err != nil {
			return
		}
		if string(first) != header {
			if patient {
				_, _ = io.Copy(io.Discard, conn)
			}
			return
		}
		server, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			return
		}
		var up sync.WaitGroup
		defer up.Wait()
		defer conn.Close() // ends what goes up
		up.Go(func() {
			_, _ = io.Copy(server, conn)
			server.Close()
		})
		_, _ = io.Copy(conn, server)
	})
}

// TestProxyHeader: a port that answers only behind the header of the PROXY protocol is
// told from one that hangs up on everybody, or is silent.
func TestProxyHeader(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	for name, mode := range map[string]urlspec.Mode{"STARTTLS": urlspec.ModeSTARTTLS, "TLS": urlspec.ModeTLS} {
		stage := map[string]event.Stage{"STARTTLS": event.StageStream, "TLS": event.StageTLS}[name]
		for _, probe := range []bool{false, true} {
			prepare := func(patient bool) xmppcore.Job {
				j := job(server, mode, chat("bob@localhost"))
				j.Reading.Port = gate(t, j.Reading.Port, patient)
				j.Reading.ScramPlus = !probe
				return j
			}
			tell(t, prepare(false)).fails(t, stage, event.CauseProxyHeader)
			s := tellLate(t, stage, func() xmppcore.Job { return prepare(true) })
			s.fails(t, stage, event.CauseProxyHeader)
		}
	}
}

// TestUnprompted: a port that hangs up on everybody, as a proxy does whose server is
// down, is told from one that hangs up on what we say.
func TestUnprompted(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	for name, waits := range map[string]bool{"at once": false, "on a greeting": true} {
		for _, mode := range []urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS} {
			j := job(server, mode, chat("bob@localhost"))
			j.Reading.Port = loopbacktest.Listen(t, func(conn net.Conn) {
				if waits {
					_, _ = conn.Read(make([]byte, 1<<10))
				}
			})
			stage := map[urlspec.Mode]event.Stage{urlspec.ModeSTARTTLS: event.StageStream, urlspec.ModeTLS: event.StageTLS}[mode]
			var failure *event.Failure
			for range 5 { // a busy machine may be late to hang up
				s := tell(t, j)
				s.fails(t, stage, event.CauseClosed)
				if !errors.As(s.err, &failure) || failure.Unprompted == waits {
					continue
				}
				failure = nil
				break
			}
			if failure != nil {
				t.Errorf("%s, %s: %+v", name, mode, failure)
			}
		}
	}
}
