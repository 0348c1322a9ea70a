package wire_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

// TestWrite reads elements and writes them again.
func TestWrite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, in, alone string
		stream          string // inside a stream; empty means as in alone, but for the default namespace
	}{
		{"empty", "<a></a>", "<a xmlns='jabber:client'/>", "<a/>"},
		{"text", "<a>x&lt;y&amp;&#13;&gt;\"'\n</a>", "<a xmlns='jabber:client'>x&lt;y&amp;&#xD;&gt;\"'\n</a>",
			"<a>x&lt;y&amp;&#xD;&gt;\"'\n</a>"},
		{"value", "<a b='&quot;&apos;&#10;&#9;&#13;&lt;'/>", "<a xmlns='jabber:client' b='&quot;&apos;&#xA;&#x9;&#xD;&lt;'/>",
			"<a b='&quot;&apos;&#xA;&#x9;&#xD;&lt;'/>"},
		{"cdata", "<a><![CDATA[<b>]]></a>", "<a xmlns='jabber:client'>&lt;b&gt;</a>", "<a>&lt;b&gt;</a>"},
		{"namespaces", "<a xmlns='urn:x'><b/><c xmlns='urn:y'/><d xmlns=''/></a>",
			"<a xmlns='urn:x'><b/><c xmlns='urn:y'/><d xmlns=''/></a>", ""},
		{"prefixes", "<p:a xmlns:p='urn:x' p:q='1' r='2' p:s='3' xml:lang='en'><p:b/></p:a>",
			"<a xmlns='urn:x' xmlns:a1='urn:x' a1:q='1' r='2' a1:s='3' xml:lang='en'><b/></a>", ""},
		{"text and children in order", "<a xmlns='u'>1<b/>2<b>3</b><b/>4</a>", "<a xmlns='u'>1<b/>2<b>3</b><b/>4</a>", ""},
		{"of the stream", "<stream:error><a xmlns='urn:x'/></stream:error>",
			"<error xmlns='http://etherx.jabber.org/streams'><a xmlns='urn:x'/></error>",
			"<stream:error><a xmlns='urn:x'/></stream:error>"},
		{"of the stream, within another", "<a xmlns='urn:x'><stream:b/></a>",
			"<a xmlns='urn:x'><b xmlns='http://etherx.jabber.org/streams'/></a>", "<a xmlns='urn:x'><stream:b/></a>"},
		{"the prefix xml", "<xml:a/>", "<xml:a/>", ""},
	} {
		e := one(t, test.in)
		if got := e.XML(); got != test.alone {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.alone)
		}
		want := test.stream
		if want == "" {
			want = test.alone
		}
		if got := string(e.StreamXML()); got != want {
			t.Errorf("%s, in a stream:\n got %s\nwant %s", test.name, got, want)
		}
	}
}

// TestBuild makes and changes elements.
func TestBuild(t *testing.T) {
	t.Parallel()
	check := func(e *wire.Element, want string) {
		t.Helper()
		if got := string(e.StreamXML()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	e := wire.NewElement(wire.NSClient, "iq", "id", "1", "to", "", "type", "get")
	check(e, "<iq id='1' type='get'/>")
	body := wire.NewElement(wire.NSClient, "body").AddText("a & b")
	e.Add(nil, body).AddText("after").Add(body)
	check(e, "<iq id='1' type='get'><body>a &amp; b</body>after<body>a &amp; b</body></iq>")
	check(body, "<body>a &amp; b</body>")

	moved := wire.NewElement(wire.NSClient, "p").AddText("x")
	moved.Children = e.Children // whose places are those in another text
	check(moved, "<p><body>a &amp; b</body>x<body>a &amp; b</body></p>")

	c := e.Clone()
	c.SetAttr("id", "")
	c.SetAttr("from", "")
	c.SetAttr("type", "set")
	c.SetAttr("to", "x")
	c.Children = c.Children[:1]
	check(c, "<iq type='set' to='x'><body>a &amp; b</body>after</iq>")
	check(e, "<iq id='1' type='get'><body>a &amp; b</body>after<body>a &amp; b</body></iq>")
}

// FuzzWrite: what was read can be written and read again, to the same tree.
func FuzzWrite(f *testing.F) {
	seeds(f)
	for _, s := range []string{
		"<a b='c'>d<e/>f<g/></a>", "<a xmlns='x' xml:y='z'/>", "<p:a xmlns:p='u' p:b='1' q:c='' xmlns:q='v'/>", "<xml:a/>",
	} {
		f.Add([]byte(header+s), uint8(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, _ uint8) {
		var d wire.Decoder
		items, _ := d.Feed(data)
		for _, item := range items {
			if item.Kind != wire.Stanza {
				continue
			}
			want := plain(item.Element)
			for _, text := range []string{"<s>" + item.Element.XML(), header + string(item.Element.StreamXML())} {
				again, err := decodeAll(text)
				var limit *wire.LimitError
				switch {
				case errors.As(err, &limit): // escapes and declarations take room
				case err != nil:
					t.Errorf("%q cannot be read: %v", text, err)
				case len(again) < 2 || !reflect.DeepEqual(plain(again[1].Element), want):
					t.Errorf("%q is read as %v", text, again)
				}
			}
		}
	})
}

func decodeAll(text string) ([]wire.Item, error) {
	var d wire.Decoder
	return d.Feed([]byte(text))
}

// plain is an element without what depends on prefixes.
func plain(e *wire.Element) *wire.Element {
	c := &wire.Element{Name: e.Name, Text: e.Text, At: e.At}
	for _, a := range e.Attrs {
		if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
			c.Attrs = append(c.Attrs, a)
		}
	}
	for _, child := range e.Children {
		c.Children = append(c.Children, plain(child))
	}
	return c
}

func ExampleElement_XML() {
	e := wire.NewElement(wire.NSClient, "message", "to", "bob@example.com").Add(
		wire.NewElement(wire.NSClient, "body").AddText("1 < 2"),
		wire.NewElement(wire.NSReceipts, "request"))
	fmt.Println(strings.ReplaceAll(e.XML(), "><", ">\n<"))
	// Output:
	// <message xmlns='jabber:client' to='bob@example.com'>
	// <body>1 &lt; 2</body>
	// <request xmlns='urn:xmpp:receipts'/>
	// </message>
}
