package wire_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xmppscope/xmppcore/wire"
)

const traces = "../../testdata/traces"

// servers are those whose streams were recorded.
var servers = []string{"prosody-0.12.3", "prosody-13.0.6", "ejabberd-23.01", "ejabberd-26.07"}

// record is one chunk of a recorded session.
type record struct {
	user  string
	debug string // as go-xmpp's DebugWriter got it
}

// readTrace reads a recording: "seconds user RECV|SEND bytes" a line, or
// without the first two.
func readTrace(t testing.TB, path string) []record {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`^(?: *[0-9.]+ ([a-z0-9#]+) )?((?:RECV|SEND) .*)$`)
	var records []record
	for line := range strings.Lines(string(text)) {
		if m := head.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
			records = append(records, record{m[1], m[2] + "\n"})
		}
	}
	if len(records) == 0 {
		t.Fatalf("%s holds no chunks", path)
	}
	return records
}

// seen is one item of a recorded session.
type seen struct {
	user     string
	received bool
	item     wire.Item
}

// play feeds a recording to one tap per user, and returns what they told. The
// error is the first one of a received chunk; sent chunks may be malformed on
// purpose.
func play(t testing.TB, records []record) (items []seen, err error) {
	t.Helper()
	taps := map[string]*wire.Tap{}
	for _, r := range records {
		tap := taps[r.user]
		if tap != nil && strings.HasPrefix(r.debug, "SEND <?xml version='1.0'?><stream:stream to=") {
			// A header without from= opens a second connection; the first is
			// called user#1 from here on.
			taps[r.user+"#1"], tap = tap, nil
		}
		if tap == nil {
			tap = decoding(func(received bool, item wire.Item) error {
				items = append(items, seen{r.user, received, item})
				return nil
			})
			taps[r.user] = tap
		}
		if e := write(tap, r.debug); e != nil && err == nil {
			err = fmt.Errorf("%s: %.5s: %w", r.user, r.debug, e)
		}
	}
	return items, err
}

// write gives one chunk to a tap, and turns its panic into an error.
func write(tap *wire.Tap, debug string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			stopped, ok := wire.Stopped(r)
			if !ok {
				panic(r)
			}
			err = stopped
		}
	}()
	_, err = tap.Write([]byte(debug))
	return err
}

func cases(t testing.TB, server string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(traces, server, "*.txt"))
	if err != nil || len(paths) < 35 {
		t.Fatalf("%d recordings of %s, %v", len(paths), server, err)
	}
	return paths
}

// TestTracesDecode: all that real servers sent decodes.
func TestTracesDecode(t *testing.T) {
	malformed := []string{"malformed-xml.txt"} // on our side, on purpose
	total := 0
	for _, server := range servers {
		for _, path := range cases(t, server) {
			items, err := play(t, readTrace(t, path))
			if on := slices.Contains(malformed, filepath.Base(path)); (err != nil) != on {
				t.Errorf("%s: error %v, malformed: %v", path, err, on)
			}
			total += len(items)
			for _, s := range items {
				switch {
				case s.item.Kind == wire.Open:
					if h, ok := wire.AsHeader(s.item.Element); !ok || h.Namespace != wire.NSClient {
						t.Errorf("%s: header %+v, %v", path, h, ok)
					}
				case s.item.Kind == wire.Stanza && s.item.Element.Name.Space == "":
					t.Errorf("%s: <%s> has no namespace", path, s.item.Element.Name.Local)
				}
			}
		}
	}
	if total < 3000 {
		t.Errorf("%d items in all recordings", total)
	}
}
