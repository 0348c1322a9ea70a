package xmppcore_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// secure makes a peer speak TLS from the first byte, with a certificate that
// nobody vouches for.
func (p *peer) secure(t *testing.T, edwards bool) xmppcore.Job {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"example.test"}}
	var key any
	var public any
	if edwards {
		pub, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public, key = pub, private
	} else {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public, key = private.Public(), private
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	p.mu.Lock()
	p.wrap = func(conn net.Conn) net.Conn { return tls.Server(conn, config) }
	p.mu.Unlock()
	j := p.patient()
	j.Reading.Mode, j.Reading.Verify = urlspec.ModeTLS, false
	return j
}

const (
	sasl2PLAIN = "<stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism>" +
		"<inline><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>"
	sasl2SCRAM = "<stream:features><authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism>" +
		"<inline><bind xmlns='urn:xmpp:bind:0'/></inline></authentication></stream:features>"
	sasl2Success = "<success xmlns='urn:xmpp:sasl:2'><additional-data>dj1YWFg=</additional-data>" +
		"<authorization-identifier>alice@example.test/made</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/>" +
		"</success>"
	sasl2Limits = "<stream:features><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>5000</max-bytes></limits>" +
		"</stream:features>"
)

// TestSASL2 logs in with XEP-0388, where the resource comes with the success
// and the stream does not start again.
func TestSASL2(t *testing.T) {
	p := newPeer(t, probing(sasl2PLAIN), []line{
		{wait: "version='1.0'>", reply: xmlHeader + sasl2PLAIN},
		{wait: "</authenticate>", reply: sasl2Success + sasl2Limits},
		{wait: "</presence>", reply: ""},
		{wait: "</message>", reply: ""},
		{wait: "</iq>", reply: pong},
		{wait: "</stream:stream>", reply: streamClose},
	})
	j := p.secure(t, false)
	j.Reading.Targets = []urlspec.Address{chat("bob@example.test")}
	j.Reading.ScramPlus = false // probe, so that the scripts meet their connections
	j.Messages = []event.Message{{Body: "hi"}}
	s := tell(t, j)
	s.succeeds(t)
	if d, _ := s.end(event.StageSASL).Data.(event.SASL); !d.SASL2 || d.Used != "PLAIN" {
		t.Errorf("sasl: %+v", d)
	}
	if d, _ := s.end(event.StageBind).Data.(event.Bind); d.JID != "alice@example.test/made" || d.MaxBytes != 5000 {
		t.Errorf("bind: %+v", d)
	}
}

// TestSASL2Forged: the library takes a success at once for the truth, whatever
// its proof. The guard does not.
func TestSASL2Forged(t *testing.T) {
	tests := []struct {
		name, says string
		cause      event.Cause
	}{
		{"success at once", sasl2Success + sasl2Limits, event.CauseServerProof},
		{"empty challenge", "<challenge xmlns='urn:xmpp:sasl:2'/>", event.CauseServerProof},
		{"a further task", "<continue xmlns='urn:xmpp:sasl:2'><tasks><task>UPGR-SCRAM-SHA-256</task></tasks></continue>",
			event.CauseBadXML},
		{"salted anew", "<task-data xmlns='urn:xmpp:sasl:2'>" +
			"<salt xmlns='urn:xmpp:scram-upgrade:0' iterations='2000000000'>YWJj</salt></task-data>", event.CauseBadXML},
		{"refused", "<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" +
			"<text>no</text></failure>", event.CauseAuth},
	}
	for _, test := range tests {
		for _, withProbe := range []bool{true, false} {
			name := test.name
			scripts := [][]line{{{wait: "version='1.0'>", reply: xmlHeader + sasl2SCRAM}, {wait: "</authenticate>",
				reply: test.says}}}
			if withProbe {
				name += ", probed"
				scripts = append([][]line{probing(sasl2SCRAM)}, scripts...)
			}
			t.Run(name, func(t *testing.T) {
				p := newPeer(t, scripts...)
				j := p.secure(t, false)
				j.Reading.ScramPlus = !withProbe // which the library cannot be told without one
				tell(t, j).fails(t, event.StageSASL, test.cause)
				if strings.Contains(p.said(), "<response") {
					t.Error("a proof of the password was sent")
				}
			})
		}
	}
}

// TestEdwards: tls-server-end-point has no meaning for an Ed25519 certificate,
// and the library crashes on it. Another mechanism is taken, or none.
func TestEdwards(t *testing.T) {
	features := func(mechanisms string) string {
		return "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + mechanisms + "</mechanisms>" +
			"<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/>" +
			"</sasl-channel-binding></stream:features>"
	}
	plus, plain := "<mechanism>SCRAM-SHA-256-PLUS</mechanism>", "<mechanism>PLAIN</mechanism>"
	t.Run("with a way out", func(t *testing.T) {
		script := loggedIn()
		script[0].reply = xmlHeader + features(plus+plain)
		p := newPeer(t, probing(features(plus+plain)), script)
		s := tell(t, p.secure(t, true))
		s.succeeds(t)
		d, _ := s.end(event.StageSASL).Data.(event.SASL)
		if d.Used != "PLAIN" || len(d.Passed) != 1 || !strings.Contains(d.Passed[0].Why, "Ed25519") {
			t.Errorf("sasl: %+v", d)
		}
	})
	for _, scramPlus := range []bool{false, true} { // probed, and not
		p := newPeer(t, probing(features(plus)))
		j := p.secure(t, true)
		j.Reading.ScramPlus = scramPlus
		tell(t, j).fails(t, event.StageSASL, event.CauseNoCommonMechanism)
	}
}

// TestSASL2SCRAM runs SCRAM over SASL2 against an independent server, with a
// right signature and a wrong one.
func TestSASL2SCRAM(t *testing.T) {
	for _, forged := range []bool{false, true} {
		client, err := scram.SHA256.NewClient("alice", canary, "")
		if err != nil {
			t.Fatal(err)
		}
		stored, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt", Iters: 4096})
		if err != nil {
			t.Fatal(err)
		}
		server, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) { return stored, nil })
		if err != nil {
			t.Fatal(err)
		}
		talk := server.NewConversation()
		step := func(said string) string {
			match := payloadPattern.FindStringSubmatch(said)
			if match == nil {
				return ""
			}
			message, err := base64.StdEncoding.DecodeString(match[1])
			if err != nil {
				return ""
			}
			answer, err := talk.Step(string(message))
			if err != nil {
				return ""
			}
			if forged && talk.Done() {
				answer = "v=" + base64.StdEncoding.EncodeToString([]byte("forged"))
			}
			return base64.StdEncoding.EncodeToString([]byte(answer))
		}
		p := newPeer(t, []line{
			{wait: "version='1.0'>", reply: xmlHeader + sasl2SCRAM},
			{wait: "</authenticate>", answer: func(said string) string {
				return "<challenge xmlns='urn:xmpp:sasl:2'>" + step(said) + "</challenge>"
			}},
			{wait: "</response>", answer: func(said string) string {
				return strings.Replace(sasl2Success, "dj1YWFg=", step(said), 1) + sasl2Limits
			}},
			{wait: "</stream:stream>", reply: streamClose},
		})
		s := tell(t, p.secure(t, false))
		if forged {
			s.fails(t, event.StageSASL, event.CauseServerProof)
			continue
		}
		s.succeeds(t)
		if d, _ := s.end(event.StageSASL).Data.(event.SASL); !d.SASL2 || d.Used != "SCRAM-SHA-256" || d.Iterations != 4096 {
			t.Errorf("sasl: %+v", d)
		}
	}
}

// payloadPattern finds what a client says in SASL2.
var payloadPattern = regexp.MustCompile(`<(?:initial-response|response xmlns='urn:xmpp:sasl:2')>([^<]*)<`)

// TestSASL2Unbound: the server logs us in and gives no resource.
func TestSASL2Unbound(t *testing.T) {
	p := newPeer(t, []line{
		{wait: "version='1.0'>", reply: xmlHeader + sasl2PLAIN},
		{wait: "</authenticate>", reply: strings.Replace(sasl2Success, "<bound xmlns='urn:xmpp:bind:0'/>", "",
			1) + sasl2Limits},
	})
	tell(t, p.secure(t, false)).fails(t, event.StageBind, event.CauseBind)
}
