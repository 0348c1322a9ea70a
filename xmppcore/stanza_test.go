package xmppcore

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

func Example_messageStanza() {
	fmt.Println(messageStanza("bob@example.test", urlspec.Chat, "m1", event.Message{Subject: "Disk",
		Body: "90% & rising\r\nsoon"}))
	// Output:
	// <message to='bob@example.test' type='chat' id='m1'><subject>Disk</subject><body>90% &amp; rising&#xD;
	// soon</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/><request xmlns='urn:xmpp:receipts'/></message>
}

// FuzzMessageStanza: what can be sent arrives as it was, and nothing that can
// be sent breaks out of its element.
func FuzzMessageStanza(f *testing.F) {
	f.Add("subject", "body", "bob@example.test")
	f.Add("", "a\r\nb\tc\n", "o'hara@example.test")
	f.Add("</subject>", "]]></body></message><presence/>", "\"<>&'@example.test")
	f.Add("\u0000", "\xff", "\ufffe")
	f.Fuzz(func(t *testing.T, subject, body, to string) {
		if _, _, found := illegal(to); found {
			return
		}
		m := event.Message{Subject: subject, Body: body}
		if sendable(m) != nil {
			if _, _, inSubject := illegal(subject); !inSubject {
				if _, _, inBody := illegal(body); !inBody {
					t.Error("refused for no reason")
				}
			}
			return
		}
		text := messageStanza(to, urlspec.Groupchat, "m1", m)
		var d wire.Decoder
		d.Limits.MaxAttr = 1 << 20
		items, err := d.Feed(
			[]byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" + text))
		if err != nil || len(items) != 2 {
			t.Fatalf("%d items, %v in %q", len(items), err, text)
		}
		got, ok := wire.AsMessage(items[1].Element)
		if !ok || got.Subject != subject || got.Body != body {
			t.Errorf("arrived as %q, %q", got.Subject, got.Body)
		}
		if got.To != to && !strings.ContainsAny(to, "\t\n") { // white space in an attribute is a space
			t.Errorf("addressed to %q", got.To)
		}
	})
}

func TestIllegal(t *testing.T) {
	tests := []struct {
		text   string
		what   string
		offset int
	}{
		{"plain\ttext\r\n", "", 0},
		{"Grüße \U0001F980 \uFFFD \uE000", "", 0},
		{"ä\x00", "U+0000", 1},
		{"\x1b[31m", "U+001B", 0},
		{"a\uFFFE", "U+FFFE", 1},
		{"\u00e4\xffx", "the byte 0xFF, which is not UTF-8,", 1},
		{"\xed\xa0\x80", "the byte 0xED, which is not UTF-8,", 0}, // a surrogate
	}
	for _, test := range tests {
		what, offset, found := illegal(test.text)
		if found != (test.what != "") || what != test.what || offset != test.offset {
			t.Errorf("illegal(%q) = %q, %d, %v", test.text, what, offset, found)
		}
	}
}

func TestBare(t *testing.T) {
	for address, want := range map[string]string{
		"Bob@Example.TEST/Phone": "bob@example.test",
		"bob@example.test":       "bob@example.test",
		"conference.EXAMPLE":     "conference.example",
		"a b@C/d":                "a b@c", // no JID at all
	} {
		if got := bare(address); got != want {
			t.Errorf("bare(%q) = %q, want %q", address, got, want)
		}
	}
}
