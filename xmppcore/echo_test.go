package xmppcore_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

// TestEcho plays servers that repeat the password wherever they may write: tell
// looks for it in every event and every line of XML.
func TestEcho(t *testing.T) {
	const (
		saslError = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>Wrong password: %</text>" +
			"</failure>"
		streamError = "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%</text></stream:error></stream:stream>"
		redirection = "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%</see-other-host>" +
			"</stream:error></stream:stream>"
		condition   = "<stream:error><% xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>"
		refusedRoom = "<presence type='error' from='ops@rooms.test/alice' id='$id'><error type='auth'><not-authorized " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>You wrote " +
			"%</text></error></presence>"
		joinedRoom = "<presence from='ops@rooms.test/%'><x xmlns='http://jabber.org/protocol/muc#user'><item role='%'/>" +
			"<status code='110'/><status code='210'/></x></presence>" +
			"<message type='groupchat' from='ops@rooms.test/%'><subject>The password is %</subject><nick " +
			"xmlns='http://jabber.org/protocol/nick'>%</nick></message>"
		bounce = "<message type='error' from='bob@example.test' id='$id'><error type='cancel'><service-unavailable " +
			"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>%</text>" +
			"</error></message>"
		greeting = "<message from='bob@example.test' %='%'><body>%</body><% xmlns='%'/></message>"
	)
	bob, ops := chat("bob@example.test"), room("ops@rooms.test")
	const bind = "<iq type='error' id='$id'><error type='cancel'><conflict " +
		"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>%</text></error></iq>"
	tests := []struct {
		name   string
		target urlspec.Address
		stage  event.Stage // where the run fails; empty: nowhere
		script []line
	}{
		{"SASL", bob, event.StageSASL, loggedIn()[:2]},
		{"stream error", bob, event.StageAck, loggedIn(line{wait: "</message>", reply: streamError})},
		{"see-other-host", bob, event.StageAck, loggedIn(line{wait: "</message>", reply: redirection})},
		{"condition", bob, event.StageAck, loggedIn(line{wait: "</message>", reply: condition})},
		{"bind", bob, event.StageBind, append(loggedIn()[:3:3], line{wait: "</bind></iq>", reply: bind})},
		{"room refused", ops, event.StageMUC, loggedIn(line{wait: "</presence>", reply: refusedRoom})},
		{"room joined", ops, event.StageAck, loggedIn(line{wait: "</presence>", reply: joinedRoom},
			line{wait: "</message>", reply: streamClose})},
		{"bounce", bob, event.StageAck, loggedIn(line{wait: "</message>", reply: bounce}, line{wait: "</iq>", reply: pong})},
		{"message", bob, "", loggedIn(line{wait: "</message>", reply: greeting}, line{wait: "</iq>", reply: pong})},
	}
	encoded := map[string]string{
		"as it is":  canary,
		"in base64": base64.StdEncoding.EncodeToString([]byte(canary)),
		"as PLAIN":  base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary)),
		"escaped":   url.QueryEscape(canary),
	}
	for _, test := range tests {
		if test.name == "SASL" {
			test.script[1].reply = saslError
		}
		for way, password := range encoded {
			t.Run(test.name+" "+way, func(t *testing.T) {
				script := make([]line, len(test.script))
				for i, l := range test.script {
					word := password
					if strings.Contains(l.reply, "<%") || strings.Contains(l.reply, " %=") {
						word = strings.NewReplacer("=", "", "+", "", "/", "").Replace(password) // it must be a name
					}
					l.reply = strings.ReplaceAll(l.reply, "%", word)
					script[i] = l
				}
				p := newPeer(t, probing(onlyPLAIN), script)
				j := p.patient(test.target)
				j.Messages = []event.Message{{Body: "hi"}}
				s := tell(t, j)
				if test.stage == "" {
					s.succeeds(t)
				} else if f := s.end(test.stage); f.State != event.Fail {
					t.Errorf("no failure at %s: %v", test.stage, s.err)
				}
				if text := s.String(); strings.Contains(text, password) || !strings.Contains(text, "••••••••") {
					t.Errorf("the password should be hidden:\n%s", text)
				}
			})
		}
	}
}
