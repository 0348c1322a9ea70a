package ui

import (
	"bytes"
	"context"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"
	"go.uber.org/goleak"
	"golang.org/x/term"

	"xmppscope/model"
	"xmppscope/xmppcore"
	"xmppscope/xmppcore/event"
)

// silent is a real terminal of 80 by 24 cells that never answers a question.
// It records what it is sent.
type silent struct {
	t             testing.TB
	master, slave *os.File
	before        *term.State

	mu   sync.Mutex
	sent bytes.Buffer
	more chan struct{} // holds a token when there is more
	done chan struct{} // closed when no slave is open any more
}

func newSilent(t testing.TB) *silent {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	x := &silent{t: t, master: master, slave: slave, more: make(chan struct{}, 1), done: make(chan struct{})}
	if x.before, err = term.GetState(int(slave.Fd())); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(x.done)
		_, _ = io.Copy(x, master) // ends with an error when the slave is closed
	}()
	t.Cleanup(func() {
		_ = slave.Close()
		<-x.done
		_ = master.Close()
	})
	return x
}

// Write takes what the program sends.
func (x *silent) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.sent.Write(p)
	select {
	case x.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (x *silent) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.sent.String()
}

// see waits until the terminal was sent a text after the first skip bytes.
func (x *silent) see(skip int, want string) {
	x.t.Helper()
	for !strings.Contains(x.text()[skip:], want) {
		select {
		case <-x.more:
		case <-x.done:
			x.t.Fatalf("the terminal was closed before %q came: %q", want, x.text())
		case <-x.t.Context().Done():
			x.t.Fatalf("%q did not come: %q", want, x.text())
		}
	}
}

func (x *silent) press(keys string) {
	x.t.Helper()
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// handedBack checks that the terminal is as it was: line mode, the main screen,
// a visible cursor, no bracketed paste.
func (x *silent) handedBack() {
	x.t.Helper()
	after, err := term.GetState(int(x.slave.Fd()))
	if err != nil {
		x.t.Fatal(err)
	}
	if !reflect.DeepEqual(after, x.before) {
		x.t.Errorf("the line discipline was not restored: %+v, was %+v", after, x.before)
	}
	const all = "<all was read>" // what was sent before it has been read when this was
	mark := len(x.text())
	if _, err := x.slave.WriteString(all); err != nil {
		x.t.Fatal(err)
	}
	x.see(mark, all)
	text := x.text()
	for _, mode := range []struct{ name, on, off string }{
		{"the alternate screen", "\x1b[?1049h", "\x1b[?1049l"}, {"the hidden cursor", "\x1b[?25l",
			"\x1b[?25h"}, {"bracketed paste", "\x1b[?2004h", "\x1b[?2004l"},
	} {
		if strings.LastIndex(text, mode.on) > strings.LastIndex(text, mode.off) {
			x.t.Errorf("%s is left on", mode.name)
		}
	}
}

// outcome is what Run returned.
type outcome struct {
	code model.ExitCode
	err  error
}

// show runs the program on the terminal.
func (x *silent) show(opts Options) <-chan outcome {
	opts.Input, opts.Output = x.slave, x.slave
	done := make(chan outcome, 1)
	ctx := x.t.Context()
	go func() {
		code, err := Run(ctx, opts)
		done <- outcome{code, err}
	}()
	return done
}

// A terminal that answers nothing gets its first frame all the same, takes
// keys, and gets no byte once the program has ended.
func TestSilentTerminal(t *testing.T) {
	x := newSilent(t)
	done := x.show(Options{URL: goodURL, Theme: ThemeAuto})
	x.see(0, "Nothing has run yet.")
	mark := len(x.text())
	x.press("7")
	x.see(mark, "7")
	x.press("\x03")
	if got := <-done; got.code != model.ExitDone || got.err != nil {
		t.Fatalf("got %+v", got)
	}
	x.handedBack()
	if err := goleak.Find(goleak.IgnoreCurrent(), readerLeft); err != nil {
		t.Error(err)
	}
	const end = "<the end>"
	if _, err := x.slave.WriteString(end); err != nil {
		t.Fatal(err)
	}
	x.see(0, end)
	_ = x.slave.Close()
	<-x.done
	if text := x.text(); !strings.HasSuffix(text, end) {
		t.Errorf("after the end came %q", text[strings.Index(text, end):])
	}
}

// A bug gives the terminal back, says where it is, and tells no secret.
func TestPanicGivesTheTerminalBack(t *testing.T) {
	x := newSilent(t)
	done := x.show(Options{URL: goodURL, Theme: ThemeANSI,
		Env: func(string) string { panic("wonder@land in " + goodURL) }})
	x.see(0, "Nothing has run yet.")
	x.press("\x1b7\x0f") // to the message, and to its editor
	got := <-done
	if got.code != model.ExitInternal || got.err == nil {
		t.Fatalf("got %+v", got)
	}
	for _, want := range []string{"a bug in xmppscope", "panic: a string", "ui.(*screen).openEditor:"} {
		if !strings.Contains(got.err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, got.err)
		}
	}
	if text := got.err.Error() + x.text(); strings.Contains(text, "wonder@land") || strings.Contains(text,
		"wonder%40land") {
		t.Error("the password is in what was printed")
	}
	x.handedBack()
}

// With NO_COLOR the terminal is sent no colour at all.
func TestNoColour(t *testing.T) {
	x := newSilent(t)
	done := x.show(Options{URL: warnedURL, AsRead: true, Run: failing().run, NoColor: true, Theme: ThemeDark})
	x.see(0, "Nothing has run yet.")
	x.press("\r")
	x.see(0, "rejected the channel binding")
	x.press("\x1b?")
	x.press("\x03")
	<-done
	for _, sgr := range regexp.MustCompile("\x1b\\[([0-9;:]*)m").FindAllStringSubmatch(x.text(), -1) {
		for _, p := range strings.FieldsFunc(sgr[1], func(r rune) bool { return r == ';' }) {
			n, _ := strconv.Atoi(strings.SplitN(p, ":", 2)[0])
			if n >= 30 && n <= 49 && n != 39 && n != 49 || n == 58 || n >= 90 && n <= 107 {
				t.Fatalf("a colour was sent: %q", sgr[0])
			}
		}
	}
}

// stalling is an output that takes nothing any more once it is told to stall.
type stalling struct {
	stall, stalled, release chan struct{}
	once                    sync.Once
}

func (w *stalling) Write(p []byte) (int, error) {
	select {
	case <-w.stall:
		w.once.Do(func() { close(w.stalled) })
		<-w.release
	default:
	}
	return len(p), nil
}

// While the terminal takes nothing, a run goes on to its end: no call of its
// trace waits for the screen.
func TestRunGoesOnWhileTheTerminalStalls(t *testing.T) {
	in, keys := terminal(t)
	out := &stalling{stall: make(chan struct{}), stalled: make(chan struct{}), release: make(chan struct{})}
	ended := make(chan struct{})
	opts := Options{URL: goodURL, Input: in, Output: out, Theme: ThemeANSI,
		Run: func(_ context.Context, _ xmppcore.Job, trace event.Trace) error {
			defer close(ended)
			close(out.stall)
			trace.Event(event.Event{Seq: 1, Stage: event.StageDNS, State: event.Start, Text: "begins"})
			<-out.stalled
			for i := range 10_000 {
				trace.Event(event.Event{Seq: i + 2, Stage: event.StageDNS, State: event.Start, Text: "an address"})
				trace.XML(event.XML{Text: "<r/>"})
			}
			return nil
		}}
	done := make(chan outcome, 1)
	go func() {
		code, err := Run(t.Context(), opts)
		done <- outcome{code, err}
	}()
	if _, err := keys.WriteString("\r"); err != nil {
		t.Fatal(err)
	}
	<-ended // although not one byte was taken since it began
	close(out.release)
	if _, err := keys.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.err != nil {
		t.Errorf("got %+v", got)
	}
}

// BenchmarkFirstFrame is the time from the start to the first frame on a
// terminal that answers nothing.
func BenchmarkFirstFrame(b *testing.B) {
	for b.Loop() {
		x := newSilent(b)
		done := x.show(Options{URL: goodURL, Theme: ThemeAuto})
		x.see(0, "Nothing has run yet.")
		b.StopTimer()
		x.press("\x03")
		<-done
		_ = x.slave.Close()
		<-x.done
		b.StartTimer()
	}
}
