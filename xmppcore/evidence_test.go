package xmppcore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/loopback"
	"xmppscope/xmppcore/loopback/loopbacktest"
)

// joins is the part of a script that lets alice into a room.
func joins(jid string) line {
	return line{wait: "</presence>", reply: fmt.Sprintf("<presence from='%s/alice' to='alice@example.test/here' id='$id'>"+
		"<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/><status "+
		"code='110'/></x></presence>", jid)}
}

// TestEvidence is about who may say what of a message. The script answers the
// message, then the ping.
func TestEvidence(t *testing.T) {
	const refusal = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
	bob, den := "bob@example.test", "den@rooms.example.test"
	tests := []struct {
		name     string
		to       urlspec.Address
		answer   string // to the message
		evidence event.Evidence
		cause    event.Cause // of the delivery's failure
	}{
		{"receipt", chat(bob), "<message from='bob@example.test/x'><received xmlns='urn:xmpp:receipts' id='$id'/></message>",
			event.Received, ""},
		{"receipt in other letters", chat("Bob@Example.Test"),
			"<message from='bob@example.test/x'><received xmlns='urn:xmpp:receipts' id='$id'/></message>", event.Received, ""},
		{"receipt of somebody else", chat(bob),
			"<message from='eve@example.test/x'><received xmlns='urn:xmpp:receipts' id='$id'/></message>", event.Accepted, ""},
		{"receipt for another message", chat(bob),
			"<message from='bob@example.test/x'><received xmlns='urn:xmpp:receipts' id='other'/></message>", event.Accepted, ""},
		{"bounce", chat(bob), "<message type='error' id='$id' from='bob@example.test'>" + refusal + "</message>",
			event.Written, event.CauseBounced},
		{"bounce by our server", chat(bob), "<message type='error' id='$id' from='example.test'>" + refusal + "</message>",
			event.Written, event.CauseBounced},
		{"bounce by our account", chat(bob),
			"<message type='error' id='$id' from='alice@example.test'>" + refusal + "</message>",
			event.Written, event.CauseBounced},
		{"bounce without a sender", chat(bob), "<message type='error' id='$id'>" + refusal + "</message>",
			event.Written, event.CauseBounced},
		{"bounce by somebody else, who knows the id", chat(bob),
			"<message type='error' id='$id' from='eve@example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"an error of the target that names no message", chat(bob),
			"<message type='error' from='bob@example.test/x'>" + refusal + "</message>", event.Written, event.CauseBounced},
		{"an error of the target with an empty id", chat(bob),
			"<message type='error' id='' from='bob@example.test'>" + refusal + "</message>", event.Written, event.CauseBounced},
		{"an error of the target with an id of its own", chat(bob),
			"<message type='error' id='other' from='bob@example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"an error of somebody else that names no message", chat(bob),
			"<message type='error' from='eve@example.test'>" + refusal + "</message>", event.Accepted, ""},
		{"an error of the target's domain that names no message", chat("bob@other.test"),
			"<message type='error' from='other.test'>" + refusal + "</message>", event.Written, event.CauseBounced},
		{"an error of the domain below the target's", chat("bob@other.test"),
			"<message type='error' from='sub.other.test'>" + refusal + "</message>", event.Accepted, ""},
		{"an error of the room service that names no message", room(den),
			"<message type='error' from='rooms.example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"an error with a number", chat(bob), "<message type='error' id='$id' from='bob@example.test'>" +
			"<error code='503'>Service Unavailable</error></message>", event.Written, event.CauseBounced},
		{"an error without an error", chat(bob), "<message type='error' id='$id' from='bob@example.test'/>",
			event.Written, event.CauseBounced},
		{"a task for strangers", chat(bob), "<message id='c1' from='bob@example.test'><captcha xmlns='urn:xmpp:captcha'>" +
			"<x xmlns='jabber:x:data' type='form'/></captcha></message>", event.Written, event.CauseCaptcha},
		{"a task for strangers that names the message", chat(bob), "<message id='c1' from='example.test'>" +
			"<captcha xmlns='urn:xmpp:captcha'><x xmlns='jabber:x:data' type='form'><field var='sid'><value>$id</value>" +
			"</field></x></captcha></message>", event.Written, event.CauseCaptcha},
		{"a task of somebody else", chat(bob), "<message id='c1' from='eve@example.test'>" +
			"<captcha xmlns='urn:xmpp:captcha'><x xmlns='jabber:x:data' type='form'/></captcha></message>",
			event.Accepted, ""},
		{"an error that another client of ours got", chat(bob), "<message type='error' from='alice@example.test'>" +
			"<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' " +
			"type='error' id='$id' from='bob@example.test'>" + refusal + "</message></forwarded></received></message>",
			event.Accepted, ""},
		{"a copy that our account did not make", chat(bob), "<message type='error' id='$id' from='bob@example.test'>" +
			"<received xmlns='urn:xmpp:carbons:2'/>" + refusal + "</message>", event.Written, event.CauseBounced},
		{"a receipt, then a bounce", chat(bob),
			"<message from='bob@example.test/x'><received xmlns='urn:xmpp:receipts' id='$id'/></message>" +
				"<message type='error' id='$id' from='bob@example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"an error that names no message, then a receipt", chat(bob),
			"<message type='error' id='other' from='bob@example.test/x'>" + refusal + "</message>" +
				"<message from='bob@example.test/y'><received xmlns='urn:xmpp:receipts' id='$id'/></message>", event.Received, ""},
		{"reflection", room(den),
			"<message type='groupchat' id='$id' from='den@rooms.example.test/alice'><body>hi</body></message>", event.Reflected,
			""},
		{"reflection with an id of the room's", room(den), "<message type='groupchat' id='r1' " +
			"from='den@rooms.example.test/alice'><body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='$id'/></message>",
			event.Reflected, ""},
		{"reflection with no id of ours", room(den),
			"<message type='groupchat' id='r1' from='den@rooms.example.test/alice'><body>hi</body></message>", event.Reflected,
			""},
		{"a reflection, then a bounce", room(den),
			"<message type='groupchat' id='$id' from='den@rooms.example.test/alice'><body>hi</body></message>" +
				"<message type='error' id='$id' from='den@rooms.example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"bounce by the room service", room(den),
			"<message type='error' id='$id' from='rooms.example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"a reflection with another body", room(den),
			"<message type='groupchat' id='$id' from='den@rooms.example.test/alice'><body>censored</body></message>",
			event.Reflected, ""},
		{"our id from another nick", room(den),
			"<message type='groupchat' id='$id' from='den@rooms.example.test/alice_'><body>hi</body></message>",
			event.Reflected, ""},
		{"the past, as it was marked before XEP-0203", room(den), "<message type='groupchat' id='r1' " +
			"from='den@rooms.example.test/alice'><body>hi</body><x xmlns='jabber:x:delay' stamp='20200101T00:00:00'/>" +
			"</message>", event.Accepted, event.CauseTimeout},
		{"somebody else says the same", room(den),
			"<message type='groupchat' id='other' from='den@rooms.example.test/eve'><body>hi</body></message>", event.Accepted,
			event.CauseTimeout},
		{"a message of the past", room(den), "<message type='groupchat' id='r1' from='den@rooms.example.test/alice'>" +
			"<body>hi</body><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/></message>", event.Accepted,
			event.CauseTimeout},
		{"refused by the room", room(den),
			"<message type='error' id='$id' from='den@rooms.example.test'>" + refusal + "</message>", event.Written,
			event.CauseBounced},
		{"refused by an occupant", room(den),
			"<message type='error' id='$id' from='den@rooms.example.test/eve'>" + refusal + "</message>", event.Accepted,
			event.CauseTimeout},
		{"nothing", room(den), "", event.Accepted, event.CauseTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := []line{{wait: "</message>", reply: test.answer}, {wait: "</iq>", reply: pong}}
			if test.to.Kind == urlspec.Groupchat {
				script = append([]line{joins(den)}, script...)
			}
			s := tellLate(t, event.StageAck, func() xmppcore.Job {
				j := newPeer(t, probing(onlyPLAIN), loggedIn(script...)).job(test.to)
				j.Messages = []event.Message{{Body: "hi"}}
				return j
			})
			d, e := s.delivery(test.to.JID, 1)
			if d.Evidence != test.evidence {
				t.Errorf("evidence %q, want %q: %s", d.Evidence, test.evidence, e.Text)
			}
			if want := strings.Contains(test.answer, "censored"); d.Changed != want || (e.State == event.Warn) != want {
				t.Errorf("changed %v, %s %q", d.Changed, e.State, e.Text)
			}
			if test.cause == "" {
				s.succeeds(t)
				return
			}
			s.fails(t, event.StageAck, test.cause)
			if (d.Error != nil) != (test.cause == event.CauseBounced) {
				t.Errorf("error %+v", d.Error)
			}
		})
	}
}

// TestNeedReceipt: a receipt that is needed is waited for, and without one the
// message has failed.
func TestNeedReceipt(t *testing.T) {
	bob := chat("bob@example.test")
	for _, comes := range []bool{true, false} {
		s := tellLate(t, event.StageAck, func() xmppcore.Job {
			receipt := ""
			j := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</message>", answer: func(said string) string {
				ids := idPattern.FindAllStringSubmatch(said, -1)
				receipt = "<message from='bob@example.test/x'><received xmlns='urn:xmpp:receipts' id='" +
					ids[len(ids)-1][1] + "'/></message>"
				return ""
			}}, line{wait: "</iq>", answer: func(string) string {
				if comes {
					return pong + "<presence from='bob@example.test/x'/>" + receipt
				}
				return pong
			}})).job(bob)
			j.Messages, j.Need = []event.Message{{Body: "hi"}}, event.Received
			return j
		})
		d, e := s.delivery(bob.JID, 1)
		if comes {
			s.succeeds(t)
		} else if s.fails(t, event.StageAck, event.CauseTimeout); e.Failure == nil || e.Failure.Waiting != event.WaitReceipt {
			t.Errorf("%+v", e.Failure)
		}
		if want := (event.Delivery{To: bob.JID, Kind: "chat", Message: 1, ID: d.ID, Evidence: d.Evidence,
			Need: event.Received}); d != want || (d.Evidence == event.Received) != comes || d.Good() != comes {
			t.Errorf("receipt %v: %+v", comes, d)
		}
	}
}

// TestEveryTarget: one target's failure is no reason to leave out another.
func TestEveryTarget(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}, {Name: "members",
		MembersOnly: true},
		{Name: "quiet", Moderated: true}}})
	targets := []urlspec.Address{room("members@conference.localhost"), room("open@conference.localhost"),
		room("quiet@conference.localhost"),
		chat("a\"b@localhost"), chat("bob@localhost"), chat("nobody@localhost"), chat("bob@elsewhere.test")}
	j := job(server, urlspec.ModeSTARTTLS, targets...)
	j.Messages = []event.Message{{Body: "first"}, {Body: "sec\x01ond"}, {Body: "third"}}
	s := tell(t, j)
	s.fails(t, event.StageMUC, event.CauseRoom)
	want := map[string]struct {
		evidence event.Evidence
		cause    event.Cause
	}{
		"members@conference.localhost": {event.NotSent, event.CauseRoom},
		"open@conference.localhost":    {event.Reflected, ""},
		"quiet@conference.localhost":   {event.Written, event.CauseBounced},
		`a"b@localhost`:                {event.NotSent, event.CauseIllegalStanza},
		"bob@localhost":                {event.Accepted, ""},
		"nobody@localhost":             {event.Written, event.CauseBounced},
		"bob@elsewhere.test":           {event.Written, event.CauseBounced},
	}
	for to, w := range want {
		for _, message := range []int{1, 3} {
			d, e := s.delivery(to, message)
			if d.Evidence != w.evidence || (e.Failure == nil) != (w.cause == "") || e.Failure != nil &&
				e.Failure.Cause != w.cause {
				t.Errorf("message %d to %s: %+v, %+v; want %+v", message, to, d, e.Failure, w)
			}
		}
		d, e := s.delivery(to, 2)
		if d.Evidence != event.NotSent || e.Failure == nil {
			t.Errorf("a message with U+0001 to %s: %+v", to, d)
		}
	}
	if e := s.end(event.StageAck); e.State != event.Warn {
		t.Errorf("ack: %+v", e)
	}
}

// TestManyMessages needs several barriers, and keeps the order.
func TestManyMessages(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{Rooms: []loopback.Room{{Name: "open"}}})
	j := job(server, urlspec.ModeTLS, room("open@conference.localhost"), chat("bob@localhost"))
	for n := range 50 {
		j.Messages = append(j.Messages, event.Message{Body: fmt.Sprint("message ", n)})
	}
	s := tell(t, j)
	s.succeeds(t)
	got := server.Received("bob@localhost")
	for n, m := range j.Messages {
		if n >= len(got) || got[n].Body != m.Body {
			t.Fatalf("bob got %d messages, number %d is not %q", len(got), n, m.Body)
		}
	}
}

// TestSizeLimit keeps the limit that the server gives after the login
// (XEP-0478), which the library does not.
func TestSizeLimit(t *testing.T) {
	limited := strings.Replace(afterLogin, "</stream:features>",
		"<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>1000</max-bytes></limits></stream:features>", 1)
	script := loggedIn(line{wait: "</message>", reply: ""}, line{wait: "</iq>", reply: pong})
	script[2].reply = xmlHeader + limited
	p := newPeer(t, probing(onlyPLAIN), script)
	j := p.patient(chat("bob@example.test"))
	j.Messages = []event.Message{{Body: strings.Repeat("x", 1000)}, {Body: "short"}}
	s := tell(t, j)
	s.fails(t, event.StageSend, event.CauseTooBig)
	if d, _ := s.delivery("bob@example.test", 2); d.Evidence != event.Accepted {
		t.Errorf("the short one: %+v", d)
	}
	if d, _ := s.end(event.StageBind).Data.(event.Bind); d.MaxBytes != 1000 {
		t.Errorf("bind: %+v", d)
	}
}

// TestOwnPresence: the presence that the library insists on has a negative
// priority, so that messages to our bare JID go to the user's other clients.
func TestOwnPresence(t *testing.T) {
	p := newPeer(t, probing(onlyPLAIN), loggedIn())
	tell(t, p.patient()).succeeds(t)
	if !strings.Contains(p.said(), "<priority>-1</priority>") {
		t.Errorf("sent: %s", p.said())
	}
	server := loopbacktest.Start(t, loopback.Config{})
	j := job(server, urlspec.ModeSTARTTLS, chat("alice@localhost"))
	j.Messages = []event.Message{{Body: "note to self"}}
	tell(t, j).succeeds(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if m, err := server.WaitMessage(ctx, "alice@localhost"); err != nil || !m.Offline {
		t.Errorf("it should wait for another client: %+v, %v", m, err)
	}
}

// TestOwnAddress: with the resource in the login, a note to oneself goes to
// the session that sends it, and nobody reads it.
func TestOwnAddress(t *testing.T) {
	server := loopbacktest.Start(t, loopback.Config{})
	j := job(server, urlspec.ModeNone, chat("alice@localhost/phone"))
	j.Reading.LoginJID = "alice@localhost/phone"
	j.Messages = []event.Message{{Body: "note to self"}}
	s := tell(t, j)
	s.succeeds(t)
	d, e := s.delivery("alice@localhost/phone", 1)
	if d.Evidence != event.Accepted || e.State != event.Warn || s.end(event.StageAck).State != event.Warn {
		t.Errorf("%+v, %s %s", d, e.State, e.Text)
	}
}
