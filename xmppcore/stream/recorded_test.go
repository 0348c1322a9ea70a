package stream_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/event"
	"xmppscope/xmppcore/stream"
)

const recordings = "../../testdata/traces"

// recorded reads a recording, "seconds user RECV|SEND bytes" a line or without
// the first two, into the streams of its users. A header without from= begins
// another stream of the same user.
func recorded(t *testing.T, path string) map[string][]stream.Chunk {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`^(?: *([0-9.]+) ([a-z0-9#]+) )?(RECV|SEND) (.*)$`)
	streams, current := map[string][]stream.Chunk{}, map[string]string{}
	for line := range strings.Lines(string(text)) {
		m := head.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		seconds, _ := strconv.ParseFloat("0"+m[1], 64)
		user := m[2]
		if m[3] == "SEND" && strings.HasPrefix(m[4], "<?xml version='1.0'?><stream:stream to=") || current[user] == "" {
			current[user+"#1"] = current[user] // what the first one is called from here on
			current[user] = user + "/" + strconv.Itoa(len(streams))
		}
		name := current[user]
		streams[name] = append(streams[name], stream.Chunk{Received: m[3] == "RECV", Bytes: []byte(m[4]), Cut: true,
			At: time.Duration(seconds * float64(time.Second))})
	}
	if len(streams) == 0 {
		t.Fatalf("%s holds no chunks", path)
	}
	return streams
}

// TestRecorded follows every stream that was recorded on four real servers: each
// gets as far as it did on that day, with the mechanism that it took.
func TestRecorded(t *testing.T) {
	mechanisms := map[string]string{
		"prosody-0.12.3": "SCRAM-SHA-256", "prosody-13.0.6": "SCRAM-SHA-256-PLUS",
		"ejabberd-23.01": "SCRAM-SHA-512", "ejabberd-26.07": "SCRAM-SHA-512-PLUS",
	}
	// Prosody refuses an unknown user before the challenge.
	refused := map[string]stream.Position{
		"auth-empty-password": stream.InLogin, "auth-wrong-password": stream.InLogin, "auth-unknown-user": stream.Choosing,
	}
	for server, mechanism := range mechanisms {
		paths, err := filepath.Glob(filepath.Join(recordings, server, "*.txt"))
		if err != nil || len(paths) < 35 {
			t.Fatalf("%d recordings of %s, %v", len(paths), server, err)
		}
		for _, path := range paths {
			name := strings.TrimSuffix(filepath.Base(path), ".txt")
			for user, chunks := range recorded(t, path) {
				state, ended := follow(t, chunks)
				var failure *event.Failure
				errors.As(ended, &failure)
				position, denied := refused[name]
				switch {
				case denied && (state.Position != position || failure == nil || failure.Cause != event.CauseAuth ||
					state.SASL.Failure == nil):
					t.Errorf("%s %s %s: position %d, ended by %v", server, name, user, state.Position, ended)
				case !denied && (state.Position != stream.Ready || !strings.HasPrefix(state.JID, strings.Split(user, "/")[0])):
					t.Errorf("%s %s %s: position %d as %q, ended by %v", server, name, user, state.Position, state.JID, ended)
				case name == "server-shutdown" && ended != nil && (failure == nil || failure.Condition != "system-shutdown"):
					t.Errorf("%s %s %s: ended by %v", server, name, user, ended)
				}
				if used := state.SASL.Used; used != mechanism && name != "server-shutdown" {
					t.Errorf("%s %s %s: mechanism %q, want %s", server, name, user, used, mechanism)
				}
				if bound := event.BindsChannel(state.SASL.Used); bound != (state.SASL.ChannelBinding != "") ||
					bound != (state.SASL.Flag == "p") {
					t.Errorf("%s %s %s: %s with the flag %q and the binding %q", server, name, user, state.SASL.Used, state.SASL.Flag,
						state.SASL.ChannelBinding)
				}
			}
		}
	}
}

// follow follows a stream to its end, and checks that the times of its steps are
// those of its chunks.
func follow(t *testing.T, chunks []stream.Chunk) (stream.State, error) {
	t.Helper()
	f := stream.For(urlspec.ModeSTARTTLS)
	var now time.Duration
	f.Listeners = append(f.Listeners, func(s stream.Step) error {
		if s.At != now {
			t.Errorf("a step of a chunk at %s is at %s", now, s.At)
		}
		return nil
	})
	for _, c := range chunks {
		now = c.At
		if err := f.Feed(c); err != nil {
			return f.State(), err
		}
	}
	return f.State(), nil
}
