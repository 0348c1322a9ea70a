package stream_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
	"xmppscope/xmppcore/wire"
)

const (
	header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " +
		"from='example.test' id='s1' version='1.0'>"
	startTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	proceed  = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	clear    = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>" +
		"</stream:features>"
	offer = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>" +
		"SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
	auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>" +
		"biwsbj1hbGljZSxyPW91cnM=</auth>" // n,,n=alice,r=ours
	challenge = "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" +
		"cj1vdXJzYW5kdGhlaXJzLHM9YzJGc2RBPT0saT00MDk2</challenge>"
	response = "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>Yz1iaXdz</response>"
	success  = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj1YWFg=</success>"
	failure  = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>no</text></failure>"
	limits   = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><limits " +
		"xmlns='urn:xmpp:stream-limits:0'><max-bytes>5000</max-bytes></limits></stream:features>"
	ask      = "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
	resource = "<iq type='result' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" +
		"alice@example.test/r</jid></bind></iq>"
	presence = "<presence/>"

	auth2    = "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>"
	success2 = "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>" +
		"alice@example.test/made</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>"
)

// names are the kinds of step.
var names = map[stream.Kind]string{
	stream.Opening: "opening", stream.Greeted: "greeted", stream.Offered: "offered", stream.AskedTLS: "asked TLS",
	stream.Consented: "consented",
	stream.Chose:     "chose", stream.Challenged: "challenged", stream.Responded: "responded",
	stream.Succeeded: "succeeded",
	stream.Proved:    "proved", stream.Asked: "asked", stream.Bound: "bound", stream.Present: "present",
	stream.Stanza: "stanza",
	stream.Ended:  "ended", stream.Refused: "refused",
}

// watch makes a follower tell its steps, in one line.
func watch(f *stream.Follower) func() string {
	var steps []string
	f.Listeners = append(f.Listeners, func(s stream.Step) error {
		steps = append(steps, names[s.Kind])
		return nil
	})
	return func() string { return strings.Join(steps, ", ") }
}

// talk is a conversation: each line is what the client ("> ") or the server
// ("< ") sends.
func talk(lines ...string) []stream.Chunk {
	var chunks []stream.Chunk
	for _, l := range lines {
		chunks = append(chunks, stream.Chunk{Received: strings.HasPrefix(l, "< "), Bytes: []byte(l[2:])})
	}
	return chunks
}

func feed(f *stream.Follower, chunks []stream.Chunk) error {
	for i, c := range chunks {
		c.At = time.Duration(i) * time.Millisecond
		if err := f.Feed(c); err != nil {
			return err
		}
	}
	return nil
}

// scram is a login from the features on.
func scram() []string {
	return []string{"> " + auth, "< " + challenge, "> " + response, "< " + success, "> " + header, "< " + header + limits,
		"> " + ask, "< " + resource, "> " + presence}
}

func TestSteps(t *testing.T) {
	inClear := []string{"> " + header, "< " + header + clear, "> " + startTLS, "< " + proceed}
	underTLS := []string{"> " + header, "< " + header + offer}
	join := func(lists ...[]string) (all []string) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	for _, test := range []struct {
		name  string
		mode  urlspec.Mode
		lines []string
		steps string
		// cause and stage are those of the failure that ends it.
		cause event.Cause
		stage event.Stage
		// position is where it ends.
		position stream.Position
	}{
		{name: "STARTTLS and SCRAM", mode: urlspec.ModeSTARTTLS, lines: join(inClear, underTLS, scram()),
			steps: "opening, greeted, offered, asked TLS, consented, opening, greeted, offered, chose, challenged, " +
				"responded, succeeded, proved, opening, greeted, offered, asked, bound, present",
			position: stream.Ready},
		{name: "direct TLS, and a message", mode: urlspec.ModeTLS,
			lines: join(underTLS, scram(), []string{"> <message/>", "< <message/>", "< <iq type='get' id='2'/>"}),
			steps: "opening, greeted, offered, chose, challenged, responded, succeeded, proved, opening, greeted, " +
				"offered, asked, bound, present, stanza, stanza, stanza",
			position: stream.Ready},
		{name: "PLAIN, which goes by unseen", mode: urlspec.ModeTLS,
			lines: join(underTLS, []string{"< " + success, "> " + header}),
			steps: "opening, greeted, offered, succeeded, proved, opening", position: stream.Proven},
		{name: "SASL2 with a resource", mode: urlspec.ModeTLS, lines: join(underTLS,
			[]string{"> " + auth2, "< " + success2, "< " + limits, "> " + presence}),
			steps: "opening, greeted, offered, chose, succeeded, offered, proved, present", position: stream.Ready},
		{name: "a wrong password", mode: urlspec.ModeTLS, lines: join(underTLS,
			[]string{"> " + auth, "< " + challenge, "> " + response, "< " + failure}),
			steps: "opening, greeted, offered, chose, challenged, responded, refused", cause: event.CauseAuth,
			stage: event.StageSASL, position: stream.InLogin},
		{name: "the server hangs up", mode: urlspec.ModeTLS, lines: join(underTLS, []string{"< </stream:stream>"}),
			steps: "opening, greeted, offered, ended", cause: event.CauseClosed, stage: event.StageSASL,
			position: stream.Choosing},
		{name: "a stream error", mode: urlspec.ModeNone, lines: []string{"> " + header,
			"< " + header + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"},
			steps: "opening, greeted, refused", cause: event.CauseStreamError, stage: event.StageStream},
		{name: "a port for servers", mode: urlspec.ModeNone, lines: []string{"> " + header,
			"< " + strings.Replace(header, "jabber:client", "jabber:server", 1)},
			steps: "opening, refused", cause: event.CauseServerPort, stage: event.StageStream},
		{name: "a web page", mode: urlspec.ModeNone, lines: []string{"> " + header, "< <html>"},
			steps: "opening, refused", cause: event.CauseNotXMPP, stage: event.StageStream},
		{name: "STARTTLS refused", mode: urlspec.ModeSTARTTLS, lines: append(inClear[:3:3],
			"< <failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
			steps: "opening, greeted, offered, asked TLS, refused", cause: event.CauseSTARTTLSRefused,
			stage: event.StageSTARTTLS},
		{name: "bytes before the handshake", mode: urlspec.ModeSTARTTLS, lines: append(inClear[:3:3], "< "+proceed+"<a"),
			steps: "opening, greeted, offered, asked TLS, refused", cause: event.CauseBadXML, stage: event.StageSTARTTLS},
		{name: "a message before the login", mode: urlspec.ModeNone,
			lines: []string{"> " + header, "< " + header + "<message/>"},
			steps: "opening, greeted, refused", cause: event.CauseBadXML, stage: event.StageStream},
		{name: "no resource", mode: urlspec.ModeTLS, lines: join(underTLS, scram()[:7], []string{"< <iq type='error' " +
			"id='1'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"}),
			steps: "opening, greeted, offered, chose, challenged, responded, succeeded, proved, opening, greeted, offered, " +
				"asked, refused",
			cause: event.CauseBind, stage: event.StageBind, position: stream.Proven},
	} {
		chunks := talk(test.lines...)
		// However the bytes are cut, the steps are the same. What follows a
		// consent in one chunk was injected, so that one chunk stays whole.
		for _, size := range []int{0, 1, 7} {
			f := stream.For(test.mode)
			steps := watch(f)
			err := feed(f, cut(chunks, size))
			var got *event.Failure
			errors.As(err, &got)
			switch {
			case test.cause == "" && err != nil:
				t.Errorf("%s: %v", test.name, err)
			case test.cause != "" && (got == nil || got.Cause != test.cause || got.Stage != test.stage):
				t.Errorf("%s: ended with %v, want %s at %s", test.name, err, test.cause, test.stage)
			}
			if d := cmp.Diff(test.steps, steps()); d != "" {
				t.Errorf("%s, cut into %d (-want +got):\n%s", test.name, size, d)
			}
			if p := f.State().Position; p != test.position {
				t.Errorf("%s: position %d, want %d", test.name, p, test.position)
			}
			if again := f.Feed(stream.Chunk{Received: true, Bytes: []byte("<a/>")}); err != nil && again != err {
				t.Errorf("%s: after its end: %v, want %v", test.name, again, err)
			}
		}
	}
}

// cut takes chunks apart, but for a consent to TLS and what stands with it.
func cut(chunks []stream.Chunk, size int) []stream.Chunk {
	if size == 0 {
		return chunks
	}
	var out []stream.Chunk
	for _, c := range chunks {
		rest := c.Bytes
		for len(rest) > size && !strings.Contains(string(c.Bytes), "<proceed") {
			out = append(out, stream.Chunk{Received: c.Received, At: c.At, Bytes: rest[:size]})
			rest = rest[size:]
		}
		out = append(out, stream.Chunk{Received: c.Received, At: c.At, Bytes: rest})
	}
	return out
}

// TestState: what the steps told is there.
func TestState(t *testing.T) {
	f := stream.For(urlspec.ModeTLS)
	if err := feed(f, talk(append([]string{"> " + header, "< " + header + offer}, scram()...)...)); err != nil {
		t.Fatal(err)
	}
	s := f.State()
	if s.JID != "alice@example.test/r" || s.MaxBytes != 5000 || !s.Encrypted || s.Securing ||
		s.Stage != event.StageClose || s.Received != 7 {
		t.Errorf("state %+v", s)
	}
	want := event.SASL{Used: "SCRAM-SHA-1", Flag: "n", Iterations: 4096, Salt: 4}
	if d := cmp.Diff(want, s.SASL); d != "" {
		t.Errorf("login (-want +got):\n%s", d)
	}
	if s.Header.From != "example.test" || !s.Header.Encrypted || len(s.Features.Mechanisms) != 1 {
		t.Errorf("header %+v, features %+v", s.Header, s.Features)
	}
}

// TestListener: an error of a listener ends the stream, before the next step.
func TestListener(t *testing.T) {
	enough := errors.New("enough")
	f := stream.For(urlspec.ModeTLS)
	steps := watch(f)
	f.Listeners = append(f.Listeners, func(s stream.Step) error {
		if s.Kind == stream.Offered {
			return enough
		}
		return nil
	}, func(s stream.Step) error {
		if s.Kind == stream.Offered {
			t.Error("a listener behind was told")
		}
		return nil
	})
	if err := feed(f, talk("> "+header, "< "+header+offer+challenge)); err != enough {
		t.Errorf("Feed: %v", err)
	}
	if got := steps(); got != "opening, greeted, offered" {
		t.Errorf("steps: %s", got)
	}
}

// TestLimits: larger elements are taken once the stream is ready, and not
// before.
func TestLimits(t *testing.T) {
	large := "< <message><body>" + strings.Repeat("x", 2<<20) + "</body></message>"
	login := append([]string{"> " + header, "< " + header + offer}, scram()...)
	for _, test := range []struct {
		name  string
		lines []string
		fits  bool
	}{
		{"ready", append(login[:len(login):len(login)], large), true},
		{"in the login", append(login[:5:5], large), false},
	} {
		f := stream.For(urlspec.ModeTLS)
		f.MaxStanza = 4 << 20
		err := feed(f, talk(test.lines...))
		var limit *wire.LimitError
		if test.fits != (err == nil) || !test.fits && !errors.As(err, &limit) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A login as it was recorded, told step by step.
func ExampleFollower() {
	f := stream.For(urlspec.ModeTLS)
	f.Listeners = append(f.Listeners, func(s stream.Step) error {
		switch state := f.State(); s.Kind {
		case stream.Offered:
			fmt.Printf("%s: offered %v\n", s.At, state.Features.Mechanisms)
		case stream.Refused:
			fmt.Printf("%s: %s\n", s.At, s.Failure.Sentence())
		}
		return nil
	})
	for _, c := range []stream.Chunk{
		{At: 0, Bytes: []byte(header)},
		{At: 20 * time.Millisecond, Received: true, Bytes: []byte(header + offer)},
		{At: 21 * time.Millisecond, Bytes: []byte(auth)},
		{At: 45 * time.Millisecond, Received: true, Bytes: []byte(failure)},
	} {
		if err := f.Feed(c); err != nil {
			fmt.Println("ended at", f.State().Stage)
		}
	}
	// Output:
	// 20ms: offered [SCRAM-SHA-1]
	// 45ms: the server refused the login with not-authorized ("no")
	// ended at sasl
}
