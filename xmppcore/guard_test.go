package xmppcore

import (
	"encoding/base64"
	"errors"
	"fmt"
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

// TestIterations has the guard look at what the server asks for before the
// library computes it.
func TestIterations(t *testing.T) {
	base64ed := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for count, want := range map[string]event.Cause{
		"-1": event.CauseIterations, "0": event.CauseIterations, "1": "", "4096": "", "2000000": "",
		"2000001":    event.CauseIterations,
		"2000000000": event.CauseIterations, "99999999999999999999": event.CauseIterations,
		"many": event.CauseServerProof, "": event.CauseServerProof,
	} {
		follow := stream.For(urlspec.ModeNone)
		feed := func(received bool, text string) error {
			return follow.Feed(stream.Chunk{Received: received, Bytes: []byte(text)})
		}
		const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		err := errors.Join(feed(false, header), feed(true, header+
			"<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism>"+
			"</mechanisms></stream:features>"))
		if err != nil {
			t.Fatal(err)
		}
		g := &guard{follow: follow, mechanism: "SCRAM-SHA-1"}
		follow.Listeners = []func(stream.Step) error{g.step}
		if err := feed(false, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>"+
			base64ed("n,,n=alice,r=ours")+"</auth>"); err != nil {
			t.Fatal(err)
		}
		err = feed(true, "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"+
			base64ed(fmt.Sprintf("r=oursandtheirs,s=c2FsdA==,i=%s", count))+"</challenge>")
		var failure *event.Failure
		if errors.As(err, &failure); want == "" && err != nil || want != "" && (failure == nil || failure.Cause != want) ||
			g.answered != (want == "") {
			t.Errorf("%s iterations: %v, want %q", count, err, want)
		}
	}
}
