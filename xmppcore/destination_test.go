package xmppcore

import (
	"math"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
)

func TestDestinationDeadlines(t *testing.T) {
	for _, test := range []struct {
		in   urlspec.Seconds
		want time.Duration
	}{
		{4, 4 * time.Second},
		{0.25, 250 * time.Millisecond},
		{1e-9, 100 * time.Millisecond},
		{0, 4 * time.Second},
		{-3, 4 * time.Second},
		{urlspec.Seconds(math.NaN()), 4 * time.Second},
		{urlspec.Seconds(math.Inf(-1)), 4 * time.Second},
		{urlspec.Seconds(math.Inf(1)), time.Hour},
		{1e9, time.Hour},
		{math.MaxFloat64, time.Hour},
	} {
		p, failure := newDestination(urlspec.Reading{LoginJID: "a@example.test", CTO: test.in, RTO: test.in})
		if failure != nil || p.Connect != test.want || p.Answer != test.want {
			t.Errorf("%v: connect %v, answer %v, want %v", test.in, p.Connect, p.Answer, test.want)
		}
	}
}

// TestDestinationLogins: RFC 7622 table 1 and 2, as far as they can be accounts.
func TestDestinationLogins(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"juliet@example.com", "juliet@example.com"},
		{"juliet@example.com/foo", "juliet@example.com/foo"},
		{"juliet@example.com/foo bar", "juliet@example.com/foo bar"},
		{"juliet@example.com/foo@bar", "juliet@example.com/foo@bar"},
		{`foo\20bar@example.com`, `foo\20bar@example.com`},
		{"fussball@example.com", "fussball@example.com"},
		{"fußball@example.com", "fußball@example.com"},
		{"π@example.com", "π@example.com"},
		{"Σ@example.com/foo", "σ@example.com/foo"},
		{"ς@example.com/foo", "ς@example.com/foo"},
		{"king@example.com/♚", "king@example.com/♚"},
		{"example.com", "example.com"},
		{"Alice@Example.COM.", "alice@example.com"},
		{"a@[::1]", "a@[::1]"},
		{"a@127.0.0.1", "a@127.0.0.1"},
		{`"juliet"@example.com`, ""},
		{"foo bar@example.com", ""},
		{"@example.com/", ""},
		{"henryⅣ@example.com", ""},
		{"♚@example.com", ""},
		{"juliet@", ""},
		{"/foobar", ""},
		{"a&b@example.com", ""},
		{"a@example.com/", ""},
	} {
		p, failure := newDestination(urlspec.Reading{LoginJID: test.in})
		switch {
		case test.want == "" && (failure == nil || failure.Cause != event.CauseIllegalStanza ||
			failure.Stage != event.StageSASL):
			t.Errorf("%q is illegal: %v", test.in, failure)
		case test.want != "" && (failure != nil || p.Login.String() != test.want):
			t.Errorf("%q: %v, %v, want %q", test.in, p.Login, failure, test.want)
		}
	}
}

// TestDestinationTargets: an illegal target stands beside the others and fails alone.
func TestDestinationTargets(t *testing.T) {
	p, failure := newDestination(urlspec.Reading{LoginJID: "a@example.test", Targets: []urlspec.Address{
		{Kind: urlspec.Groupchat, JID: "Room@conference.example.test"},
		{Kind: urlspec.Chat, JID: "o'brien@example.test"},
		{Kind: urlspec.Chat, JID: "bob@example.test/x"},
	}})
	if failure != nil || len(p.Targets) != 3 {
		t.Fatal(p.Targets, failure)
	}
	if got := p.Targets[0]; got.JID.String() != "room@conference.example.test" ||
		got.Written != "Room@conference.example.test" || got.Failure != nil {
		t.Errorf("room: %+v", got)
	}
	if got := p.Targets[1].Failure; got == nil || got.Cause != event.CauseIllegalStanza || got.Stage != event.StageSend {
		t.Errorf("illegal: %v", got)
	}
	if got := p.Targets[2]; got.JID.Resourcepart() != "x" || got.Failure != nil {
		t.Errorf("full JID: %+v", got)
	}
}

func TestDestinationPlaces(t *testing.T) {
	for _, test := range []struct {
		tcp, domain             string
		verify, unrecognised    bool
		host, reference         string
		wantVerify, wantLocally bool
	}{
		{"xmpp.example.test", "example.test", true, false, "xmpp.example.test", "example.test", true, false},
		{"[::1]", "[::1]", false, false, "::1", "::1", false, true},
		{"127.0.0.1", "Example.TEST.", false, true, "127.0.0.1", "example.test", true, true},
		{"localhost", "bücher.example", true, false, "localhost", "xn--bcher-kva.example", true, true},
		{"::ffff:127.0.0.1", "a_b.example", true, false, "::ffff:127.0.0.1", "a_b.example", true, true},
		{"x.LOCALHOST.", "192.0.2.1", true, false, "x.LOCALHOST.", "192.0.2.1", true, true},
	} {
		p, failure := newDestination(urlspec.Reading{LoginJID: "a@b", TCPHost: test.tcp, StreamTo: test.domain,
			Verify: test.verify, VerifyUnrecognised: test.unrecognised})
		if failure != nil || p.Host != test.host || p.Reference != test.reference || p.Verify != test.wantVerify ||
			urlspec.Loopback(p.Host) != test.wantLocally {
			t.Errorf("%+v: %+v, %v", test, p, failure)
		}
	}
}
