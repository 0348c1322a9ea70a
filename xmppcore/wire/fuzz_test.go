package wire_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/wire"
)

// seeds gives the fuzzers whole streams of real servers and pieces that are
// hard.
func seeds(f *testing.F) {
	for _, server := range servers {
		for _, name := range []string{"muc-join-ok", "auth-wrong-password", "muc-kicked"} {
			var stream []byte
			for _, r := range readTrace(f, filepath.Join(traces, server, name+".txt")) {
				if r.debug[:4] == "RECV" {
					stream = append(stream, r.debug[5:]...)
				}
			}
			f.Add(stream, uint8(7))
		}
	}
	for _, s := range []string{
		"<m a='&#x1F600;' b=\"'\">a\r\nb]]]<![CDATA[]]]]]>&amp;</m>", "</stream:stream></stream:stream>",
		"<a xmlns:x='u'><x:b x:c='d'/></a>", "<!--", "<![CDATA[", "\xff", "<a>\u202e\u2028\u0085</a>",
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>c2VjcmV0</auth>",
	} {
		f.Add([]byte(header+s), uint8(1))
	}
	f.Add([]byte("SSH-2.0-x\n"), uint8(2))
}

// feed decodes data in chunks of n bytes.
func feed(data []byte, n int) (items []wire.Item, pending int, err error) {
	var d wire.Decoder
	for len(data) > 0 {
		got, err := d.Feed(data[:min(n, len(data))])
		items = append(items, got...)
		if err != nil {
			return items, d.Pending(), err
		}
		data = data[min(n, len(data)):]
	}
	return items, d.Pending(), d.End()
}

// FuzzChunks: how the stream is cut into chunks changes nothing.
func FuzzChunks(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		whole, wholePending, wholeErr := feed(data, len(data)+1)
		for _, size := range []int{1, int(n)%64 + 1} {
			parts, partsPending, partsErr := feed(data, size)
			if !reflect.DeepEqual(whole, parts) { // cmp.Diff for every input would be slow
				t.Errorf("chunks of %d (-whole +parts):\n%s", size, cmp.Diff(whole, parts))
			}
			if fmt.Sprint(wholeErr) != fmt.Sprint(partsErr) || wholePending != partsPending {
				t.Errorf("chunks of %d: %v, %d pending; whole %v, %d pending",
					size, partsErr, partsPending, wholeErr, wholePending)
			}
		}
	})
}

// FuzzReadings: whatever decodes can be read, shown, and keeps the limits.
func FuzzReadings(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		limits := wire.Limits{MaxElement: 4096, MaxDepth: 8, MaxText: 512, MaxAttr: 256}
		d := wire.Decoder{Limits: limits}
		items, err := d.Feed(data)
		if d.Pending() > limits.MaxElement {
			t.Errorf("%d bytes pending", d.Pending())
		}
		texts := []string{fmt.Sprint(err)}
		for _, item := range items {
			if item.Size > limits.MaxElement {
				t.Errorf("an element of %d bytes", item.Size)
			}
			if item.Kind == wire.Close {
				continue
			}
			e := item.Element
			if depth(e) > limits.MaxDepth {
				t.Errorf("%d deep", depth(e))
			}
			texts = append(texts, wire.Redact(e), wire.Redactor{}.Header(e))
			if x, ok := wire.AsStreamError(e); ok {
				texts = append(texts, x.Condition, x.Text)
			}
			if x, ok := wire.AsFailure(e); ok {
				texts = append(texts, x.Condition, x.Text)
			}
			if x, ok := wire.AsFeatures(e); ok {
				texts = append(texts, fmt.Sprint(x.Mechanisms, x.SASL2, x.Bindings, x.Fast, x.Upgrades))
			}
			if x, ok := wire.AsChallenge(e); ok {
				texts = append(texts, x.Problem)
			}
			if x, ok := wire.AsStanzaError(e); ok {
				texts = append(texts, x.Condition, x.Text, x.Type)
			}
			if x, ok := wire.AsPresence(e); ok {
				texts = append(texts, x.Reason)
			}
			if a, ok := wire.AsAuth(e); ok {
				texts = append(texts, a.Mechanism, a.Binding, a.Flag)
			}
			wire.AsSuccess(e)
			wire.AsMessage(e)
			wire.AsIQ(e)
			wire.AsHeader(e)
		}
		for _, s := range texts {
			checkSafe(t, s)
		}
	})
}

// FuzzSafe: nothing but visible text comes out, and safe text stays.
func FuzzSafe(f *testing.F) {
	for _, s := range []string{"plain", "a\x1b[31mb", "\u202e\u2066\u2028\u2029", "\u0085\u009b\x7f", "\xff\xc3", "👩‍👧",
		"\ufeff\u200b", "\U000e0001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		safe := wire.Safe(s)
		checkSafe(t, safe)
		if again := wire.Safe(safe); again != safe {
			t.Errorf("%q is not stable: %q", safe, again)
		}
	})
}

func depth(e *wire.Element) int {
	deepest := 0
	for _, c := range e.Children {
		deepest = max(deepest, depth(c))
	}
	return deepest + 1
}

// checkSafe holds s against the rule itself, not against the code under test.
func checkSafe(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%q is not UTF-8", s)
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == 0x2028 || r == 0x2029 {
			t.Errorf("%q holds %U", s, r)
		}
	}
}
