//go:build servers

package xmppcore_test

import (
	"strings"
	"testing"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// TestServerLongMessage: 20 kB arrive everywhere. That is more than the 10,000
// bytes that Prosody 13 takes before the login, and with SASL2 the library goes
// on to hold to those.
func TestServerLongMessage(t *testing.T) {
	t.Parallel()
	long := event.Message{Subject: "long", Body: strings.Repeat("0123456789 <&> \n", 20_000/16)}
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		bob.Join(t, "open", "bob")
		for _, mode := range modes() {
			o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "", "bob", "#"+servertest.Room("open")), long, long))
			if o.err != nil {
				t.Errorf("%s: Run: %v", mode, o.err)
			}
			got := bob.Received(t, 4)
			if len(got) != 4 {
				t.Errorf("%s: bob received %d messages, want 4", mode, len(got))
			}
			for _, m := range got {
				if m.Body != long.Body || m.Subject != long.Subject {
					t.Errorf("%s: bob received %d bytes of %s under %q, want %d", mode, len(m.Body), m.Type, m.Subject, len(long.Body))
				}
			}
			for _, d := range o.deliveries() {
				if d.Evidence == event.Written || d.Evidence == event.NotSent || d.Error != nil {
					t.Errorf("%s: delivery %+v", mode, d)
				}
			}
		}
	})
}

// TestServerTooLong: Prosody takes 256 kB. Release 13 says so after the login
// (XEP-0478) and is not even sent more; 0.12 ends the stream. ejabberd has no
// limit of its own.
func TestServerTooLong(t *testing.T) {
	t.Parallel()
	short, long := event.Message{Body: "short"}, event.Message{Body: strings.Repeat("x", 300_000)}
	const limit = 256 << 10
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		for _, mode := range modes() {
			o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "", "carol"), short, long))
			f, told := o.failure(), data[event.Bind](o, event.StageBind).MaxBytes
			switch {
			case server.Software == "ejabberd":
				if o.err != nil {
					t.Errorf("%s: Run: %v", mode, o.err)
				}
			case server.Name != "prosody":
				if told != limit || f.Cause != event.CauseTooBig || f.Size <= len(long.Body) || f.Limit != limit {
					t.Errorf("%s: told of %d bytes, Run: %+v", mode, told, f)
				}
			default:
				if f.Cause != event.CauseStreamError || f.Condition != "policy-violation" || f.Text != "XML stanza is too big" {
					t.Errorf("%s: Run: %+v", mode, f)
				}
			}
			deliveries := o.deliveries()
			if len(deliveries) != 2 {
				t.Fatalf("%s: deliveries %+v", mode, deliveries)
			}
			if e := deliveries[1].Evidence; (o.err == nil) != (e == event.Accepted) {
				t.Errorf("%s: Run: %v, and the long message reached %q", mode, o.err, e)
			}
		}
	})
}

// TestServerLimitsTold: the limit before the login is not taken for the one
// after it.
func TestServerLimitsTold(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		for _, mode := range modes() {
			o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "", "bob")))
			got := [2]int{data[event.Features](o, event.StageFeatures).MaxBytes, data[event.Bind](o, event.StageBind).MaxBytes}
			var want [2]int
			if strings.HasPrefix(server.Name, "prosody-13") {
				want = [2]int{10_000, 256 << 10}
			}
			if got != want {
				t.Errorf("%s: limits %v before and after the login, want %v", mode, got, want)
			}
		}
	})
}
