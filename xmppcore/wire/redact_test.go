package wire_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/wire"
)

// canary stands where secrets stand.
const canary = "s3cr3t-canary"

// one decodes a single element.
func one(t testing.TB, text string) *wire.Element {
	t.Helper()
	var d wire.Decoder
	items, err := d.Feed([]byte(header + text))
	if err != nil || len(items) != 2 {
		t.Fatalf("%s: %d items, %v", text, len(items), err)
	}
	return items[1].Element
}

func TestRedact(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString([]byte("\x00alice\x00" + canary))
	n := len(b64)
	const sasl, sasl2 = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'", "xmlns='urn:xmpp:sasl:2'"
	hidden := func(n int) string { return fmt.Sprintf("[redacted %d bytes]", n) }
	for _, test := range []struct{ in, want string }{
		{"<auth " + sasl + " mechanism='PLAIN'>" + b64 + "</auth>",
			"<auth " + sasl + " mechanism='PLAIN'>" + hidden(n) + "</auth>"},
		{"<challenge " + sasl + ">" + b64 + "</challenge>", "<challenge " + sasl + ">" + hidden(n) + "</challenge>"},
		{"<response " + sasl + ">" + b64 + "</response>", "<response " + sasl + ">" + hidden(n) + "</response>"},
		{"<success " + sasl + ">" + b64 + "</success>", "<success " + sasl + ">" + hidden(n) + "</success>"},
		{"<success " + sasl + "/>", "<success " + sasl + "/>"},
		{"<response " + sasl + "><x>" + canary + "</x>" + canary + "</response>",
			"<response " + sasl + ">" + hidden(2*len(canary)) + "</response>"},
		{"<unknown " + sasl + " value='" + canary + "'>" + canary + "</unknown>",
			"<unknown " + sasl + " value='" + hidden(13) + "'>" + hidden(13) + "</unknown>"},
		{"<challenge " + sasl2 + ">" + b64 + "</challenge>", "<challenge " + sasl2 + ">" + hidden(n) + "</challenge>"},
		{"<authenticate " + sasl2 + " mechanism='SCRAM-SHA-1'><initial-response>" + b64 + "</initial-response>" +
			"<user-agent id='x'><software>xmppscope</software><device>d</device></user-agent><bind xmlns='urn:xmpp:bind:0'>" +
			"<tag>t</tag></bind><request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/></authenticate>",
			"<authenticate " + sasl2 + " mechanism='SCRAM-SHA-1'><initial-response>" + hidden(n) +
				"</initial-response><user-agent id='x'><software>xmppscope</software><device>d</device></user-agent><bind " +
				"xmlns='urn:xmpp:bind:0'><tag>t</tag></bind><request-token xmlns='urn:xmpp:fast:0' " +
				"mechanism='HT-SHA-256-NONE'/></authenticate>"},
		{"<success " + sasl2 + "><additional-data>" + b64 + "</additional-data><authorization-identifier>" +
			"a@b/c</authorization-identifier><token xmlns='urn:xmpp:fast:0' " +
			"token='" + canary + "' expiry='2030-01-01T00:00:00Z'/></success>",
			"<success " + sasl2 + "><additional-data>" + hidden(n) +
				"</additional-data><authorization-identifier>a@b/c</authorization-identifier><token xmlns='urn:xmpp:fast:0' " +
				"token='" + hidden(13) + "' expiry='2030-01-01T00:00:00Z'/></success>"},
		{"<continue " + sasl2 + "><additional-data>" + b64 + "</additional-data><tasks><task>UPGR-SCRAM-SHA-256</task>" +
			"</tasks><text>more</text></continue>",
			"<continue " + sasl2 + "><additional-data>" + hidden(n) +
				"</additional-data><tasks><task>UPGR-SCRAM-SHA-256</task></tasks><text>more</text></continue>"},
		{"<task-data " + sasl2 + "><salt xmlns='urn:xmpp:scram-upgrade:0' iterations='4096'>" + b64 + "</salt></task-data>",
			"<task-data " + sasl2 + "><salt xmlns='urn:xmpp:scram-upgrade:0' iterations='4096'>" + hidden(n) +
				"</salt></task-data>"},
		{"<task-data " + sasl2 + "><hash xmlns='urn:xmpp:scram-upgrade:0'>" + b64 + "</hash></task-data>",
			"<task-data " + sasl2 + "><hash xmlns='urn:xmpp:scram-upgrade:0'>" + hidden(n) + "</hash></task-data>"},
		{"<failure " + sasl + "><not-authorized/><text xml:lang='en'>Invalid</text></failure>",
			"<failure " + sasl + "><not-authorized/><text xml:lang='en'>Invalid</text></failure>"},
		{"<failure " + sasl2 + "><not-authorized " + sasl + "/><text>Invalid</text></failure>",
			"<failure " + sasl2 + "><not-authorized " + sasl + "/><text>Invalid</text></failure>"},
		{"<presence><x xmlns='http://jabber.org/protocol/muc'><password>" + canary + "</password></x></presence>",
			"<presence><x xmlns='http://jabber.org/protocol/muc'><password>" + hidden(13) + "</password></x></presence>"},
		{"<message><x xmlns='jabber:x:conference' jid='r@c' password='" + canary + "'/></message>",
			"<message><x xmlns='jabber:x:conference' jid='r@c' password='" + hidden(13) + "'/></message>"},
		{"<iq type='set'><query xmlns='jabber:iq:auth'><username>a</username><digest>" + canary + "</digest></query>" +
			"</iq>", "<iq type='set'><query xmlns='jabber:iq:auth'><username>a</username>" +
			"<digest>" + hidden(13) + "</digest></query></iq>"},
		{"<iq type='set'><query xmlns='jabber:iq:register'><password>" + canary + "</password></query></iq>",
			"<iq type='set'><query xmlns='jabber:iq:register'><password>" + hidden(13) + "</password></query></iq>"},
		{"<x xmlns='jabber:x:data'><field var='muc#roomconfig_roomsecret'><value>" + canary + "</value></field><field " +
			"var='muc#roomconfig_passwordprotectedroom'><value>1</value></field><field type='text-private' var='x'>" +
			"<value>" + canary + "</value></field></x>",
			"<x xmlns='jabber:x:data'><field var='muc#roomconfig_roomsecret'>" + hidden(13) +
				"</field><field var='muc#roomconfig_passwordprotectedroom'><value>1</value></field><field type='text-private' " +
				"var='x'>" + hidden(13) + "</field></x>"},
		{"<message><body>a\tb\u202ec\u0085d\u2028&#13;e\x7f</body></message>",
			`<message><body>a\tb\u202ec\u0085d\u2028\re\u007f</body></message>`},
		{"<message id='a&#10;b\u009b'/>", `<message id='a\nb\u009b'/>`},
	} {
		e := one(t, test.in)
		if d := cmp.Diff(test.want, wire.Redact(e)); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.in, d)
		}
		for _, form := range []string{canary, b64} {
			if strings.Contains(wire.Redact(e), form) || strings.Contains(wire.Redactor{}.Header(e), form) {
				t.Errorf("%s leaks", test.in)
			}
		}
	}
	if wire.Redact(nil) != "" || (wire.Redactor{}).Header(nil) != "" {
		t.Error("nothing is printed as something")
	}
}

// TestRedactOrder: texts and children come in the order in which they were sent.
func TestRedactOrder(t *testing.T) {
	const text = "<message><body>one<b xmlns='x'>two</b>three<c xmlns='x'/></body></message>"
	if d := cmp.Diff(text, wire.Redact(one(t, text))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestRedactorHides: what the redactor is told to hide, alone and together.
func TestRedactorHides(t *testing.T) {
	holds := func(text string) bool { return strings.Contains(text, canary) }
	r := wire.Redactor{Hides: holds, HidesTogether: holds, Mask: "•"}
	head, tail := canary[:6], canary[6:]
	for _, test := range []struct{ in, want string }{
		{"<message><body>" + canary + "</body></message>", "<message><body>•</body></message>"},
		{"<message><body>a" + head + "<b/>" + tail + "c</body></message>", "<message><body>•<b/>•</body></message>"},
		{"<message><a>" + head + "</a><b>" + tail + "</b></message>", "<message><a>•</a><b>•</b></message>"},
		{"<message><a>" + canary + "</a><b>" + head + "</b><b>x</b></message>",
			"<message><a>•</a><b>" + head + "</b><b>x</b></message>"},
		{"<message a='" + canary + "' b='c'/>", "<message a='•' b='c'/>"},
		{"<message a='" + head + "' b='" + tail + "'>x</message>", "<message a='•' b='•'>x</message>"},
		{"<" + canary + " " + canary + "=''/>", "<• •=''/>"},
		{"<message><x xmlns='urn:" + canary + "'/></message>", "<message><x xmlns='•'/></message>"},
		{"<message x:a='b' xmlns:x='urn:" + canary + "'/>", "<message xmlns:a='•' a:a='b'/>"},
	} {
		if d := cmp.Diff(test.want, r.Element(one(t, test.in))); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.in, d)
		}
	}
}

// TestRedactTraces prints whole recorded logins and compares them with what
// was reviewed by eye. Every base64 payload of the recordings must be gone.
func TestRedactTraces(t *testing.T) {
	for _, server := range servers {
		items, err := play(t, readTrace(t, filepath.Join(traces, server, "muc-join-password-wrong.txt")))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, s := range items {
			arrow := ">"
			if s.received {
				arrow = "<"
			}
			text := "</stream:stream>"
			switch s.item.Kind {
			case wire.Open:
				text = wire.Redactor{}.Header(s.item.Element)
			case wire.Stanza:
				text = wire.Redact(s.item.Element)
			}
			fmt.Fprintf(&b, "%s %s %s\n", s.user, arrow, text)
		}
		golden := filepath.Join("testdata", "redacted", server+".txt")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", server, d)
		}
		for _, s := range items {
			for _, secret := range payloads(s.item.Element) {
				if strings.Contains(b.String(), secret) {
					t.Errorf("%s: %.8s… is still there", server, secret)
				}
			}
		}
	}
}

// payloads are the texts of an element that must not be shown.
func payloads(e *wire.Element) []string {
	if e == nil {
		return nil
	}
	var out []string
	switch e.Name.Local {
	case "auth", "response", "challenge", "success", "initial-response", "additional-data", "password":
		if s := strings.TrimSpace(e.Text); s != "" {
			out = append(out, s)
		}
	}
	for _, c := range e.Children {
		out = append(out, payloads(c)...)
	}
	return out
}

func ExampleRedact() {
	var d wire.Decoder
	items, err := d.Feed([]byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" +
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFsaWNlAHNlY3JldA==</auth>"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(wire.Redact(items[1].Element))
	// Output:
	// <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>[redacted 20 bytes]</auth>
}

func ExampleSafe() {
	fmt.Println(wire.Safe("invoice\u202egnp.exe \x1b[31m"))
	// Output:
	// invoice\u202egnp.exe \u001b[31m
}
