package xmppcore

import (
	"encoding/base64"
	"fmt"
	"testing"

	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/wire"
)

// element decodes one element of a stream.
func element(t *testing.T, text string) *wire.Element {
	t.Helper()
	var d wire.Decoder
	items, err := d.Feed([]byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" + text))
	if err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	return items[1].Element
}

// TestIterations has the guard look at what the server asks for before the
// library computes it.
func TestIterations(t *testing.T) {
	auth, ok := wire.AsAuth(element(t, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>"+
		base64.StdEncoding.EncodeToString([]byte("n,,n=alice,r=ours"))+"</auth>"))
	if !ok {
		t.Fatal("no auth")
	}
	tests := map[string]event.Cause{
		"-1": event.CauseIterations, "0": event.CauseIterations, "1": "", "4096": "", "2000000": "", "2000001": event.CauseIterations,
		"2000000000": event.CauseIterations, "99999999999999999999": event.CauseIterations, "many": event.CauseServerProof, "": event.CauseServerProof,
	}
	for count, want := range tests {
		l := &login{auth: auth}
		message := fmt.Sprintf("r=oursandtheirs,s=c2FsdA==,i=%s", count)
		failure := l.challenge(element(t, "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"+base64.StdEncoding.EncodeToString([]byte(message))+"</challenge>"))
		switch {
		case want == "" && (failure != nil || l.step != challenged):
			t.Errorf("%s iterations: %v", count, failure)
		case want != "" && (failure == nil || failure.Cause != want || l.step == challenged):
			t.Errorf("%s iterations: %v, want %s", count, failure, want)
		}
	}
}
