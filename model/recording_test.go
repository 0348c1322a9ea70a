package model

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

// servers are those whose answers were recorded.
func servers() []string {
	return []string{"prosody-0.12.3", "prosody-13.0.6", "ejabberd-23.01", "ejabberd-26.07"}
}

// recorded gives the elements that a server sent in a recording, for all of
// its clients, in order. Of what the clients sent only the stream headers
// count, which begin the streams anew. A server that has no such recording
// gives none.
func recorded(t *testing.T, server, name string) []*wire.Element {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "traces", server, name+".txt"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`^(?: *[0-9.]+ ([a-z0-9#]+) )?((?:RECV|SEND) .*)$`)
	taps := map[string]*wire.Tap{}
	var elements []*wire.Element
	for line := range strings.Lines(string(text)) {
		m := head.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		user, chunk := m[1], m[2]
		opens := strings.HasPrefix(chunk, "SEND <?xml")
		if strings.HasPrefix(chunk, "SEND") && !opens {
			continue
		}
		if taps[user] == nil || opens && strings.HasPrefix(chunk, "SEND <?xml version='1.0'?><stream:stream to=") {
			// A second connection of the same user; the first is user#1 now.
			taps[user+"#1"] = taps[user]
			taps[user] = &wire.Tap{Item: func(received bool, i wire.Item) error {
				if received && i.Kind == wire.Stanza {
					elements = append(elements, i.Element)
				}
				return nil
			}}
		}
		listen(t, taps[user], chunk+"\n")
	}
	if len(elements) == 0 {
		t.Fatalf("%s %s holds nothing that was received", server, name)
	}
	return elements
}

// listen feeds a chunk. What a client sent may be malformed on purpose, which
// the tap answers with a panic.
func listen(t *testing.T, tap *wire.Tap, chunk string) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			if _, stopped := wire.Stopped(r); !stopped {
				t.Fatalf("the tap crashed: %v", r)
			}
		}
	}()
	if _, err := tap.Write([]byte(chunk)); err != nil {
		t.Fatal(err)
	}
}

// lastReading is the last element of a recording that a reading takes.
func lastReading[T any](t *testing.T, server, name string, read func(*wire.Element) (T, bool)) (last T, found bool) {
	t.Helper()
	for _, e := range recorded(t, server, name) {
		if v, ok := read(e); ok {
			last, found = v, true
		}
	}
	return last, found
}
