package wire_test

import (
	"bytes"
	"encoding/xml"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"xmppscope/xmppcore/wire"
)

// FuzzStandard: go-xmpp reads the stream with encoding/xml. Whatever our
// decoder lets pass, encoding/xml must read in the same way, or a server could
// show the two different things. (The reverse is not wanted: ours refuses
// more.)
func FuzzStandard(f *testing.F) {
	seeds(f)
	for _, s := range []string{"text &amp; more", "<b c='d\r\ne'/>\r", "<![CDATA[a\r]]>\nb", "<x:b x:c='1' c='2'/>",
		"<b xmlns=''><c/></b>", "&#13;\n]]&gt;"} {
		f.Add([]byte(s), uint8(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, _ uint8) {
		compare(t, data)
		compare(t, []byte(header+"<a xmlns:x='u'>"+string(data)+"</a>"))
	})
}

// compare holds our reading of a stream against that of encoding/xml.
func compare(t *testing.T, data []byte) {
	t.Helper()
	var d wire.Decoder
	items, err := d.Feed(data)
	if err != nil {
		return
	}
	opens := 0
	var ours []*wire.Element
	for _, item := range items {
		switch item.Kind {
		case wire.Open:
			opens++
		case wire.Stanza:
			ours = append(ours, item.Element)
		}
	}
	if opens != 1 {
		return // a restart is a new decoder for go-xmpp
	}
	theirs, err := standard(data, len(ours))
	if err != nil {
		t.Fatalf("encoding/xml: %v", err)
	}
	if d := cmp.Diff(theirs, ours, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-encoding/xml +ours):\n%s", d)
	}
}

// standard reads the first n elements of a stream with encoding/xml.
func standard(data []byte, n int) ([]*wire.Element, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var out []*wire.Element
	var open []*wire.Element
	for len(out) < n {
		token, err := d.Token()
		if err != nil {
			return out, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, &wire.Element{Name: token.Name, Attrs: slices.Clone(token.Attr)})
		case xml.CharData:
			if len(open) > 1 {
				open[len(open)-1].Text += string(token)
			}
		case xml.EndElement:
			e := open[len(open)-1]
			open = open[:len(open)-1]
			switch len(open) {
			case 0:
			case 1:
				out = append(out, e)
			default:
				parent := open[len(open)-1]
				e.At = len(parent.Text)
				parent.Children = append(parent.Children, e)
			}
		}
	}
	return out, nil
}
