package loopback

import (
	"bufio"
	"strings"
	"testing"
)

// TestElement reads elements and writes them again.
func TestElement(t *testing.T) {
	tests := []struct{ in, out string }{
		{"<a/>", "<a/>"},
		{"<a></a>", "<a/>"},
		{"<a>x&lt;y&amp;&#13;&gt;\"'</a>", "<a>x&lt;y&amp;&#xD;&gt;\"'</a>"},
		{"<a b='&quot;&apos;&#10;&#9;'/>", "<a b='&quot;&apos;&#xA;&#x9;'/>"},
		{"<a><![CDATA[<b>]]></a>", "<a>&lt;b&gt;</a>"},
		{"<a xmlns='urn:x'><b/><c xmlns='urn:y'/><d xmlns=''/></a>", "<a xmlns='urn:x'><b/><c xmlns='urn:y'/><d xmlns=''/></a>"},
		{"<p:a xmlns:p='urn:x' p:q='1' xml:lang='en'><p:b/></p:a>", "<a xmlns='urn:x' xmlns:aa='urn:x' aa:q='1' xml:lang='en'><b/></a>"},
		{"<a>1<b/>2<b/>3</a>", "<a>1<b/>2<b/>3</a>"},
	}
	for _, tt := range tests {
		in := newStreamReader(bufio.NewReader(strings.NewReader("<s>"+tt.in)), 1000)
		if _, _, err := in.header(); err != nil {
			t.Fatal(err)
		}
		e, err := in.next()
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if got := e.String(); got != tt.out {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.out)
		}
	}
}

// FuzzReader reads what anybody may send. What is read can be written, and read
// again to the same text.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"<a/>", "<a b='c'>d<e/></a>", " \n<a/>", "<a xmlns='x' y:z='1'/>", "</s>", "x", "<!-- -->", "<a>&#x0;</a>", "<a", "<a>\xff</a>",
		"<p:a xmlns:p='u' p:b='1'/>", "<a xml:lang='x'>\r\n</a>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		read := func(s string) (*element, error) {
			in := newStreamReader(bufio.NewReader(strings.NewReader("<s>"+s)), 4096)
			if _, _, err := in.header(); err != nil {
				return nil, err
			}
			return in.next()
		}
		e, err := read(s)
		if err != nil {
			return
		}
		text := e.String()
		again, err := read(text)
		if err != nil {
			t.Fatalf("%q became %q, which cannot be read: %v", s, text, err)
		}
		if again.String() != text {
			t.Errorf("%q became %q, then %q", s, text, again)
		}
	})
}
