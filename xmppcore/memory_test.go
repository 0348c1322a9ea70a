//go:build linux && !race

package xmppcore_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// mostMemory is what a run may cost at its peak, in bytes of the whole process:
// 64 MiB. The race detector costs more than that, hence the build tag.
const mostMemory = 64 << 20

// childPort names the environment variable by which TestPeakMemory tells the
// copy of itself where the peer is.
const childPort = "XMPPSCOPE_TEST_CHILD_PORT"

// cost is what the copy tells of its run.
type cost struct {
	// Peak is the most memory that the process had, in bytes.
	Peak  int
	Stage event.Stage
	Cause event.Cause
}

// TestPeakMemory meets peers that never end, or send as much as they may. Each
// run has a process of its own, which has nothing else to do: the peer's
// memory is not counted.
func TestPeakMemory(t *testing.T) {
	if port, err := strconv.Atoi(os.Getenv(childPort)); err == nil {
		spend(t, port)
		return
	}
	open := strings.TrimSuffix(xmlHeader, ">")
	const body = "<message from='x@y'><body>"
	large := strings.Repeat("x", 4<<20-200) // the most that is read in one piece
	// after is a peer that lets us in, takes the message, and then floods.
	after := func(flood string) [][]line {
		return [][]line{probing(onlyPLAIN), loggedIn(line{wait: "</message>", reply: endless + flood})}
	}
	// before is a peer that floods behind a beginning, and after a step of ours.
	before := func(wait, beginning, flood string) [][]line {
		return [][]line{{{wait: wait, reply: beginning}, {reply: endless + flood}}}
	}
	const hello = "version='1.0'>"
	tests := []struct {
		name    string
		scripts [][]line
		stage   event.Stage
		cause   event.Cause
	}{
		{"an endless name", before(hello, "<", "a"), event.StageStream, event.CauseTooBig},
		{"an endless attribute", before(hello, open+" a='", "a"), event.StageStream, event.CauseTooBig},
		{"endless attributes", before(hello, xmlHeader+"<stream:features", " a='b'"), event.StageStream, event.CauseBadXML},
		{"endless text", before(hello, xmlHeader+"<stream:features>", "a"), event.StageStream, event.CauseTooBig},
		{"endless blanks", before(hello, xmlHeader, " \n"), event.StageStream, event.CauseTooBig},
		{"endless blanks after the message", after(" \n"), event.StageAck, event.CauseTooBig},
		{"an endless nesting", before(hello, xmlHeader, "<a>"), event.StageStream, event.CauseTooBig},
		{"endless children", before(hello, xmlHeader+"<stream:features>", "<a/>"), event.StageStream, event.CauseTooBig},
		{"endless mechanisms", before(hello,
			xmlHeader+"<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>",
			"<mechanism>SCRAM-SHA-1</mechanism>"), event.StageStream, event.CauseTooBig},
		{"an endless challenge", [][]line{probing(onlySCRAM), {{wait: hello, reply: xmlHeader + onlySCRAM},
			{wait: "</auth>", reply: "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"}, {reply: endless + "A"}}},
			event.StageSASL, event.CauseTooBig},
		{"endless features after the login", [][]line{probing(onlyPLAIN), {{wait: hello, reply: xmlHeader + onlyPLAIN},
			{wait: "</auth>", reply: success}, {wait: hello,
				reply: xmlHeader + "<stream:features>"}, {reply: endless + "<a/>"}}},
			event.StageBind, event.CauseTooBig},
		{"an endless body", [][]line{probing(onlyPLAIN),
			loggedIn(line{wait: "</message>", reply: body}, line{reply: endless + "x"})},
			event.StageAck, event.CauseTooBig},
		{"endless elements of a body", [][]line{probing(onlyPLAIN),
			loggedIn(line{wait: "</message>", reply: body}, line{reply: endless + "<a b='c'/>"})},
			event.StageAck, event.CauseTooBig},
		{"a flood of small stanzas", after(body + "flood</body></message>"), event.StageAck, event.CauseTimeout},
		{"a flood of bounces", after("<message type='error' from='x@y' id='z'><error/></message>"), event.StageAck,
			event.CauseTimeout},
		{"a flood of occupants", after("<presence from='open@conference.example.test/n'>" +
			"<x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/></x></presence>"),
			event.StageAck, event.CauseTimeout},
		{"a flood of answers",
			after("<iq type='result' id='n'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>"),
			event.StageAck, event.CauseTimeout},
		{"a flood of large messages", after(body + large + "</body></message>"), event.StageAck, event.CauseTimeout},
		{"a flood of large requests", after("<iq type='get' id='n' from='x@y'><query xmlns='x:y'>" + large + "</query></iq>"),
			event.StageAck, event.CauseTimeout},
		{"a flood of stanzas of many elements", after(body + strings.Repeat("<a b='c'/>", 32_000) + "</body></message>"),
			event.StageAck, event.CauseTimeout},
		{"a flood of unknown elements", after("<r xmlns='urn:xmpp:sm:3'/>"), event.StageAck, event.CauseTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spent := meet(t, newPeer(t, test.scripts...))
			if spent.Stage != test.stage || spent.Cause != test.cause {
				t.Errorf("ended with %s at %s, want %s at %s", spent.Cause, spent.Stage, test.cause, test.stage)
			}
		})
	}
}

// meet runs the test that calls it in a process of its own, which meets the peer
// and tells what that cost.
func meet(t *testing.T, p *peer) cost {
	t.Helper()
	name, _, _ := strings.Cut(t.Name(), "/")
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+name+"$")
	child.Env = append(os.Environ(), childPort+"="+strconv.Itoa(p.port()))
	output, err := child.CombinedOutput()
	line, _, _ := strings.Cut(string(output), "\n")
	var spent cost
	if err != nil || json.Unmarshal([]byte(line), &spent) != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	t.Logf("%s at %s cost %d MiB", spent.Cause, spent.Stage, spent.Peak>>20)
	if spent.Peak == 0 || spent.Peak > mostMemory {
		t.Errorf("the process had %d bytes, want at most %d", spent.Peak, mostMemory)
	}
	return spent
}

// keptSeconds names the environment variable that says for how many seconds a
// session is kept under a flood; `make soak` keeps it for a minute.
const keptSeconds = "XMPPSCOPE_KEPT_SECONDS"

// TestPeakMemoryKept keeps a session with peers that flood it: one that says
// what no limit forbids does so until we end it.
func TestPeakMemoryKept(t *testing.T) {
	if port, err := strconv.Atoi(os.Getenv(childPort)); err == nil {
		spendKept(t, port)
		return
	}
	for _, test := range []struct {
		name, flood string
		cause       event.Cause // of the session's end; empty: it stands
	}{
		{"white space", " \n", event.CauseTooBig},
		{"small messages", "<message from='x@y'><body>flood</body></message>", ""},
		{"large messages", "<message from='x@y'><body>" + strings.Repeat("x", 4<<20-200) + "</body></message>", ""},
		{"an endless message", "<message from='x@y'><body>" + strings.Repeat("x", 4<<20), event.CauseTooBig},
		{"white space between elements", strings.Repeat(" ", 60<<10) + "<r xmlns='urn:xmpp:sm:3'/>", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t, probing(onlyPLAIN), loggedIn(line{wait: "</message>", reply: ""}, line{wait: "</iq>", reply: pong},
				line{wait: "</iq>", reply: endless + test.flood})) // when we ask whether it is still there
			if spent := meet(t, p); spent.Cause != test.cause {
				t.Errorf("ended with %q, want %q", spent.Cause, test.cause)
			}
		})
	}
}

// spendKept sends one notification and keeps the session for a time, or until it
// is lost.
func spendKept(t *testing.T, port int) {
	seconds, err := strconv.ParseFloat(cmp.Or(os.Getenv(keptSeconds), "1"), 64)
	if err != nil {
		t.Fatal(err)
	}
	j := (&peer{listener: elsewherePort{port: port}}).job(chat("bob@example.test"))
	j.Reading.CTO, j.Reading.RTO = 20, urlspec.Seconds(seconds)+20
	debug.SetMemoryLimit(xmppcore.MemoryLimit)
	lost := make(chan *event.Failure, 8)
	trace := event.Trace{
		Event: func(e event.Event) {
			if e.Failure != nil {
				lost <- e.Failure
			}
		},
		XML: func(event.XML) {},
	}
	k := xmppcore.Keep(context.Background(), j, xmppcore.KeepOptions{Ping: 10 * time.Millisecond, Trace: trace})
	if err := k.Send(t.Context(), []event.Message{{Body: "hi"}}, event.Trace{}); err != nil {
		t.Fatal(err)
	}
	var spent cost
	timer := time.NewTimer(time.Duration(seconds * float64(time.Second)))
	select {
	case f := <-lost:
		spent.Stage, spent.Cause = f.Stage, f.Cause
	case <-timer.C:
	}
	k.Close()
	spent.tell(t)
}

// tell prints the cost, for the process that asked.
func (c cost) tell(t *testing.T) {
	t.Helper()
	c.Peak = peakMemory(t)
	line, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%s\n", line)
}

// elsewherePort is a listener of another process, of which we know the port.
type elsewherePort struct {
	net.Listener
	port int
}

func (e elsewherePort) Addr() net.Addr { return &net.TCPAddr{Port: e.port} }

// spend does the run and prints its cost.
func spend(t *testing.T, port int) {
	j := (&peer{listener: elsewherePort{port: port}}).job(chat("bob@example.test"))
	j.Reading.CTO, j.Reading.RTO = 1, 1
	j.Messages = []event.Message{{Body: "hi"}}
	debug.SetMemoryLimit(xmppcore.MemoryLimit)
	read := 0 // somebody looks at all of it, and keeps nothing
	err := xmppcore.Run(context.Background(), j, event.Trace{
		Event: func(e event.Event) { read += len(e.Text) },
		XML:   func(x event.XML) { read += len(x.Text) },
	})
	var f *event.Failure
	if !errors.As(err, &f) || read == 0 {
		t.Fatalf("Run: %v, told %d bytes", err, read)
	}
	cost{Stage: f.Stage, Cause: f.Cause}.tell(t)
}

// peakMemory is VmHWM of proc(5).
func peakMemory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}
