package slixmpp_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"mellium.im/xmpp/jid"

	"xmppscope/urlspec/slixmpp"
)

// vector is a JID, and what is made of it.
type vector struct {
	JID string `json:"jid"`
	// Slixmpp and RFC7622 say whether slixmpp 1.17 and package jid take it.
	Slixmpp bool `json:"slixmpp"`
	RFC7622 bool `json:"rfc7622"`
}

// TestVectors holds both rules to what was recorded of the real slixmpp, for the JIDs
// of RFC 7622's tables and many more.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "paths", "jids.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	const least, ofTables = 150, 23
	count, differ := 0, 0
	for line := range bytes.Lines(text) {
		var v vector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		count++
		if slixmpp.Takes(v.JID) != v.Slixmpp {
			t.Errorf("%.80q: we say that slixmpp takes it: %t", v.JID, !v.Slixmpp)
		}
		if _, err := jid.Parse(v.JID); (err == nil) != v.RFC7622 {
			t.Errorf("%.80q: package jid says %v", v.JID, err)
		}
		if v.Slixmpp != v.RFC7622 {
			differ++
		}
	}
	if count < least+ofTables || differ < 10 {
		t.Errorf("%d vectors, of which %d differ", count, differ)
	}
}
