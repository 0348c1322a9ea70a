//go:build servers

package finding_test

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/model"
	"xmppscope/model/finding"
	"xmppscope/model/modeltest"
	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/servertest"
)

// policy is a message or a join that a server or a component does not take.
type policy struct {
	name   string
	server string // the server or release that has it; empty: all
	from   string // who logs in, at Domain when no other is named
	query  string
	to     string
	send   int // how many messages
	// finding is what is said, exit the run's code, evidence that of each message.
	finding  string
	exit     model.ExitCode
	evidence string
	// story is that of modeltest.Served in which a scripted peer says the same, word
	// for word.
	story string
	// late is true for answers of a component, which the server does not wait for:
	// some come when the run is over.
	late bool
}

// policies are those of servertest.Options.Policies, and of the bot.
func policies() []policy {
	const room = servertest.RoomService
	return []policy{
		{name: "a bot whose library makes the reply", to: "reply@" + servertest.BotDomain, send: 1, late: true,
			finding: "bounce-unclear", exit: model.ExitNothing, evidence: "written"},
		{name: "the same, and two messages are on the way", to: "reply@" + servertest.BotDomain, send: 2, late: true,
			finding: "bounce-unclear", exit: model.ExitNothing, evidence: "written written"},
		{name: "a bot that keeps the id", to: "strict@" + servertest.BotDomain, send: 1, late: true,
			finding: "target-missing", exit: model.ExitNothing, evidence: "written"},
		{name: "a bot that says nothing", to: "mute@" + servertest.BotDomain, send: 1,
			finding: "remote-unheard", exit: model.ExitDone, evidence: "accepted"},
		{name: "a component that is not connected", server: "prosody", to: "bob@sms.example.test", send: 1,
			finding: "gateway-down", exit: model.ExitNothing, evidence: "written", story: "Prosody 0.12: not connected"},
		{name: "a component that is not connected", server: "ejabberd", to: "bob@sms.example.test", send: 1,
			finding: "gateway-down", exit: model.ExitNothing, evidence: "written",
			story: "ejabberd: a domain below ours"},
		{name: "a room of a bot", query: "rto=1", to: "#den@" + servertest.BotDomain, finding: "room-silent",
			exit: model.ExitSome},
		// Nothing tells that the server drops it: it is taken, and not said to be there.
		{name: "strangers, dropped", server: "prosody", to: "bob@" + servertest.Guarded, send: 1,
			finding: "remote-unheard", exit: model.ExitDone, evidence: "accepted"},
		{name: "strangers, refused", server: "ejabberd", to: "bob@" + servertest.Guarded, send: 1,
			finding: "target-forbidden", exit: model.ExitNothing, evidence: "written",
			story: "ejabberd: mod_block_strangers"},
		{name: "spam", server: "prosody", to: "carol", send: 1, finding: "target-forbidden", exit: model.ExitNothing,
			evidence: "written", story: "Prosody: mod_firewall's rules against spam"},
		{name: "encryption", server: "prosody-0.12", from: "alice@" + servertest.Sealed, to: "bob", send: 1,
			finding: "encryption-required", exit: model.ExitNothing, evidence: "written", story: "Prosody: mod_require_otr"},
		{name: "encryption, in a room", server: "prosody-0.12", from: "alice@" + servertest.Sealed,
			to: "#open@" + room, send: 1, finding: "encryption-required", exit: model.ExitNothing, evidence: "written",
			story: "Prosody: mod_require_otr"},
		{name: "slow mode", server: "prosody", to: "#slow@" + room, send: 2, finding: "too-fast", exit: model.ExitSome,
			evidence: "reflected written", story: "Prosody: mod_muc_slow_mode"},
		{name: "a room that moved", server: "prosody", to: "#moved@" + room, finding: "room-moved", exit: model.ExitSome,
			story: "Prosody: the tombstone of a room"},
		{name: "rooms are not created", server: "prosody", to: "#ops@" + servertest.Hall,
			finding: "room-creation-refused", exit: model.ExitSome},
		{name: "rooms are not created", server: "ejabberd", to: "#ops@" + servertest.Hall,
			finding: "room-creation-refused", exit: model.ExitSome, story: "ejabberd: access_create"},
		{name: "a room as a user, at a domain that does not look like rooms", to: "slow@" + servertest.Hall, send: 1,
			finding: "target-is-room", exit: model.ExitNothing, evidence: "written"},
		{name: "a room as a user, of a service that is closed to us", server: "ejabberd", from: "carol",
			to: "slow@" + servertest.Hall, send: 1, finding: "target-forbidden", exit: model.ExitNothing,
			evidence: "written", story: "ejabberd: a service that is closed to us"},
		{name: "a service that is closed to us", server: "ejabberd", from: "carol", to: "#slow@" + servertest.Hall,
			finding: "room-service-forbidden", exit: model.ExitSome, story: "ejabberd: access"},
		{name: "a task for newcomers", server: "ejabberd", from: "bob", to: "#captcha@" + room, finding: "room-captcha",
			exit: model.ExitSome},
		{name: "a full room", server: "ejabberd", from: "carol", to: "#full@" + room, finding: "room-full",
			exit: model.ExitSome, story: "ejabberd: max_users"},
		{name: "a full queue", server: "ejabberd", to: "carol", send: 3, finding: "offline-queue-full",
			exit: model.ExitSome, evidence: "accepted written written", story: "ejabberd"},
		{name: "a long nick", server: "prosody-13", from: "bob", query: "name=" + strings.Repeat("n", 30),
			to: "#open@" + room, finding: "room-nick-refused", exit: model.ExitSome, story: "Prosody: mod_muc_limits"},
		{name: "a long message", server: "prosody-13", from: "bob", to: "#open@" + room, send: 1,
			finding: "message-too-long", exit: model.ExitNothing, evidence: "written", story: "Prosody: mod_muc_limits"},
	}
}

// on reports whether a server has the policy.
func (p policy) on(server *servertest.Server) bool {
	switch p.server {
	case "prosody-0.12":
		return server.Name == "prosody"
	case "prosody-13":
		return strings.HasPrefix(server.Name, "prosody-13")
	}
	return p.server == "" || p.server == server.Software
}

// play does the run of the policy.
func (p policy) play(t *testing.T, server *servertest.Server) *model.Run {
	t.Helper()
	user, domain, found := strings.Cut(p.from, "@")
	if user == "" {
		user = "alice"
	}
	if !found {
		domain = servertest.Domain
	}
	var messages []event.Message
	for range p.send {
		body := "hello"
		if p.finding == "message-too-long" {
			body = strings.Repeat("x", 6000)
		}
		messages = append(messages, event.Message{Body: body})
	}
	url := server.URLAt(server.STARTTLS, domain, urlspec.ModeSTARTTLS, user, servertest.Password(user),
		unbound(server, p.query+"&verify=no"), p.to)
	return modeltest.Connect(t, url, func(job *xmppcore.Job) { job.Roots = server.Roots }, messages...)
}

// evidenceOf is the rung of each message.
func evidenceOf(run *model.Run) string {
	var all []string
	for _, d := range run.Deliveries {
		all = append(all, string(d.Evidence))
	}
	return strings.Join(all, " ")
}

// refusalOf is the last answer that refused a room or a message.
func refusalOf(run *model.Run) (answer event.Failure) {
	for _, e := range run.Events {
		if f := e.Failure; f != nil && e.Item != "" && f.Condition != "" {
			answer = event.Failure{Condition: f.Condition, Type: f.Type, Text: f.Text, Moved: f.Moved}
		}
	}
	return answer
}

// TestServerPolicies: what operators forbid, and what components answer, on the
// servers themselves: the evidence, the finding, and that the scripted peers say what
// the servers say.
func TestServerPolicies(t *testing.T) {
	t.Parallel()
	scripted := map[string]*model.Run{}
	for _, s := range modeltest.Stories() {
		scripted[s.Code+" "+s.Name] = s.Run()
	}
	onServers(t, servertest.Options{Policies: true}, func(t *testing.T, server *servertest.Server) {
		server.Bot(t)
		if server.Software == "ejabberd" {
			server.Login(t, "bob", servertest.ClientOptions{}).Join(t, "full", "bob")
		}
		for _, p := range policies() {
			if !p.on(server) {
				continue
			}
			t.Run(p.name, func(t *testing.T) {
				run := p.play(t, server)
				for range 20 {
					if !p.late || !run.OK() {
						break
					}
					run = p.play(t, server)
				}
				found := finding.Of(t.Context(), run)
				if len(found) != 1 || found[0].Code != p.finding {
					t.Errorf("want %s alone, got %+v", p.finding, found)
				}
				if got := run.ExitCode(); got != p.exit {
					t.Errorf("exit code %d, want %d", got, p.exit)
				}
				if got := evidenceOf(run); got != p.evidence {
					t.Errorf("evidence %q, want %q", got, p.evidence)
				}
				if v := finding.Apprise(run); !v.Known() || v.WouldDeliver != (p.exit == model.ExitDone) {
					t.Errorf("Apprise: %+v", v)
				}
				for _, why := range finding.Contradictions(run) {
					t.Error(why)
				}
				if p.story != "" {
					story := scripted[p.finding+" "+p.story]
					if story == nil {
						t.Fatalf("there is no story %q", p.story)
					}
					if got, want := refusalOf(run), refusalOf(story); got != want {
						t.Errorf("the server says %+v, the scripted peer %+v", got, want)
					}
				}
				if t.Failed() {
					for _, e := range run.Events {
						t.Logf("%s %s %s %s", e.Stage, e.Item, e.State, e.Text)
					}
				}
			})
		}
	})
}

// TestServerRoomMoves: a room that its owner destroys while we are in it, and that
// names another.
func TestServerRoomMoves(t *testing.T) {
	t.Parallel()
	onServers(t, servertest.Options{}, func(t *testing.T, server *servertest.Server) {
		server.Bot(t)
		owner := server.Login(t, "alice", servertest.ClientOptions{})
		owner.Join(t, "moderated", "alice")
		// The bot does not answer, so the run still joins when the room ends.
		url := server.URL(urlspec.ModeSTARTTLS, "bob", unbound(server, "rto=10&verify=no"),
			"#"+servertest.Room("moderated"), "#den@"+servertest.BotDomain)
		ended := make(chan *model.Run)
		go func() {
			ended <- modeltest.Connect(t, url, func(job *xmppcore.Job) { job.Roots = server.Roots })
		}()
		owner.Await(t, "moderated", "bob")
		owner.Destroy(t, "moderated", "open")
		found := finding.Of(t.Context(), <-ended)
		slices.SortFunc(found, func(a, b finding.Finding) int { return strings.Compare(a.Code, b.Code) })
		if len(found) != 2 || found[0].Code != "room-moved" || found[1].Code != "room-silent" {
			t.Fatalf("want room-moved and room-silent, got %+v", found)
		}
		if fix := found[0].Fix; fix == nil || !strings.Contains(fix.Edited, "open@") {
			t.Errorf("the fix is %+v", fix)
		}
	})
}
