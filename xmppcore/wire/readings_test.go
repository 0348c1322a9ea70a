package wire_test

import (
	"encoding/base64"
	"fmt"
	"math"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

const saslNS = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// TestChallengeProblems: what a hostile server can put in place of a challenge.
func TestChallengeProblems(t *testing.T) {
	for _, test := range []struct {
		payload    string
		iterations int
		problem    string
	}{
		{b64("r=abcdef,s=c2FsdA==,i=4096"), 4096, ""},
		{" \n" + b64("r=abcdef,s=c2FsdA==,i=4096,x=later") + "\n", 4096, ""},
		{b64("r=abcdef,s=c2FsdA==,i=2000000000"), 2_000_000_000, ""},
		{b64("r=abcdef,s=c2FsdA==,i=99999999999999999999"), math.MaxInt, ""},
		{b64("r=abcdef,s=c2FsdA==,i=0"), 0, ""},
		{b64("r=abcdef,s=c2FsdA==,i=-5"), -5, ""},
		{b64("r=abcdef,s=c2FsdA==,i=-99999999999999999999"), 0, "no iteration count"},
		{b64("r=abcdef,s=c2FsdA==,i=many"), 0, "no iteration count"},
		{b64("r=abcdef,s=c2FsdA==,i="), 0, "no iteration count"},
		{b64("r=abcdef,s=,i=4096"), 0, "no salt"},
		{b64("r=abcdef,s=!,i=4096"), 0, "no salt"},
		{b64("s=c2FsdA==,r=abcdef,i=4096"), 0, "not a SCRAM message"},
		{b64("r=abcdef,s=c2FsdA=="), 0, "not a SCRAM message"},
		{b64("m=x,r=abcdef,s=c2FsdA==,i=4096"), 0, "extension"},
		{b64("r=abcdef,s=c2FsdA==,i=4096,m=x"), 4096, "extension"},
		{b64("r=abcdef,s=c2FsdA==,i=4096,i=2000000000"), 4096, "twice"},
		{b64("r=abcdef,s=c2FsdA==,i=4096,r=x"), 4096, "twice"},
		{b64("v=c2ln"), 0, "not a SCRAM message"},
		{"", 0, "not a SCRAM message"},
		{"=", 0, "not a SCRAM message"},
		{"not base64", 0, "not base64"},
	} {
		for _, ns := range []string{saslNS, "xmlns='urn:xmpp:sasl:2'"} {
			c, ok := wire.AsChallenge(one(t, "<challenge "+ns+">"+test.payload+"</challenge>"))
			if !ok || c.Iterations != test.iterations || (test.problem == "") != (c.Problem == "") ||
				!strings.Contains(c.Problem, test.problem) {
				t.Errorf("%q: %+v, %v", test.payload, c, ok)
			}
		}
	}
}

// TestChallengeAnswers: the nonce must be ours, and longer.
func TestChallengeAnswers(t *testing.T) {
	auth, ok := wire.AsAuth(one(t, "<auth "+saslNS+" mechanism='SCRAM-SHA-1'>"+b64("n,,n=alice,r=abc")+"</auth>"))
	if !ok {
		t.Fatal("no auth")
	}
	for nonce, want := range map[string]bool{"abcdef": true, "abc": false, "xabc": false, "ABCdef": false, "": false} {
		c, _ := wire.AsChallenge(one(t, "<challenge "+saslNS+">"+b64("r="+nonce+",s=c2FsdA==,i=1")+"</challenge>"))
		if c.Answers(auth) != want {
			t.Errorf("%q answers: %v", nonce, !want)
		}
	}
}

func TestAuthFlags(t *testing.T) {
	for _, test := range []struct{ mechanism, payload, flag, binding string }{
		{"SCRAM-SHA-1", b64("n,,n=a,r=b"), "n", ""},
		{"SCRAM-SHA-1", b64("y,,n=a,r=b"), "y", ""},
		{"SCRAM-SHA-1-PLUS", b64("p=tls-server-end-point,,n=a,r=b"), "p", "tls-server-end-point"},
		{"SCRAM-SHA-1-PLUS", b64("p=\u202ex,,n=a,r=b"), "p", `\u202ex`},
		{"SCRAM-SHA-1", b64("z,,n=a,r=b"), "", ""},
		{"SCRAM-SHA-1", b64("n"), "", ""},
		{"SCRAM-SHA-1", "!", "", ""},
		{"PLAIN", b64("n,\x00alice\x00" + canary), "", ""},
		{"EXTERNAL", "=", "", ""},
	} {
		a, ok := wire.AsAuth(one(t, "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='"+test.mechanism+"'><initial-response>"+
			test.payload+"</initial-response></authenticate>"))
		if !ok || !a.SASL2 || a.Mechanism != test.mechanism || a.Flag != test.flag || a.Binding != test.binding {
			t.Errorf("%+v: %+v, %v", test, a, ok)
		}
		if strings.Contains(fmt.Sprintf("%+v", a), canary) {
			t.Error("the password is kept")
		}
	}
}

func TestSuccessProof(t *testing.T) {
	for payload, proof := range map[string]bool{b64("v=c2ln"): true, b64("v="): false, b64("e=other-error"): false,
		"": false, "=": false, "!": false} {
		s, ok := wire.AsSuccess(one(t, "<success "+saslNS+">"+payload+"</success>"))
		if !ok || s.Proof != proof || s.Bound {
			t.Errorf("%q: %+v, %v", payload, s, ok)
		}
	}
}

// TestErrorsWithoutMuch: servers may leave out what they should say.
func TestErrorsWithoutMuch(t *testing.T) {
	e, ok := wire.AsStreamError(one(t, "<stream:error/>"))
	if !ok || e != (wire.StreamError{Condition: "undefined-condition"}) {
		t.Errorf("%+v, %v", e, ok)
	}
	e, _ = wire.AsStreamError(one(t,
		"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'> [2001:db8::1]:9222 </see-other-host>"+
			"<app xmlns='x'/></stream:error>"))
	if e.Condition != "see-other-host" || e.Host != "[2001:db8::1]:9222" {
		t.Errorf("%+v", e)
	}
	f, ok := wire.AsFailure(one(t, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"))
	if !ok || f != (wire.Failure{TLS: true, Condition: "undefined-condition"}) {
		t.Errorf("%+v, %v", f, ok)
	}
	x, ok := wire.AsStanzaError(one(t, "<message type='error'/>"))
	if !ok || x != (wire.StanzaError{Condition: "undefined-condition"}) {
		t.Errorf("%+v, %v", x, ok)
	}
	if _, ok := wire.AsStanzaError(one(t, "<message><error type='cancel'/></message>")); ok {
		t.Error("a message that is no error has an error")
	}
	long, _ := wire.AsStreamError(one(t, "<stream:error><text>"+strings.Repeat("ä", 5000)+"\x7f</text></stream:error>"))
	if n := len([]rune(long.Text)); n != 501 || !strings.HasSuffix(long.Text, "ä…") {
		t.Errorf("%d characters of text", n)
	}
}

func TestFeaturesAlone(t *testing.T) {
	for text, want := range map[string][2]bool{ // offered, required
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>": {true, true},
		// nothing else is offered
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms " + saslNS + "/>":        {true, false},
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><x xmlns='y'/>": {true, true},
		"<starttls xmlns='something else'/>":                                                     {false, false},
		"":                                                                                       {false, false},
	} {
		f, ok := wire.AsFeatures(one(t, "<stream:features>"+text+"</stream:features>"))
		if !ok || f.STARTTLS != want[0] || f.STARTTLSRequired != want[1] {
			t.Errorf("%s: %+v", text, f)
		}
	}
	var many strings.Builder
	for i := range 500 {
		fmt.Fprintf(&many, "<mechanism>M%d</mechanism><mechanism>M%d</mechanism>", i, i)
	}
	f, _ := wire.AsFeatures(one(t, "<stream:features><mechanisms "+saslNS+">"+many.String()+
		"</mechanisms><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>-1</max-bytes></limits></stream:features>"))
	if len(f.Mechanisms) != 64 || f.Mechanisms[1] != "M1" || f.MaxBytes != 0 {
		t.Errorf("%d mechanisms, limit %d", len(f.Mechanisms), f.MaxBytes)
	}
}

func TestRosterAndReceipt(t *testing.T) {
	q, _ := wire.AsIQ(one(t,
		"<iq type='result' id='r'><query xmlns='jabber:iq:roster'><item jid='a@b'/>"+
			"<item jid='c@d'><group>g</group></item><other/></query></iq>"))
	if q.Contacts != 2 {
		t.Errorf("%+v", q)
	}
	m, _ := wire.AsMessage(one(t, "<message from='a@b/c' id='2'><received xmlns='urn:xmpp:receipts' id='1'/></message>"))
	if m.ReceiptFor != "1" || m.Body != "" {
		t.Errorf("%+v", m)
	}
	m, _ = wire.AsMessage(one(t, "<message><request xmlns='urn:xmpp:receipts'/><subject/></message>"))
	if m.ReceiptFor != "" || m.Subject != "" {
		t.Errorf("%+v", m)
	}
}

// TestReadingsOfOthers: each reading refuses what is not its own.
func TestReadingsOfOthers(t *testing.T) {
	for _, e := range []*wire.Element{nil, {}, one(t, "<other xmlns='urn:x'/>"),
		one(t, "<message xmlns='urn:x' type='error'/>")} {
		_, header := wire.AsHeader(e)
		_, streamError := wire.AsStreamError(e)
		_, features := wire.AsFeatures(e)
		_, auth := wire.AsAuth(e)
		_, challenge := wire.AsChallenge(e)
		_, success := wire.AsSuccess(e)
		_, failure := wire.AsFailure(e)
		_, stanzaError := wire.AsStanzaError(e)
		_, message := wire.AsMessage(e)
		_, presence := wire.AsPresence(e)
		_, iq := wire.AsIQ(e)
		if header || streamError || features || auth || challenge || success || failure || stanzaError || message ||
			presence || iq {
			t.Errorf("%+v was taken for something", e)
		}
	}
}
