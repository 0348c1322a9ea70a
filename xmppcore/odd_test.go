package xmppcore_test

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// TestOddJoins: what a room can answer to a join beside letting us in and refusing
// us by the book.
func TestOddJoins(t *testing.T) {
	const den = "den@rooms.example.test"
	const inside = "<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'"
	from := func(attrs, content string) string {
		return "<presence from='den@rooms.example.test/alice' " + attrs + ">" + content + "</presence>"
	}
	stanzaError := func(condition, more string) string {
		return "<error type='cancel'><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>" + more + "</" +
			condition + "></error>"
	}
	for _, test := range []struct {
		name, reply string
		cause       event.Cause // empty: joined
		holds       string
		late        bool // only the deadline decides
	}{
		{"no status 110, but our address", from("", inside+" jid='alice@example.test/here'/></x>"), "", "joined", false},
		{"no status 110", from("", inside+"/></x>"), event.CauseOddAnswer, "did not say", true},
		{"a task for a person", "<message from='den@rooms.example.test'><body>prove it</body>" +
			"<captcha xmlns='urn:xmpp:captcha'><x xmlns='jabber:x:data' type='form'/></captcha></message>",
			event.CauseCaptcha, "only a person", false},
		{"thrown out at once", from("type='unavailable'", "<x xmlns='http://jabber.org/protocol/muc#user'>"+
			"<item role='none' affiliation='none'/><status code='307'/></x>"), event.CauseRoom, "kicked", false},
		{"the service stops", from("type='unavailable'", "<x xmlns='http://jabber.org/protocol/muc#user'>"+
			"<item role='none' affiliation='none'/><status code='332'/></x>"), event.CauseRoom, "shuts down", false},
		{"an error without a sender", "<presence type='error' id='$id'>" + stanzaError("forbidden", "") + "</presence>",
			event.CauseRoom, "forbidden", false},
		{"an error by our server", "<presence type='error' id='$id' from='example.test'>" +
			stanzaError("remote-server-not-found", "") + "</presence>", event.CauseRoom, "remote-server-not-found", false},
		{"an error without a sender and an id", "<presence type='error'>" + stanzaError("forbidden", "") + "</presence>",
			event.CauseRoom, "forbidden", false},
		{"an error by the room service without an id", "<presence type='error' from='rooms.example.test'>" +
			stanzaError("not-allowed", "") + "</presence>", event.CauseRoom, "not-allowed", false},
		{"an error with a number", "<presence type='error' id='$id' from='den@rooms.example.test'><error code='407'>" +
			"Members only</error></presence>", event.CauseRoom, "registration-required (\"Members only\")", false},
		{"moved", "<presence type='error' id='$id' from='den@rooms.example.test'>" +
			stanzaError("gone", "xmpp:new%20den@rooms.example.test?join") + "</presence>", event.CauseRoom, "gone", false},
		{"moved, as a redirection", "<presence type='error' id='$id' from='den@rooms.example.test'>" +
			stanzaError("redirect", "xmpp:new%20den@rooms.example.test") + "</presence>", event.CauseRoom, "redirect", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</presence>", reply: test.reply}))
			j := p.patient(room(den))
			if test.late {
				j = p.slow(room(den))
			}
			s := tell(t, j)
			d, e := s.room(den)
			if test.cause == "" {
				s.succeeds(t)
			} else {
				s.fails(t, event.StageMUC, test.cause)
			}
			if d.Joined != (test.cause == "") || !strings.Contains(e.Text, test.holds) {
				t.Errorf("%+v, %s %q", d, e.State, e.Text)
			}
			if strings.HasPrefix(test.name, "moved") && (e.Failure == nil || e.Failure.Moved != "new den@rooms.example.test") {
				t.Errorf("moved to: %+v", e.Failure)
			}
		})
	}
}

// TestSession: the session of RFC 3921 is asked for where it is offered and not
// optional, once; a refusal is one of the login.
func TestSession(t *testing.T) {
	const session = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'>"
	for _, test := range []struct {
		name, feature, answer string
		asked                 bool
		cause                 event.Cause
	}{
		{"wanted", session + "</session>", "<iq type='result' id='$id'/>", true, ""},
		{"optional", session + "<optional/></session>", "", false, ""},
		{"not offered", "", "", false, ""},
		{"refused", session + "</session>", "<iq type='error' id='$id'><error type='wait'><internal-server-error " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>", true, event.CauseBind},
	} {
		t.Run(test.name, func(t *testing.T) {
			var more []line
			if test.asked {
				more = append(more, line{wait: "</session></iq>", reply: test.answer},
					line{wait: "</stream:stream>", reply: streamClose})
				more[0].wait = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>"
			}
			script := loggedIn(more...)
			script[2].reply = strings.Replace(script[2].reply, "</stream:features>", test.feature+"</stream:features>", 1)
			p := newPeer(t, probing(onlyPLAIN), script)
			s := tell(t, p.patient())
			if test.cause == "" {
				s.succeeds(t)
			} else {
				s.fails(t, event.StageBind, test.cause)
			}
			want := 0
			if test.asked {
				want = 1
			}
			if got := strings.Count(p.said(), "xmpp-session"); got != want {
				t.Errorf("asked %d times for a session, want %d", got, want)
			}
		})
	}
}

// TestQuestions: each question has one answer, whoever gives it, and an answer has
// none.
func TestQuestions(t *testing.T) {
	questions := strings.Join([]string{
		"<iq type='get' id='q-ping' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>",
		"<iq type='get' id='q-version' from='example.test'><query xmlns='jabber:iq:version'/></iq>",
		"<iq type='get' id='q-time' from='eve@example.test/x'><time xmlns='urn:xmpp:time'/></iq>",
		"<iq type='get' id='q-info' from='example.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
		"<iq type='set' id='q-push'><query xmlns='jabber:iq:roster'><item jid='bob@example.test'/></query></iq>",
		"<iq type='set' id='q-fake' from='eve@example.test'><query xmlns='jabber:iq:roster'/></iq>",
		"<iq type='set' id='q-&lt;' from='example.test'><what xmlns='urn:ever'/></iq>",
		"<iq type='result' id='q-none' from='example.test'/>",
	}, "")
	var ping string // is answered after the last question is
	p := newPeer(t, probing(onlyPLAIN), loggedIn(
		line{wait: "<ping xmlns='urn:xmpp:ping'/></iq>", answer: func(before string) string {
			ids := idPattern.FindAllStringSubmatch(before, -1)
			ping = ids[len(ids)-1][1]
			return questions
		}},
		line{wait: "id='q-&lt;'", answer: func(string) string { return strings.ReplaceAll(pong, "$id", ping) }}))
	j := p.patient(chat("bob@example.test"))
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	for id, want := range map[string]string{"q-ping": "type='result'", "q-version": "type='error'",
		"q-time": "to='eve@example.test/x' type='error'",
		"q-info": "type='error'", "q-push": "<iq type='result'", "q-fake": "type='error'", "q-&lt;": "type='error'"} {
		said := strings.ReplaceAll(p.said(), `"`, "'")
		n := strings.Count(said, "id='"+id+"'")
		if n != 1 {
			t.Errorf("%s has %d answers\n%s", id, n, said)
			continue
		}
		at := strings.Index(said, "id='"+id+"'")
		begin := strings.LastIndex(said[:at], "<iq")
		if !strings.Contains(said[begin:at+len(id)+40], want) {
			t.Errorf("%s: %s", id, said[begin:at+len(id)+40])
		}
	}
	if strings.Contains(p.said(), "q-none") {
		t.Error("an answer was answered")
	}
}

// TestForbiddenXML: what XMPP forbids and XML has is told from broken XML.
func TestForbiddenXML(t *testing.T) {
	for _, test := range []struct {
		name, put  string
		restricted bool
	}{
		{"a comment", "<!-- hello -->", true}, {"a processing instruction", "<?php x ?>", true}, {"broken", "<a></b>", false},
	} {
		features := strings.Replace(onlyPLAIN, "</stream:features>", test.put+"</stream:features>", 1)
		s := tell(t, newPeer(t, probing(features)).patient())
		if f := s.fails(t, event.StageStream, event.CauseBadXML); f.Restricted != test.restricted {
			t.Errorf("%s: %+v", test.name, f)
		}
	}
}

// TestFeaturesTwice: features in the middle of a login are the server's fault.
func TestFeaturesTwice(t *testing.T) {
	script := probing(onlySCRAM)
	login := []line{{wait: "version='1.0'>", reply: xmlHeader + onlySCRAM}, {wait: "</auth>", reply: onlySCRAM}}
	s := tell(t, newPeer(t, script, login).patient())
	s.fails(t, event.StageSASL, event.CauseBadXML)
}

// TestOneAddressTwice: two targets that are one address are two deliveries.
func TestOneAddressTwice(t *testing.T) {
	p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "<ping xmlns='urn:xmpp:ping'/></iq>", reply: pong}))
	j := p.patient(chat("bob@example.test"), chat("bob@example.test"))
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	ids := map[string]event.Evidence{}
	for _, e := range s.events {
		if d, ok := e.Data.(event.Delivery); ok {
			ids[d.ID] = d.Evidence
		}
	}
	if len(ids) != 2 {
		t.Errorf("%d deliveries: %v", len(ids), ids)
	}
	for id, evidence := range ids {
		if evidence != event.Accepted {
			t.Errorf("%s: %s", id, evidence)
		}
	}
}

// TestNamelessAmongSeveral: an error without an id takes the evidence of all that it
// may be about, and of no other.
func TestNamelessAmongSeveral(t *testing.T) {
	const refusal = "<message type='error' from='bob@example.test'><error type='cancel'>" +
		"<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
	p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "<ping xmlns='urn:xmpp:ping'/></iq>", reply: refusal + pong}))
	j := p.patient(chat("bob@example.test"), chat("carol@example.test"))
	j.Messages = []event.Message{{Body: "one"}, {Body: "two"}}
	s := tell(t, j)
	s.fails(t, event.StageAck, event.CauseBounced)
	for message := 1; message <= 2; message++ {
		if d, e := s.delivery("bob@example.test", message); d.Good() || e.Failure == nil || !e.Failure.Unsure ||
			!strings.Contains(e.Text, "any of the 2 messages") {
			t.Errorf("message %d to bob: %+v, %q", message, d, e.Text)
		}
		if d, _ := s.delivery("carol@example.test", message); !d.Good() {
			t.Errorf("message %d to carol: %+v", message, d)
		}
	}
}

// TestLateBounce: what comes back while we say goodbye counts.
func TestLateBounce(t *testing.T) {
	const refusal = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	id := ""
	p := newPeer(t, probing(onlyPLAIN), loggedIn(
		line{wait: "</message>", answer: func(said string) string {
			ids := idPattern.FindAllStringSubmatch(said, -1)
			id = ids[len(ids)-1][1]
			return ""
		}},
		line{wait: "<ping xmlns='urn:xmpp:ping'/></iq>", reply: pong},
		line{wait: "</stream:stream>", answer: func(string) string {
			return "<message type='error' id='" + id + "' from='bob@other.test'>" + refusal + "</message>" + streamClose
		}}))
	j := p.patient(chat("bob@other.test"))
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.fails(t, event.StageClose, event.CauseBounced)
	if d, e := s.delivery("bob@other.test", 1); d.Good() || e.Stage != event.StageClose {
		t.Errorf("%+v, %s", d, e.Stage)
	}
}

// TestLongMessage: what is longer than we send is our limit and says nothing of the
// server; what is not is sent, also where it is longer than an element of the server's
// may be before the login.
func TestLongMessage(t *testing.T) {
	for size, own := range map[int]bool{2 << 20: false, 5 << 20: true} {
		p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "<ping xmlns='urn:xmpp:ping'/></iq>", reply: pong}))
		j := p.patient(chat("bob@example.test"), chat("carol@example.test"))
		j.Reading.Targets = []urlspec.Address{chat("bob@example.test")}
		j.Messages = []event.Message{{Body: strings.Repeat("x", size)}, {Body: "short"}}
		s := tell(t, j)
		d, e := s.delivery("bob@example.test", 1)
		if d.Good() == own || own && (e.Failure == nil || !e.Failure.Own) {
			t.Errorf("%d bytes: %+v, %+v", size, d, e.Failure)
		}
		if d, _ := s.delivery("bob@example.test", 2); !d.Good() {
			t.Errorf("the short one: %+v", d)
		}
	}
}

// TestLongRoster: a roster that is longer than we read is told, and the rest of the
// run goes on without.
func TestLongRoster(t *testing.T) {
	var roster strings.Builder
	roster.WriteString("<iq type='result' id='$id'><query xmlns='jabber:iq:roster'>")
	for range 20_000 {
		roster.WriteString("<item jid='somebody@example.test' name='Some Body' subscription='both'><group>all</group></item>")
	}
	roster.WriteString("</query></iq>")
	p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "<query xmlns='jabber:iq:roster'/></iq>",
		reply: roster.String()}),
		loggedIn(line{wait: "<ping xmlns='urn:xmpp:ping'/></iq>", reply: pong}))
	j := p.patient(chat("bob@example.test"))
	j.Reading.Roster, j.Messages = true, []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	if e := s.end(event.StageRoster); e.State != event.Warn || e.Failure == nil || e.Failure.Cause != event.CauseTooBig ||
		!strings.Contains(e.Text, "limit") {
		t.Errorf("roster: %+v", e)
	}
	if d, _ := s.delivery("bob@example.test", 1); !d.Good() {
		t.Errorf("%+v", d)
	}
}

// TestServicesNamed: where a room's service is not there, our server is asked for its
// own; where it refuses us for another reason, it is not.
func TestServicesNamed(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "members", MembersOnly: true}}})
	for jid, want := range map[string][]string{
		"open@conferense.localhost":    {"conference.localhost"},
		"members@conference.localhost": nil,
	} {
		s := tell(t, job(server, urlspec.ModeNone, room(jid)))
		s.fails(t, event.StageMUC, event.CauseRoom)
		if d, _ := s.room(jid); !slices.Equal(d.Services, want) {
			t.Errorf("%s: services %q, want %q", jid, d.Services, want)
		}
	}
}

// TestRoomsNamedAsUsers: where a message comes back as it would from a room, the domain
// is asked what it is; where the message did not come back, or the answer says
// otherwise, it is not, and what is no service for rooms is not taken for one.
func TestRoomsNamedAsUsers(t *testing.T) {
	back := func(condition string) string {
		return "<message type='error' id='$id' from='ops@hall.test'><error type='cancel'><" + condition +
			" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
	}
	const question = "<query xmlns='http://jabber.org/protocol/disco#"
	items := line{wait: question + "items'/></iq>", reply: "<iq type='result' id='$id' from='example.test'>" +
		question + "items'><item jid='hall.test'/></query></iq>"}
	info := func(category, kind, feature string) line {
		return line{wait: question + "info'/></iq>", reply: "<iq type='result' id='$id' from='hall.test'>" + question +
			"info'><identity category='" + category + "' type='" + kind + "'/><feature var='" + feature + "'/></query></iq>"}
	}
	rooms := info("conference", "text", "http://jabber.org/protocol/muc")
	for _, test := range []struct {
		name, answer string
		asked        []line
		is           bool
	}{
		{"a service for rooms", back("service-unavailable"), []line{items, rooms}, true},
		{"a gateway", back("item-not-found"), []line{items, info("gateway", "sms", "jabber:iq:register")}, false},
		{"an answer that no room gives", back("policy-violation"), nil, false},
		{"no answer", "", nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			script := []line{{wait: "</message>", reply: test.answer}, {wait: "<ping xmlns='urn:xmpp:ping'/></iq>", reply: pong}}
			p := newPeer(t, probing(onlyPLAIN), loggedIn(append(script, test.asked...)...))
			j := p.patient(chat("ops@hall.test"))
			j.Messages = []event.Message{{Body: "hi"}}
			s := tell(t, j)
			d, _ := s.delivery("ops@hall.test", 1)
			if d.Good() != (test.answer == "") || d.RoomService != test.is || d.Listed != (test.asked != nil) {
				t.Errorf("%+v", d)
			}
			if got := strings.Contains(p.said(), "disco#"); got != (test.asked != nil) {
				t.Errorf("asked: %v", got)
			}
		})
	}
}

// TestOldServers: servers that know only the login of XEP-0078, with features that say
// so, and without any.
func TestOldServers(t *testing.T) {
	const legacy = "<stream:features><auth xmlns='http://jabber.org/features/iq-auth'/></stream:features>"
	s := tell(t, newPeer(t, probing(legacy)).patient())
	s.fails(t, event.StageSASL, event.CauseNoMechanisms)
	if d, _ := s.end(event.StageFeatures).Data.(event.Features); !d.Legacy {
		t.Errorf("features: %+v", s.end(event.StageFeatures))
	}
	old := strings.Replace(xmlHeader, " version='1.0' xmlns", " xmlns", 1)
	s = tellLate(t, event.StageStream, func() xmppcore.Job {
		return newPeer(t, []line{{wait: "version='1.0'>", reply: old}, {reply: mute}}).job()
	})
	if f := s.fails(t, event.StageStream, event.CauseTimeout); f.Waiting != event.WaitFeatures {
		t.Errorf("%+v", f)
	}
	if d, _ := s.end(event.StageStream).Data.(event.Stream); !d.Old {
		t.Errorf("stream: %+v", s.end(event.StageStream))
	}
}
