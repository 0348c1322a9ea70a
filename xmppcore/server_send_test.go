//go:build servers

package xmppcore_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// awkward is text that a careless writer of XML would change: leading and
// trailing blanks, line ends, tabs, XML's own characters, several scripts, a
// character beyond 16 bits, a combining one and a no-break space.
const awkward = "  two blanks first\nline\n\n\ttab & < > \" ' ]]> &amp; é 漢 😀 e\u0301\u00a0end  "

// notification is what the sending tests send: subject and none, one line and
// several.
func notification() []event.Message {
	return []event.Message{
		{Body: awkward},
		{Subject: " Disk <full> & \"hot\" ", Body: "plain"},
		{Body: "third\n"},
	}
}

// TestServerSend sends to users and rooms in every mode and compares what the
// other side got byte for byte.
func TestServerSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		targets     []string
		// noRoots leaves the server's authority unknown.
		noRoots bool
	}{
		{name: "to a user", targets: []string{"bob"}},
		{name: "to two users", targets: []string{"bob", "carol"}},
		{name: "to a room", targets: []string{"#open@conference.example.test"}},
		{name: "to rooms and users", query: "roster=yes&name=notifier",
			targets: []string{"carol", "#open@conference.example.test", "bob", "#members@conference.example.test"}},
		{name: "with verify=no", query: "verify=no", targets: []string{"bob"}, noRoots: true},
	}
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		bob := server.Login(t, "bob", servertest.ClientOptions{})
		bob.Join(t, "open", "bob")
		carol := server.Login(t, "carol", servertest.ClientOptions{Receipts: true})
		carol.Join(t, "open", "carol")
		receivers := map[string]*servertest.Client{"bob": bob, "carol": carol}

		for _, mode := range modes() {
			for _, test := range tests {
				t.Run(string(mode)+" "+test.name, func(t *testing.T) {
					job := jobFor(t, server, urlFor(server, mode, "alice", test.query, test.targets...), notification()...)
					if test.noRoots {
						job.Roots = nil
					}
					o := run(t, job)
					if o.err != nil {
						t.Errorf("Run: %v", o.err)
					}
					for user, client := range receivers {
						var want []servertest.Message
						if slices.Contains(test.targets, user) {
							want = append(want, expected("chat", servertest.JID(user))...)
						}
						if slices.Contains(test.targets, "#open@conference.example.test") {
							want = append(want, expected("groupchat", servertest.Room("open"))...)
						}
						compare(t, user, client.Received(t, len(want)), want)
					}
					o.checkDeliveries(t, job)
					if roster := o.final(event.StageRoster); (roster != nil) != job.Reading.Roster {
						t.Errorf("roster=%v, and the stage's end is %v", job.Reading.Roster, roster)
					}
					if t.Failed() {
						o.print(t)
					}
				})
			}
		}
	})
}

// expected is the notification as a receiver sees it: From is the sender's bare
// JID, or the room's.
func expected(kind, to string) []servertest.Message {
	from := servertest.JID("alice")
	if kind == "groupchat" {
		from = to
	}
	var messages []servertest.Message
	for _, m := range notification() {
		messages = append(messages, servertest.Message{Type: kind, From: from,
			Subject: m.Subject, HasSubject: m.Subject != "", Body: m.Body})
	}
	return messages
}

// compare compares what arrived with what was sent. Messages of different
// senders may arrive in any order, those of one may not.
func compare(t *testing.T, user string, got, want []servertest.Message) {
	t.Helper()
	for i := range got {
		if got[i].ID == "" {
			t.Errorf("%s got a message without an id", user)
		}
		// The addresses' resources and the ids are not known beforehand.
		got[i].From, _, _ = strings.Cut(got[i].From, "/")
		got[i].To, got[i].ID = "", ""
	}
	for _, messages := range [][]servertest.Message{got, want} {
		slices.SortStableFunc(messages, func(a, b servertest.Message) int { return cmp.Compare(a.From, b.From) })
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s got\n%+q\nwant\n%+q", user, bodies(got), bodies(want))
	}
}

// bodies is a message as one text for each, for a failing test.
func bodies(messages []servertest.Message) []string {
	var text []string
	for _, m := range messages {
		text = append(text, m.Type+" from "+m.From+" subject "+m.Subject+" body "+m.Body)
	}
	return text
}

// checkDeliveries checks that every message to every target is told of once
// and reached its rung: a room's reflection, the server of a user. Carol's client
// sends receipts, for which a run need not wait.
func (o *outcome) checkDeliveries(t *testing.T, job xmppcore.Job) {
	t.Helper()
	type key struct {
		to      string
		message int
	}
	seen := map[key]bool{}
	for _, d := range o.deliveries() {
		k := key{d.To, d.Message}
		if seen[k] || d.ID == "" || d.Error != nil {
			t.Errorf("delivery told of before, without an id or with an error: %+v", d)
		}
		seen[k] = true
		want := event.Accepted
		switch {
		case d.Kind == string(urlspec.Groupchat):
			want = event.Reflected
		case d.To == servertest.JID("carol") && d.Evidence == event.Received:
			want = event.Received
		}
		if d.Evidence != want {
			t.Errorf("message %d to %s reached %q, want %q", d.Message, d.To, d.Evidence, want)
		}
	}
	if want := len(job.Messages) * len(job.Reading.Targets); len(seen) != want {
		t.Errorf("%d deliveries are told of, want %d", len(seen), want)
	}
}

// TestServerReceipt: a receipt that is needed is waited for, for as long as for every
// answer.
func TestServerReceipt(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		carol := server.Login(t, "carol", servertest.ClientOptions{Receipts: true})
		job := jobFor(t, server, urlFor(server, urlspec.ModeTLS, "alice", "", "carol"), notification()...)
		job.Need = event.Received
		o := run(t, job)
		if o.err != nil {
			t.Errorf("Run: %v", o.err)
		}
		for _, d := range o.deliveries() {
			if d.Evidence != event.Received {
				t.Errorf("message %d reached %q", d.Message, d.Evidence)
			}
		}
		carol.Received(t, len(notification()))
	})
}
