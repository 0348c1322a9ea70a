package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// The URLs of the tests. None of them is ever connected to.
const (
	goodURL     = "xmpps://alice:wonder%40land@example.test/bob/%23ops@conference.example.test?name=pager"
	halfURL     = "xmpps://alice:won"
	rejectedURL = "xmpps://alice:secret@example.test:52x2/bob?scram=no"
	warnedURL   = "xmpps://alice:p@ss@example.test/%23ops?scram=no"
)

// script is a fake run: its events, and what the job returns in the end. With
// hold the run waits for its context after the last event.
type script struct {
	events []event.Event
	xml    []event.XML
	err    error
	hold   bool
}

func (sc script) run(ctx context.Context, _ xmppcore.Job, trace event.Trace) error {
	for _, x := range sc.xml {
		trace.XML(x)
	}
	for _, e := range sc.events {
		trace.Event(e)
	}
	if sc.hold {
		<-ctx.Done()
		return &event.Failure{Cause: event.CauseCancelled}
	}
	return sc.err
}

// told builds the events of a run from lines "stage state text"; every stage
// but the last is started first. Times go up by ten milliseconds.
func told(lines ...string) []event.Event {
	var events []event.Event
	at := time.Duration(0)
	add := func(stage event.Stage, state event.State, text string) {
		events = append(events, event.Event{Seq: len(events) + 1, At: at, Stage: stage, State: state, Text: text})
		at += 7 * time.Millisecond
	}
	for _, line := range lines {
		part := strings.SplitN(line, " ", 3)
		stage, state := event.Stage(part[0]), event.State(part[1])
		if state != event.Start {
			add(stage, event.Start, "begins")
		}
		add(stage, state, part[2])
	}
	return events
}

func upTo(stage event.Stage) []string {
	all := []string{
		"dns ok example.test is 127.0.0.1 and ::1",
		"tcp ok connected to 127.0.0.1:5222",
		"stream ok stream from example.test",
		"starttls ok the server goes on with TLS",
		"tls ok TLS 1.3, certificate valid for example.test",
		"features ok SCRAM-SHA-1-PLUS, SCRAM-SHA-1, PLAIN",
		"sasl ok logged in with SCRAM-SHA-1-PLUS, tls-exporter",
		"bind ok we are alice@example.test/a1b2",
		"muc ok 1 of 1 room joined",
		"send ok 2 messages written",
		"ack ok 2 of 2: 1 received, 1 reflected",
		"close ok 1.2 kB in, 0.9 kB out",
	}
	for i, line := range all {
		if strings.HasPrefix(line, string(stage)+" ") {
			return all[:i]
		}
	}
	return all
}

func failing() script {
	failure := &event.Failure{Stage: event.StageSASL, Cause: event.CauseChannelBinding, Condition: "not-authorized",
		Text: "Invalid channel binding"}
	events := told(append(upTo(event.StageSASL), "sasl fail the server refused the channel binding: not-authorized")...)
	last := &events[len(events)-1]
	last.Failure = failure
	last.Data = event.SASL{Offered: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"}, Predicted: "SCRAM-SHA-1-PLUS",
		Used: "SCRAM-SHA-1-PLUS", ChannelBinding: "tls-exporter", Failure: &event.Failure{Condition: "not-authorized",
			Text: "Invalid channel binding"}}
	return script{events: events, err: failure, xml: someXML()}
}

func running() script {
	return script{events: told(append(upTo(event.StageSASL), "sasl start trying SCRAM-SHA-1-PLUS")...), hold: true}
}

func delivered() script {
	events := told(upTo("")...)
	add := func(stage event.Stage, item string, data event.Data, text string) {
		events = append(events, event.Event{Seq: len(events) + 1, At: 160 * time.Millisecond, Stage: stage, Item: item,
			State: event.OK, Text: text, Data: data})
	}
	add(event.StageMUC, "ops@conference.example.test", event.Room{JID: "ops@conference.example.test", Nick: "pager",
		Joined: true, Codes: []int{110}}, "joined as pager")
	add(event.StageAck, "id-1", event.Delivery{To: "ops@conference.example.test", Kind: "groupchat", Message: 1,
		ID: "id-1", Evidence: event.Reflected}, "the room sent it back")
	add(event.StageAck, "id-2", event.Delivery{To: "bob@example.test", Kind: "chat", Message: 1, ID: "id-2",
		Evidence: event.Received}, "receipt from bob@example.test")
	return script{events: events, xml: someXML()}
}

func someXML() []event.XML {
	return []event.XML{
		{At: 14 * time.Millisecond, Text: `<stream:stream to="example.test" version="1.0" xmlns="jabber:client">`},
		{At: 21 * time.Millisecond, Received: true,
			Text: `<stream:features><starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"><required/></starttls></stream:features>`},
		{At: 70 * time.Millisecond, Text: `<auth mechanism="SCRAM-SHA-1-PLUS">[redacted 68 bytes]</auth>`},
		{At: 90 * time.Millisecond, Received: true,
			Text: `<failure><not-authorized/><text>Invalid channel binding</text></failure>`},
	}
}

// stage is a screen under test, without a terminal. Commands that wait for
// something are run by finish, all others are dropped.
type stage struct {
	*testing.T
	*screen
}

func open(t *testing.T, w, h int, opts Options) *stage {
	t.Helper()
	if opts.Run == nil {
		opts.Run = delivered().run
	}
	if opts.Explore == nil {
		opts.Explore = looks{cells: someCells()}.explore
	}
	if opts.Theme == "" {
		opts.Theme = ThemeANSI
	}
	if opts.Clock == nil {
		opts.Clock = func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := newScreen(ctx, opts)
	t.Cleanup(func() {
		cancel()
		s.stopRun(time.Minute)
	})
	s.Update(tea.WindowSizeMsg{Width: w, Height: h})
	return &stage{t, s}
}

// press sends keys by their names; a name of more than one character that is
// no key is typed as text.
func (st *stage) press(names ...string) {
	for _, name := range names {
		for _, k := range keysOf(name) {
			st.Update(k)
			st.View() // as the program does after every message
		}
	}
}

func keysOf(name string) []tea.KeyPressMsg {
	special := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete}, "space": {Code: tea.KeySpace, Text: " "},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "alt+left": {Code: tea.KeyLeft,
			Mod: tea.ModAlt}, "alt+right": {Code: tea.KeyRight, Mod: tea.ModAlt},
		"f1": {Code: tea.KeyF1},
	}
	if k, ok := special[name]; ok {
		return []tea.KeyPressMsg{k}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok && utf8.RuneCountInString(rest) == 1 {
		return []tea.KeyPressMsg{{Code: []rune(rest)[0], Mod: tea.ModCtrl}}
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok && utf8.RuneCountInString(rest) == 1 {
		return []tea.KeyPressMsg{{Code: []rune(rest)[0], Mod: tea.ModAlt}}
	}
	var out []tea.KeyPressMsg
	for _, r := range name {
		out = append(out, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return out
}

// finish lets everything that is going tell all it has, and end.
func (st *stage) finish() {
	st.Helper()
	for st.live != nil {
		before := st.live
		st.Update(before.pull())
	}
	for _, d := range st.dialogs {
		if m, ok := d.(*matrixDialog); ok {
			for !m.over {
				st.Update(m.looking.pull())
			}
		}
	}
}

// hear takes batches until the run has told n events.
func (st *stage) hear(n int) {
	st.Helper()
	for st.live != nil && len(st.runs.Last().Events) < n {
		st.Update(st.live.pull())
	}
}

// plain is the screen as text, without looks.
func (st *stage) plain() string {
	content, _ := st.frame()
	lines := strings.Split(ansi.Strip(content), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func (st *stage) mustShow(texts ...string) {
	st.Helper()
	screen := st.plain()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			st.Errorf("the screen does not show %q:\n%s", text, screen)
		}
	}
}

func size(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }
