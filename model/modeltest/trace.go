package modeltest

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

// root is the folder of the module, wherever below it a test runs.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// recorded gives the elements that a server sent in a recording, for all of
// its clients, in order. Of what the clients sent only the stream headers
// count, which begin the streams anew. A server that has no such recording
// gives none.
func recorded(t *testing.T, server, name string) []*wire.Element {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "testdata", "traces", server, name+".txt"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`^(?: *[0-9.]+ ([a-z0-9#]+) )?((?:RECV|SEND) .*)$`)
	decoders := map[string]*wire.Decoder{}
	var elements []*wire.Element
	for line := range strings.Lines(string(text)) {
		m := head.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		user, chunk := m[1], m[2]
		if decoders[user] == nil || strings.HasPrefix(chunk, "SEND <?xml version='1.0'?><stream:stream to=") {
			// A second connection of the same user; the first is user#1 now.
			decoders[user+"#1"] = decoders[user]
			decoders[user] = &wire.Decoder{}
		}
		received, found := strings.CutPrefix(chunk, "RECV ")
		if !found {
			continue
		}
		items, _ := decoders[user].FeedCut([]byte(received)) // malformed where the client's was, on purpose
		for _, i := range items {
			if i.Kind == wire.Stanza {
				elements = append(elements, i.Element)
			}
		}
	}
	if len(elements) == 0 {
		t.Fatalf("%s %s holds nothing that was received", server, name)
	}
	return elements
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
