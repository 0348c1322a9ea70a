package wire_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/wire"
)

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'` +
	` from='example.test' id='1' version='1.0'>`

// decode feeds text in one piece and gives the items as text.
func decode(text string) ([]string, error) {
	var d wire.Decoder
	items, err := d.Feed([]byte(text))
	return describe(items), err
}

func describe(items []wire.Item) []string {
	var out []string
	for _, item := range items {
		switch item.Kind {
		case wire.Open:
			out = append(out, fmt.Sprintf("open {%s}%s", item.Element.Name.Space, item.Element.Name.Local))
		case wire.Close:
			out = append(out, "close")
		default:
			out = append(out, wire.Redact(item.Element))
		}
	}
	return out
}

func TestDecoderItems(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"header": {header, []string{"open {http://etherx.jabber.org/streams}stream"}},
		"white space": {" \n" + header + " \r\n\t<presence/> </stream:stream>\n ",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<presence/>", "close"}},
		"no declaration": {header[len("<?xml version='1.0'?>"):] + "<iq/>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<iq/>"}},
		"empty stream": {`<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>`,
			[]string{"open {http://etherx.jabber.org/streams}stream", "close"}},
		"restart": {header + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + header + "<iq/>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
				"open {http://etherx.jabber.org/streams}stream", "<iq/>"}},
		"bare restart": {header + header[len("<?xml version='1.0'?>"):] + "<iq/></stream:stream>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "open {http://etherx.jabber.org/streams}stream", "<iq/>",
				"close"}},
		"closed twice": {header + "</stream:stream></stream:stream>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "close"}},
		"entities": {header + "<m a='&lt;&#65;&quot;'>&amp;&apos;&gt;&#x1F600;</m>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<m a='&lt;A\"'>&amp;&apos;&gt;😀</m>"}},
		"cdata": {header + "<m>a<![CDATA[<b>&amp;]]]></m>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<m>a&lt;b&gt;&amp;amp;]</m>"}},
		"line ends": {header + "<m>a\r\nb\rc\nd\r</m>", []string{"open {http://etherx.jabber.org/streams}stream",
			`<m>a\nb\nc\nd\n</m>`}},
		"quotes": {header + `<m a="'>" b='">/'/>`, []string{"open {http://etherx.jabber.org/streams}stream",
			`<m a='&apos;&gt;' b='"&gt;/'/>`}},
		"spaced tags": {header + "<m\n a = 'b'\t></m >", []string{"open {http://etherx.jabber.org/streams}stream",
			"<m a='b'/>"}},
		"namespaces": {header + "<x:a xmlns:x='u'><b xmlns='v'><c xmlns=''/></b><x:d/></x:a>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<a xmlns='u'><b xmlns='v'><c xmlns=''/></b><d/></a>"}},
		"prefixed attr": {header + "<a x:b='1' b='2' xml:lang='en' xmlns:x='u'/>",
			[]string{"open {http://etherx.jabber.org/streams}stream", "<a xmlns:a='u' a:b='1' b='2' xml:lang='en'/>"}},
		"not a stream": {"<html><head><title>x</title></head>",
			[]string{"open {}html", "<head xmlns=''><title>x</title></head>"}},
		"other letters": {header + "<größe/>", []string{"open {http://etherx.jabber.org/streams}stream", "<größe/>"}},
		"attribute newline": {header + "<m a='b\r\nc\td'/>", []string{"open {http://etherx.jabber.org/streams}stream",
			`<m a='b\nc\td'/>`}},
	} {
		got, err := decode(test.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestDecoderRefuses(t *testing.T) {
	for _, test := range []struct{ text, detail string }{
		{header + "<!-- x -->", "comment"},
		{header + "<m><!-- x --></m>", "comment"},
		{"<!DOCTYPE x [<!ENTITY a 'b'>]>", "document type"},
		{header + "<m><!ENTITY a 'b'></m>", "document type"},
		{header + "<m><?php ?></m>", "processing instruction"},
		{header + "<?php ?>", "processing instruction"},
		{"<?xml-stylesheet href='x'?>", "processing instruction"},
		{"<?xml version='1.1'?>", "XML version"},
		{"<?xml version='1.0' encoding='ISO-8859-1'?>", "encoding"},
		{header + "<m>&nbsp;</m>", "entity"},
		{header + "<m>&#0;</m>", "entity"},
		{header + "<m>&#xD800;</m>", "entity"},
		{header + "<m>&#x110000;</m>", "entity"},
		{header + "<m>&#-1;</m>", "entity"},
		{header + "<m>& </m>", "entity"},
		{header + "<m>&aaaaaaaaaaaaaaaaaaaaaaaaa", "entity"},
		{header + "<m>]]></m>", "]]>"},
		{header + "<m>\x01</m>", "control character U+0001"},
		{header + "<m>\x1b[31m</m>", "control character U+001B"},
		{header + "<m>\xff</m>", "UTF-8"},
		{header + "<m a='\xc3'/>", "UTF-8"},
		{header + "<m>\uFFFF</m>", "XML forbids"},
		{header + "<m></n>", "end tag"},
		{header + "</m>", "end tag"},
		{"</m>", "end tag"},
		{header + "text", "text between"},
		{header + "<![CDATA[x]]>", "character data between"},
		{header + "<m a='1' a='2'/>", "twice"},
		{header + "<m x:a='1' y:a='2' xmlns:x='u' xmlns:y='u'/>", "twice"},
		{header + "<x:m/>", "prefix"},
		{header + "<m x:a='1'/>", "prefix"},
		{header + "<m xmlns:x=''/>", "namespace"},
		{header + "<m xmlns:xml='u'/>", "namespace"},
		{header + "<m xmlns:xmlns='u'/>", "namespace"},
		{header + "<xmlns:m/>", "xmlns"},
		{header + "<m a=b/>", "unexpected character"},
		{header + "<m a/>", "unexpected character"},
		{header + "<m a='b'c='d'/>", "unexpected character"},
		{header + "<m / >", "white space"},
		{header + "<m a='<'/>", "< in a value"},
		{header + "<-m/>", "not a name"},
		{header + "<a:b:c/>", "not a name"},
		{header + "<:a/>", "not a name"},
		{header + "<a:/>", "not a name"},
		{header + "< m/>", "no name"},
		{header + "</ m>", "name is missing"},
		{header + "</stream:stream>x", "after the end"},
		{header + "</stream:stream><m/>", "after the end"},
	} {
		_, err := decode(test.text)
		var syntax *wire.SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(syntax.Detail, test.detail) {
			t.Errorf("%q: %v, want %q", strings.TrimPrefix(test.text, header), err, test.detail)
			continue
		}
		restricted := test.detail == "comment" || test.detail == "document type" || test.detail == "processing instruction"
		if syntax.Restricted != restricted {
			t.Errorf("%q: restricted is %v", strings.TrimPrefix(test.text, header), syntax.Restricted)
		}
	}
}

// TestDecoderEntityBomb: nothing that could expand is even read.
func TestDecoderEntityBomb(t *testing.T) {
	_, err := decode(`<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><stream>&lol2;</stream>`)
	var syntax *wire.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 2 || syntax.Protocol != "HTML" {
		t.Errorf("%#v", err)
	}
}

func TestDecoderGreetings(t *testing.T) {
	for _, test := range []struct{ text, protocol, greeting string }{
		{"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2"},
		{"HTTP/1.1 400 Bad Request\r\nServer: x\r\n", "HTTP", "HTTP/1.1 400 Bad Request"},
		{"220 mail.example.test ESMTP\r\n", "SMTP or FTP", "220 mail.example.test ESMTP"},
		{"* OK IMAP4rev1 ready\r\n", "IMAP", "* OK IMAP4rev1 ready"},
		{"\x15\x03\x03\x00\x02\x02\x46", "TLS", ""},
		{"\x16\x03\x01", "TLS", ""},
		{"\x00\x01\x02", "an unknown protocol", `\u0000`},
		{"hello\x1b[2J\n", "an unknown protocol", `hello\u001b`},
		{strings.Repeat("a", 500) + "\n", "an unknown protocol", strings.Repeat("a", 120)},
	} {
		_, err := decode(test.text)
		var syntax *wire.SyntaxError
		if !errors.As(err, &syntax) || syntax.Protocol != test.protocol || syntax.Greeting != test.greeting {
			t.Errorf("%.30q: %#v", test.text, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x00\x1b\n") {
			t.Errorf("%.30q: the error is not safe: %q", test.text, err)
		}
	}
}

func TestDecoderEnd(t *testing.T) {
	for _, test := range []struct {
		text string
		want error
	}{
		{"", nil},
		{header, nil},
		{header + "<a/>", nil},
		{header + "</stream:stream>", nil},
		{header[:9], io.ErrUnexpectedEOF},
		{header + "<", io.ErrUnexpectedEOF},
		{header + "<a>text", io.ErrUnexpectedEOF},
		{header + "<a><b/>", io.ErrUnexpectedEOF},
	} {
		var d wire.Decoder
		if _, err := d.Feed([]byte(test.text)); err != nil {
			t.Fatal(err)
		}
		if err := d.End(); err != test.want {
			t.Errorf("%q: End %v, want %v", test.text, err, test.want)
		}
		if (d.Pending() > 0) != (test.want != nil) {
			t.Errorf("%q: %d bytes pending", test.text, d.Pending())
		}
	}
	var d wire.Decoder
	if _, err := d.Feed([]byte("SSH-2.0-x")); err != nil { // no end of line yet
		t.Fatal(err)
	}
	var syntax *wire.SyntaxError
	if err := d.End(); !errors.As(err, &syntax) || syntax.Protocol != "SSH" || syntax.Greeting != "SSH-2.0-x" {
		t.Errorf("cut greeting: %v", err)
	}
}

// TestDecoderStops: the first error is the last word.
func TestDecoderStops(t *testing.T) {
	var d wire.Decoder
	items, err := d.Feed([]byte(header + "<a/><!"))
	if len(items) != 2 || err != nil {
		t.Fatalf("%d items, %v", len(items), err)
	}
	items, first := d.Feed([]byte("x<b/>"))
	again, second := d.Feed([]byte(header))
	if len(items) != 0 || first == nil || len(again) != 0 || second != first || d.End() != first {
		t.Errorf("%v %v, then %v %v, end %v", items, first, again, second, d.End())
	}
	d.Reset()
	if items, err = d.Feed([]byte(header)); len(items) != 1 || err != nil || d.Offset() != int64(len(header)) {
		t.Errorf("after Reset: %v, %v, offset %d", items, err, d.Offset())
	}
}

// TestDecoderItemEnd: End tells what was put behind an element.
func TestDecoderItemEnd(t *testing.T) {
	var d wire.Decoder
	items, err := d.Feed([]byte(header + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><injected/>"))
	if err != nil || len(items) != 3 {
		t.Fatal(items, err)
	}
	if items[0].End != int64(len(header)) || items[0].Size != len(header)-len("<?xml version='1.0'?>") {
		t.Errorf("header: %+v", items[0])
	}
	if items[1].End == d.Offset() || items[2].End != d.Offset() || items[2].Size != len("<injected/>") {
		t.Errorf("ends %d, %d of %d", items[1].End, items[2].End, d.Offset())
	}
}

func TestDecoderLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("a", n) }
	small := wire.Limits{MaxElement: 400, MaxDepth: 4, MaxName: 14, MaxAttr: 40, MaxText: 30, MaxNodes: 8}
	for _, test := range []struct {
		name, text, what string
	}{
		{"element", "<m" + strings.Repeat(" ", 400), "element"},
		{"references", "<m a='" + strings.Repeat("&#000000065;", 40), "element"},
		{"depth", "<a><b><c><d><e>", "nesting"},
		{"name", "<" + long(15), "name"},
		{"end name", "<a></" + long(15), "name"},
		{"attribute name", "<a " + long(15), "name"},
		{"value", "<a b='" + long(41), "attribute value"},
		{"text", "<a>" + long(31), "text"},
		{"cdata", "<a><![CDATA[" + long(31), "text"},
		{"entities", "<a>" + strings.Repeat("&lt;", 31), "text"},
		{"nodes", "<a>" + strings.Repeat("<b/>", 8), "number of elements and attributes"},
		{"attributes", "<a b='' c='' d='' e='' f='' g='' h='' i=''", "number of elements and attributes"},
	} {
		d := wire.Decoder{Limits: small}
		if _, err := d.Feed([]byte(header)); err != nil {
			t.Fatal(err)
		}
		_, err := d.Feed([]byte(test.text))
		var limit *wire.LimitError
		if !errors.As(err, &limit) || limit.What != test.what {
			t.Errorf("%s: %v, want %q", test.name, err, test.what)
		}
	}
	d := wire.Decoder{Limits: small}
	if _, err := d.Feed([]byte(header + "<a><b><c><d/></c></b></a><a>" + long(30) + "</a>")); err != nil {
		t.Errorf("at the limits: %v", err)
	}
	d.Limits.MaxText = 40
	if _, err := d.Feed([]byte("<a>" + long(40) + "</a>")); err != nil {
		t.Errorf("after raising a limit: %v", err)
	}
}

// TestDecoderDefaults: endless things end at the default limits.
func TestDecoderDefaults(t *testing.T) {
	for name, test := range map[string]struct{ once, again, what string }{
		"header":   {"<stream:stream ", " ", "element"},
		"tag":      {header + "<", "a", "name"},
		"value":    {header + "<a b='", "c", "attribute value"},
		"text":     {header + "<a>", "text ", "element"},
		"nesting":  {header, "<a>", "nesting"},
		"children": {header + "<a>", "<b/>", "number of elements and attributes"},
		"namespaces": {header, "<a xmlns:a='1' xmlns:b='1' xmlns:c='1' xmlns:d='1' xmlns:e='1' xmlns:f='1'>",
			"number of namespaces"},
		"xml":                        {"<?xml ", " ", "XML declaration"},
		"blanks before a stream":     {"", " \r\n\t", "white space between elements"},
		"blanks within a stream":     {header, " ", "white space between elements"},
		"blanks behind an element":   {header + "<a/>", " ", "white space between elements"},
		"blanks after a stream":      {header + "</stream:stream>", "\n", "white space between elements"},
		"blanks before a new header": {header + "<?xml version='1.0'?>", "\n", "white space between elements"},
	} {
		var d wire.Decoder
		_, err := d.Feed([]byte(test.once))
		chunk := []byte(strings.Repeat(test.again, 1000))
		for n := 0; n < 2<<20 && err == nil; n += len(chunk) {
			_, err = d.Feed(chunk)
		}
		var limit *wire.LimitError
		if !errors.As(err, &limit) || limit.What != test.what {
			t.Errorf("%s: %v, want %q", name, err, test.what)
		}
	}
	var attrs strings.Builder
	for i := range 65 {
		fmt.Fprintf(&attrs, " a%d=''", i)
	}
	var limit *wire.LimitError
	if _, err := decode(header + "<a" + attrs.String()); !errors.As(err, &limit) || limit.What != "number of attributes" {
		t.Errorf("attributes: %v", err)
	}
}

func ExampleDecoder() {
	var d wire.Decoder
	for _, chunk := range []string{
		"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:str",
		"eam='http://etherx.jabber.org/streams' from='example.com' id='7'>",
		"<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
	} {
		items, err := d.Feed([]byte(chunk))
		if err != nil {
			fmt.Println(err)
		}
		for _, item := range items {
			if h, ok := wire.AsHeader(item.Element); ok {
				fmt.Println("stream", h.ID, "from", h.From)
			}
			if e, ok := wire.AsStreamError(item.Element); ok {
				fmt.Println("error:", e.Condition)
			}
			if item.Kind == wire.Close {
				fmt.Println("closed")
			}
		}
	}
	// Output:
	// stream 7 from example.com
	// error: host-unknown
	// closed
}
