package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

// BenchmarkDecoder decodes 64 KiB of ordinary messages, and the worst that fits
// the limits: many tiny elements, and names looked up among many namespaces.
func BenchmarkDecoder(b *testing.B) {
	message := "<message from='room@conference.example.test/nick' to='bob@example.test/x' type='groupchat' id='0123456789'><body>disk &amp; cpu are fine</body><origin-id xmlns='urn:xmpp:sid:0' id='0123456789'/></message>"
	var bindings strings.Builder
	for i := range 60 {
		fmt.Fprintf(&bindings, " xmlns:n%d='urn:%d'", i, i)
	}
	crowd := "<a" + bindings.String() + "><b" + bindings.String() + "><c" + bindings.String() + "><d" +
		bindings.String() + ">"
	for name, text := range map[string]string{
		"messages":   strings.Repeat(message, 64<<10/len(message)),
		"children":   "<a>" + strings.Repeat("<b/>", 60_000) + "</a>",
		"namespaces": crowd + strings.Repeat("<e/>", 60_000) + "</d></c></b></a>",
		"text":       "<message><body>" + strings.Repeat("all is well ", 64<<10/12) + "</body></message>",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				var d wire.Decoder
				if _, err := d.Feed([]byte(header)); err != nil {
					b.Fatal(err)
				}
				for chunk := range slices.Chunk([]byte(text), 4096) {
					if _, err := d.Feed(chunk); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
