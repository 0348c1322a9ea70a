package ui

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/model"
)

// monkeysVariable names the environment variable that says how many monkeys play;
// `make monkeys` lets a thousand.
const monkeysVariable = "XMPPSCOPE_MONKEYS"

// monkeyKeys are what a monkey presses. ctrl+z is left out: it would stop the test.
var monkeyKeys = []string{
	"\r", "\r", "\r", "\x13", "\x13", "\x1b", "\x1b", "\t", "\x1b[Z", "y", "n", "f", "d", "s", "c", "M", "x",
	"r", "=", "H", "[", "]",
	"1", "2", "3", "4", "5", "6", "7", "\x1b1", "\x1b2", "\x1b3", "\x1b4", "\x1b5", "\x1b6", "\x1b7", "\x1bf",
	"\x1bd", "\x1bm", "\x1bu",
	"\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "j", "k", "g", "G", "w",
	"F", "/", "&", "p", "?", "e",
	"\x10", "\x0c", "\x01", "\x05", "\x0b", "\x15", "\x17", "\x19", "\x7f", "\x1b[3~", "a", "ü", "日", "e\u0301",
	"👩‍🚀", " ", "#", "@", ":", "%",
	"\x1b[<0;10;5M\x1b[<0;10;5m", "\x1b[<64;30;12M", "\x1b[200~xmpp://a:b@127.0.0.1/c?mode=none\x1b[201~",
	"\x1b[200~two\nlines\x1b[201~",
	"\x1b[I", "\x1b[O", "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "\x1b[?2026;2$y", "\x1b[", "\x1b]", "\xff", "Y",
	"Y", "C", "i", "v", "t", "o", "m",
}

// TestMonkeys lets monkeys press keys while hostile servers answer: no panic, and the
// screen ends when it is told to, with nothing left of it.
func TestMonkeys(t *testing.T) {
	count := 12
	if text := os.Getenv(monkeysVariable); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("%s: %v", monkeysVariable, err)
		}
		count = n
	}
	for n := range count {
		seed := rand.Uint64()
		if !monkey(t, seed) {
			t.Fatalf("monkey %d of seed %d", n, seed)
		}
	}
}

// readerLeft is Bubble Tea's reader of the terminal with a key that came too late for
// its loop, which ended meanwhile: it waits for ever. Bubble Tea gives it half a second.
var readerLeft = goleak.IgnoreTopFunction("github.com/charmbracelet/ultraviolet.(*TerminalReader).sendEvents")

// clockLeft is the clock that hides a password that was shown for five seconds; it ends
// by itself.
var clockLeft = goleak.IgnoreTopFunction("charm.land/bubbletea/v2.Tick.func1")

func monkey(t *testing.T, seed uint64) bool {
	t.Helper()
	before := goleak.IgnoreCurrent()
	random := rand.New(rand.NewPCG(seed, 2))
	server := newHostile(t, seed)
	defer server.close()
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	params := []string{"mode=none&cto=0.5&rto=0.5", "mode=none&cto=1&rto=1&keepalive=yes&roster=yes",
		"mode=starttls&cto=0.5&rto=0.5&retry=2", "mode=none&rto=1&format=markdown&overflow=split"}
	opts := Options{Input: in, Output: io.Discard, Theme: ThemeANSI, ReportDir: t.TempDir(), Title: "monkey", Body: "see",
		URL: fmt.Sprintf("xmpp://alice:alice-pw@127.0.0.1:%d/bob/%%23room@127.0.0.1?%s", server.port(),
			params[random.IntN(len(params))])}
	done := make(chan outcome, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		code, err := Run(ctx, opts)
		done <- outcome{code, err}
	}()
	ended := outcome{code: -1}
	for range 20 + random.IntN(60) {
		key := monkeyKeys[random.IntN(len(monkeyKeys))]
		if _, err := keys.WriteString(key); err != nil {
			t.Fatal(err)
		}
		if random.IntN(4) == 0 { // now and then something can happen between two keys
			timer := time.NewTimer(time.Duration(random.IntN(40)) * time.Millisecond)
			select {
			case <-timer.C:
			case ended = <-done: // by q, which is no key here, or by a bug
			}
			timer.Stop()
		}
		if ended.code != -1 {
			break
		}
	}
	if ended.code == -1 {
		if random.IntN(2) == 0 {
			cancel() // as a signal does
		} else if _, err := keys.WriteString("\x1b[201~\x03"); err != nil { // it may think that something is pasted
			t.Fatal(err)
		}
		patience := time.NewTimer(20 * time.Second)
		defer patience.Stop()
		select {
		case ended = <-done:
		case <-patience.C:
			t.Error("the screen does not end")
			cancel()
			ended = <-done
		}
	}
	if ended.err != nil || ended.code != model.ExitDone && ended.code != model.ExitInterrupted {
		t.Errorf("it ended with exit code %d: %v", ended.code, ended.err)
	}
	keys.Close()
	server.close()
	if err := goleak.Find(before, readerLeft, clockLeft); err != nil {
		t.Error(err)
	}
	return !t.Failed()
}
