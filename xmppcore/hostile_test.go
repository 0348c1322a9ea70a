package xmppcore_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// TestNotXMPP meets what else listens on ports, and XML that is none. Both the
// probe and the library's login must see through it.
func TestNotXMPP(t *testing.T) {
	open := strings.TrimSuffix(xmlHeader, ">")
	tests := []struct {
		name, says string
		cause      event.Cause
		holds      string
	}{
		{"SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", event.CauseNotXMPP, "SSH"},
		{"SSH, cut short", "SSH-2.0-Op" + hangUp, event.CauseNotXMPP, "SSH"},
		{"HTTP", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", event.CauseNotXMPP, "HTTP"},
		{"a web page", "<html><body>hello</body></html>", event.CauseNotXMPP, "html"},
		{"SMTP", "220 mail.example.test ESMTP\r\n", event.CauseNotXMPP, "SMTP"},
		{"TLS", "\x15\x03\x01\x00\x02\x02\x46", event.CauseNotXMPP, "TLS"},
		{"noise", "\x00\xff\xfe\x9b[31m\x07", event.CauseNotXMPP, ""},
		{"server to server", strings.ReplaceAll(xmlHeader, "jabber:client", "jabber:server"), event.CauseServerPort,
			"jabber:server"},
		{"component", strings.ReplaceAll(xmlHeader, "jabber:client", "jabber:component:accept"), event.CauseServerPort,
			"jabber:component:accept"},
		{"entities", xmlHeader + "<!DOCTYPE x [<!ENTITY a 'b'>]>", event.CauseBadXML, ""},
		{"a comment", xmlHeader + "<!-- -->", event.CauseBadXML, ""},
		{"a processing instruction", xmlHeader + "<?php ?>", event.CauseBadXML, ""},
		{"mismatched tags", xmlHeader + "<stream:features></features>", event.CauseBadXML, ""},
		{"an endless name", "<" + strings.Repeat("a", 1000), event.CauseTooBig, ""},
		{"an endless attribute", open + " a='" + strings.Repeat("a", 100_000), event.CauseTooBig, ""},
		{"endless text", xmlHeader + "<stream:features><a>" + strings.Repeat("a", 2<<20), event.CauseTooBig, ""},
		{"endless depth", xmlHeader + strings.Repeat("<a>", 100), event.CauseTooBig, ""},
		{"a message", xmlHeader + "<message><body>x</body></message>", event.CauseBadXML, "features"},
		{"goodbye", xmlHeader + streamClose, event.CauseClosed, "ended the stream"},
		{"undefined error", xmlHeader + "<stream:error/>", event.CauseStreamError, "undefined-condition"},
		{"a text to fool a terminal", xmlHeader + "<stream:error><policy-violation " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-streams'>\u202e\u0085\u2028!</text></stream:error>",
			event.CauseStreamError, `\u202e\u0085\u2028`},
		{"a moved host", xmlHeader + "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>" +
			"evil.test:1</see-other-host></stream:error>",
			event.CauseStreamError, "evil.test:1"},
	}
	for _, test := range tests {
		for _, mode := range []urlspec.Mode{urlspec.ModeNone, urlspec.ModeSTARTTLS} {
			t.Run(test.name+" "+string(mode), func(t *testing.T) {
				says, ends := strings.CutSuffix(test.says, hangUp)
				script := []line{{wait: "version='1.0'>", reply: says}}
				if ends {
					script = append(script, line{wait: "", reply: hangUp})
				}
				p := newPeer(t, script)
				j := p.patient(chat("bob@example.test"))
				j.Reading.Mode = mode
				j.Messages = []event.Message{{Body: "hi"}} // with STARTTLS, no probe
				f := tell(t, j).fails(t, event.StageStream, test.cause)
				if !strings.Contains(f.Error(), test.holds) {
					t.Errorf("%q lacks %q", f.Error(), test.holds)
				}
			})
		}
	}
}

// TestDrip: a byte now and then is no answer.
func TestDrip(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for _, b := range []byte(xmlHeader + strings.Repeat(" ", 100_000)) {
			<-tick.C
			if _, err := conn.Write([]byte{b}); err != nil {
				return
			}
		}
	}()
	p := &peer{listener: listener}
	tell(t, p.job()).fails(t, event.StageStream, event.CauseTimeout)
	listener.Close()
	<-served
}

// TestWhiteSpace: a server may send some between two elements, in every state,
// and not without end.
func TestWhiteSpace(t *testing.T) {
	const hello, blanks = "version='1.0'>", endless + " \n"
	challenged := line{wait: "</auth>", answer: func(string) string { return blanks }}
	tests := []struct {
		name    string
		scripts [][]line
		stage   event.Stage
	}{
		{"at once", [][]line{{{wait: hello, reply: blanks}}}, event.StageStream},
		{"after the header", [][]line{{{wait: hello, reply: xmlHeader}, {reply: blanks}}}, event.StageStream},
		{"instead of a challenge", [][]line{probing(onlySCRAM), {{wait: hello, reply: xmlHeader + onlySCRAM}, challenged}},
			event.StageSASL},
		{"after the success", [][]line{probing(onlyPLAIN), {{wait: hello, reply: xmlHeader + onlyPLAIN},
			{wait: "</auth>", reply: success}, {reply: blanks}}}, event.StageBind},
		{"instead of a resource", [][]line{probing(onlyPLAIN), {{wait: hello, reply: xmlHeader + onlyPLAIN},
			{wait: "</auth>", reply: success}, {wait: hello, reply: xmlHeader + afterLogin},
			{wait: "</bind></iq>", reply: blanks}}},
			event.StageBind},
		{"instead of the roster", [][]line{probing(onlyPLAIN), loggedIn(line{wait: "roster", reply: blanks})},
			event.StageRoster},
		{"instead of the room", [][]line{probing(onlyPLAIN), loggedIn(line{wait: "roster'/></iq>", reply: pong},
			line{wait: "</presence>", reply: blanks})}, event.StageMUC},
		{"instead of an answer", [][]line{probing(onlyPLAIN), loggedIn(line{wait: "</message>", reply: blanks})},
			event.StageAck},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j := newPeer(t, test.scripts...).patient(chat("bob@example.test"))
			j.Messages = []event.Message{{Body: "hi"}}
			j.Reading.Roster = test.stage == event.StageRoster || test.stage == event.StageMUC
			if test.stage == event.StageMUC {
				j.Reading.Targets = append(j.Reading.Targets, room("r@c.test"))
			}
			tell(t, j).fails(t, test.stage, event.CauseTooBig)
		})
	}
	t.Run("in a kept session", func(t *testing.T) {
		p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</message>", reply: ""}, line{wait: "</iq>", reply: pong},
			line{wait: "</iq>", reply: blanks})) // when we ask whether it is still there
		options := quick()
		options.Ping = 10 * time.Millisecond
		k, background := keep(t, p.patient(chat("bob@example.test")), options)
		sendOver(t.Context(), t, k, nil, "hi").succeeds(t)
		if e := background.lost(t); e.Failure == nil || e.Failure.Cause != event.CauseTooBig {
			t.Errorf("lost by %+v", e.Failure)
		}
	})
	t.Run("a little", func(t *testing.T) {
		some := strings.Repeat(" ", 60<<10)
		p := newPeer(t, probing(some+onlyPLAIN+some), loggedIn(line{wait: "</message>", reply: ""}, line{wait: "</iq>",
			reply: some + pong + some}))
		j := p.patient(chat("bob@example.test"))
		j.Messages = []event.Message{{Body: "hi"}}
		tell(t, j).succeeds(t)
	})
}

// TestHostileLogin plays what a server must not do during the login. The
// password was given, and nothing that could betray it may have been sent.
func TestHostileLogin(t *testing.T) {
	const scram = "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%</challenge>"
	tests := []struct {
		name, says string
		stage      event.Stage
		cause      event.Cause
	}{
		{"success at once", success, event.StageSASL, event.CauseServerProof},
		{"success with a proof at once", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1YWFg=</success>",
			event.StageSASL, event.CauseServerProof},
		{"success of SASL2", "<success xmlns='urn:xmpp:sasl:2'><additional-data>dj1YWFg=</additional-data>" +
			"<authorization-identifier>bob@example.test/x</authorization-identifier></success>", event.StageSASL,
			event.CauseServerProof},
		{"empty challenge", strings.ReplaceAll(scram, "%", ""), event.StageSASL, event.CauseServerProof},
		{"challenge without a salt", strings.ReplaceAll(scram, "%", "cj1hYmMscz0saT0x"), event.StageSASL,
			event.CauseServerProof},
		{"challenge with a nonce of its own", strings.ReplaceAll(scram, "%", "cj1hYmMscz1hYmNkLGk9NDA5Ng=="), event.StageSASL,
			event.CauseServerProof},
		{"a message", "<message/>", event.StageSASL, event.CauseBadXML},
		{"features again, better ones", strings.ReplaceAll(onlySCRAM, "SCRAM-SHA-1", "SCRAM-SHA-512"), event.StageSASL,
			event.CauseBadXML},
		{"a failure without a reason", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", event.StageSASL,
			event.CauseAuth},
		{"end of the stream", streamClose, event.StageSASL, event.CauseClosed},
		{"a redirection", "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>" +
			"127.0.0.1:1</see-other-host></stream:error>", event.StageSASL, event.CauseStreamError},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPeer(t, probing(onlySCRAM), []line{{wait: "version='1.0'>", reply: xmlHeader + onlySCRAM}, {wait: "</auth>",
				reply: test.says}})
			tell(t, p.patient()).fails(t, test.stage, test.cause)
			if strings.Contains(p.said(), "<response") {
				t.Error("a proof of the password was sent")
			}
		})
	}
}

// TestChangedOffer: what the login is offered differs from what the probe was.
func TestChangedOffer(t *testing.T) {
	required := strings.Replace(onlySCRAM, "<mechanisms",
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms", 1)
	tests := []struct {
		name, then string
		cause      event.Cause
	}{
		{"PLAIN in place of SCRAM", onlyPLAIN, event.CauseNoCommonMechanism},
		{"nothing", "<stream:features/>", event.CauseNoMechanisms},
		{"TLS is required now", required, event.CauseTLSRequired},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPeer(t, probing(onlySCRAM), []line{{wait: "version='1.0'>", reply: xmlHeader + test.then}})
			tell(t, p.patient()).fails(t, event.StageSASL, test.cause)
			if said := p.said(); strings.Contains(said, "<auth") || strings.Contains(said, "<starttls") {
				t.Errorf("it went on: %s", said)
			}
		})
	}
	t.Run("refuses the second connection", func(t *testing.T) {
		p := newPeer(t, []line{{wait: "version='1.0'>", reply: xmlHeader + onlySCRAM}, {wait: "</stream:stream>",
			reply: hangUp}}, []line{{wait: "", reply: hangUp}})
		tell(t, p.patient()).fails(t, event.StageSASL, event.CauseClosed)
	})
}

// TestAfterLogin plays what a server must not do, or may, once we are in.
func TestAfterLogin(t *testing.T) {
	bob := chat("bob@example.test")
	tests := []struct {
		name   string
		script []line
		stage  event.Stage
		cause  event.Cause // empty: the message arrives all the same
	}{
		{"conflict",
			loggedIn(line{wait: "</message>",
				reply: "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"}),
			event.StageAck, event.CauseStreamError},
		{"gone", loggedIn(line{wait: "</message>", reply: hangUp}), event.StageAck, event.CauseClosed},
		{"end of the stream", loggedIn(line{wait: "</message>", reply: streamClose}), event.StageAck, event.CauseClosed},
		{"silent", loggedIn(line{wait: "</message>", reply: mute}), event.StageAck, event.CauseTimeout},
		{"broken XML", loggedIn(line{wait: "</message>", reply: "<iq></message>"}), event.StageAck, event.CauseBadXML},
		{"not UTF-8", loggedIn(line{wait: "</message>", reply: "<message><body>\xff</body></message>"}), event.StageAck,
			event.CauseBadXML},
		{"an endless body", loggedIn(line{wait: "</message>", reply: "<message><body>" + strings.Repeat("x", 5<<20)}),
			event.StageAck, event.CauseTooBig},
		{"a big body",
			loggedIn(line{wait: "</message>", reply: "<message><body>" + strings.Repeat("x", 3<<20) + "</body></message>"},
				line{wait: "</iq>", reply: pong}), "", ""},
		{"an unknown element", loggedIn(line{wait: "</message>", reply: "<r xmlns='urn:xmpp:sm:3'/>"},
			line{wait: "</iq>", reply: pong}), "", ""},
		{"an avatar without items", loggedIn(line{wait: "</message>", reply: "<message from='x@y'><event " +
			"xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'/></event></message>"},
			line{wait: "</iq>", reply: pong}), "", ""},
		{"a flood",
			loggedIn(line{wait: "</message>", reply: strings.Repeat("<message from='x@y'><body>flood</body></message>", 5_000)},
				line{wait: "</iq>", reply: pong}), "", ""},
		{"an error for an answer", loggedIn(line{wait: "</message>", reply: ""}, line{wait: "</iq>",
			reply: "<iq type='error' id='$id'><error type='cancel'><feature-not-implemented " +
				"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}), "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			prepare := func() xmppcore.Job {
				j := newPeer(t, probing(onlyPLAIN), test.script).patient(bob)
				j.Messages = []event.Message{{Body: "hi"}}
				return j
			}
			var s *story
			if test.cause == event.CauseTimeout {
				s = tellLate(t, test.stage, prepare)
			} else {
				s = tell(t, prepare())
			}
			d, _ := s.delivery("bob@example.test", 1)
			if test.cause == "" {
				s.succeeds(t)
				if d.Evidence != event.Accepted {
					t.Errorf("delivery %+v", d)
				}
				return
			}
			s.fails(t, test.stage, test.cause)
			if d.Evidence != event.Written {
				t.Errorf("delivery %+v", d)
			}
		})
	}
}

// TestCleartextPassword: PLAIN without TLS is for loopback, or for those who
// said so. A peer elsewhere is played by a dialer.
func TestCleartextPassword(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		p := newPeer(t, probing(onlyPLAIN), loggedIn())
		j := p.patient()
		j.Reading.TCPHost, j.AllowCleartextPassword = "192.0.2.1", allowed
		j.Dial, j.Lookup = elsewhere(p), noNames{}
		s := tell(t, j)
		if allowed {
			s.succeeds(t)
		} else {
			s.fails(t, event.StageSASL, event.CauseCleartextPassword)
		}
		if sent := strings.Contains(p.said(), "<auth"); sent != allowed {
			t.Errorf("allowed %v, sent %v", allowed, sent)
		}
	}
}

// TestAnswersFromOthers: whoever learns the id of our ping cannot answer it, with a
// result or an error. Those who may are our server and our account.
func TestAnswersFromOthers(t *testing.T) {
	const result = "<iq type='result' id='$id' from='%'/>"
	const refusal = "<iq type='error' id='$id' from='%'><error type='cancel'>" +
		"<feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
	for i, test := range []struct {
		from    string
		accepts bool
	}{
		{"", true},
		{"example.test", true},
		{"EXAMPLE.test", true},
		{"alice@example.test", true},
		{"alice@example.test/here", true},
		{"mallory@example.test", false},
		{"mallory@example.test/example.test", false},
		{"conference.example.test", false},
		{"evil.test", false},
		{"evil.test/alice@example.test", false},
		{"alice@example.test@evil.test", false},
		{"example.test" + strings.Repeat("x", 4000), false},
	} {
		answers := []string{result, refusal}
		if !test.accepts { // each takes its time
			answers = answers[i%2:][:1]
		}
		for _, answer := range answers {
			prepare := func() xmppcore.Job {
				reply := strings.ReplaceAll(answer, "%", test.from)
				if test.from == "" {
					reply = strings.Replace(answer, " from='%'", "", 1)
				}
				j := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</message>", reply: ""},
					line{wait: "</iq>", reply: reply})).job(chat("bob@example.test"))
				j.Messages = []event.Message{{Body: "hi"}}
				if test.accepts {
					j.Reading.CTO, j.Reading.RTO = 30, 30
				}
				return j
			}
			var s *story
			if test.accepts {
				s = tell(t, prepare())
				s.succeeds(t)
			} else {
				s = tellLate(t, event.StageAck, prepare)
				s.fails(t, event.StageAck, event.CauseTimeout)
			}
			if t.Failed() {
				t.Fatalf("from %q: %s", test.from, answer)
			}
		}
	}
}

// TestLongAddresses: an address of ours that is longer than any can be is none, and
// what a room says of us at such an address is not shown in full.
func TestLongAddresses(t *testing.T) {
	for _, test := range []struct {
		name string
		jid  string
		ok   bool
	}{
		{"the longest", "alice@example.test/" + strings.Repeat("r", 1023), true},
		{"at the limit", "alice@example.test/" + strings.Repeat("r", 3071-19), true},
		{"one more", "alice@example.test/" + strings.Repeat("r", 3071-18), false},
		{"900 kB", "alice@example.test/" + strings.Repeat("r", 900_000), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			bound := strings.Replace(boundAs, "alice@example.test/here", test.jid, 1)
			script := loggedIn(line{wait: "</message>", reply: ""}, line{wait: "</iq>", reply: pong})
			script[3].reply = bound
			j := newPeer(t, probing(onlyPLAIN), script).patient(chat("bob@example.test"))
			j.Messages = []event.Message{{Body: "hi"}}
			s := tell(t, j)
			if test.ok {
				s.succeeds(t)
			} else {
				s.fails(t, event.StageBind, event.CauseBind)
			}
			if size := len(s.String()); size > 40_000 {
				t.Errorf("%d bytes were told", size)
			}
		})
	}
	t.Run("of SASL2", func(t *testing.T) {
		long := strings.Replace(sasl2Success, "/made<", "/"+strings.Repeat("r", 900_000)+"<", 1)
		j := newPeer(t, probing(sasl2PLAIN), []line{{wait: "version='1.0'>", reply: xmlHeader + sasl2PLAIN},
			{wait: "</authenticate>", reply: long}}).secure(t, false)
		j.Reading.ScramPlus = false
		tell(t, j).fails(t, event.StageBind, event.CauseBind)
	})
	t.Run("of a room", func(t *testing.T) {
		nick := strings.Repeat("n", 60_000)
		joined := "<presence id='$id' from='r@c.test/" + nick + "' to='alice@example.test/here'>" +
			"<x xmlns='http://jabber.org/protocol/muc#user'>" +
			"<item affiliation='none' role='" + nick + "'/><status code='110'/></x></presence>"
		j := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "r@c.test", reply: ""},
			line{wait: "</presence>", reply: joined})).patient(room("r@c.test"))
		s := tell(t, j)
		for _, e := range s.events {
			if len(e.Text) > 10_000 {
				t.Errorf("an event has %d bytes", len(e.Text))
			}
		}
	})
}
