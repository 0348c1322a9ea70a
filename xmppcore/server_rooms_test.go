//go:build servers

package xmppcore_test

import (
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// TestServerRoomRefuses plays every refusal of a room. The message to carol or
// bob beside it arrives all the same.
func TestServerRoomRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, user, room, nick string
		want                   event.Failure // Text is ejabberd's, Prosody gives none
	}{
		{"nick in use", "bob", "open", "alice", event.Failure{Type: "cancel", Condition: "conflict",
			Text: "That nickname is already in use by another occupant"}},
		{"members only", "bob", "members", "", event.Failure{Type: "auth", Condition: "registration-required",
			Text: "Membership is required to enter this room"}},
		{"password missing", "bob", "secret", "", event.Failure{Type: "auth", Condition: "not-authorized",
			Text: "A password is required to enter this room"}},
		{"banned", "carol", "banroom", "", event.Failure{Type: "auth", Condition: "forbidden",
			Text: "You have been banned from this room"}},
	}
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		friend := server.Login(t, "alice", servertest.ClientOptions{})
		friend.Join(t, "open", "alice")
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				want := test.want
				want.Stage, want.Cause = event.StageMUC, event.CauseRoom
				if server.Software == "prosody" {
					want.Text = ""
				}
				message := event.Message{Body: test.name}
				o := run(t, jobFor(t, server, urlFor(server, urlspec.ModeTLS, test.user, "name="+test.nick, "alice",
					"#"+servertest.Room(test.room)), message))
				failure := o.failure()
				if failure.Cause != event.CauseRoom || failure.Stage != event.StageMUC || failure.Condition != want.Condition {
					t.Errorf("Run: %+v", failure)
				}
				room := o.room(test.room)
				if room.Joined || room.Error == nil {
					t.Fatalf("room %+v", room)
				}
				got := *room.Error
				if got.By = ""; got != want {
					t.Errorf("the room answered %+v, want %+v", got, want)
				}
				for _, d := range o.deliveries() {
					toRoom := d.To == servertest.Room(test.room)
					if toRoom && d.Evidence != event.NotSent || !toRoom && d.Evidence != event.Accepted {
						t.Errorf("delivery %+v", d)
					}
				}
				if got := friend.Received(t, 1); len(got) != 1 || got[0].Body != test.name {
					t.Errorf("alice received %+v", got)
				}
				if t.Failed() {
					o.print(t)
				}
			})
		}
	})
}

// TestServerVisitor writes to a room in which it has no voice.
func TestServerVisitor(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		carol := server.Login(t, "carol", servertest.ClientOptions{})
		carol.Join(t, "moderated", "carol")
		o := run(t, jobFor(t, server, urlFor(server, urlspec.ModeTLS, "bob", "", "#"+servertest.Room("moderated")),
			event.Message{Body: "unheard"}))
		if f := o.failure(); f.Cause != event.CauseBounced || f.Condition != "forbidden" {
			t.Errorf("Run: %+v", f)
		}
		if room := o.room("moderated"); !room.Joined || room.Role != "visitor" {
			t.Errorf("room %+v", room)
		}
		for _, d := range o.deliveries() {
			if d.Error == nil || d.Error.Condition != "forbidden" || d.Evidence == event.Reflected {
				t.Errorf("delivery %+v", d)
			}
		}
		if got := carol.Received(t, 0); len(got) != 0 {
			t.Errorf("carol received %+v", got)
		}
		if t.Failed() {
			o.print(t)
		}
	})
}

// TestServerBounce writes to a user who does not exist, between two who do.
// carol is not online: the server keeps her messages.
func TestServerBounce(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		for _, mode := range modes() {
			o := run(t, jobFor(t, server, urlFor(server, mode, "alice", "", "bob", "nobody", "carol"), notification()...))
			if f := o.failure(); f.Cause != event.CauseBounced || f.Condition != "service-unavailable" || f.Type != "cancel" {
				t.Errorf("%s: Run: %+v", mode, f)
			}
			bounced := 0
			for _, d := range o.deliveries() {
				switch {
				case d.To != servertest.JID("nobody"):
					if d.Error != nil || d.Evidence != event.Accepted {
						t.Errorf("%s: delivery %+v", mode, d)
					}
				case d.Error == nil || d.Error.Condition != "service-unavailable" || d.Evidence == event.Accepted:
					t.Errorf("%s: delivery %+v", mode, d)
				default:
					bounced++
				}
			}
			if bounced != len(notification()) {
				t.Errorf("%s: %d messages came back, want %d", mode, bounced, len(notification()))
			}
			compare(t, "bob", bob.Received(t, len(notification())), expected("chat", servertest.JID("bob")))
			if t.Failed() {
				o.print(t)
			}
		}
	})
}

// TestServerOtherDomain writes to a domain that the server does not reach. It
// says so at once.
func TestServerOtherDomain(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		o := run(t, jobFor(t, server, urlFor(server, urlspec.ModeTLS, "alice", "", "someone@elsewhere.invalid"),
			event.Message{Body: "far"}))
		if f := o.failure(); f.Cause != event.CauseBounced || f.Condition == "" {
			t.Errorf("Run: %+v", f)
		}
		if t.Failed() {
			o.print(t)
		}
	})
}
