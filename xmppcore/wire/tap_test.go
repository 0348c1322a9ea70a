package wire_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xmppscope/xmppcore/wire"
)

// decoding is a tap whose chunks are decoded; item is told what they hold.
func decoding(item func(received bool, item wire.Item) error) *wire.Tap {
	var sent, received wire.Decoder
	return &wire.Tap{Feed: func(fromServer bool, chunk []byte) error {
		decoder := &sent
		if fromServer {
			decoder = &received
		}
		items, err := decoder.FeedCut(chunk)
		for _, i := range items {
			if err := item(fromServer, i); err != nil {
				return err
			}
		}
		return err
	}}
}

// heard is a tap, and what it tells, "<" received, ">" sent.
func heard() (*wire.Tap, *[]string) {
	var out []string
	tap := decoding(func(received bool, item wire.Item) error {
		arrow := "> "
		if received {
			arrow = "< "
		}
		for _, s := range describe([]wire.Item{item}) {
			out = append(out, arrow+strings.ReplaceAll(s, "{http://etherx.jabber.org/streams}", ""))
		}
		return nil
	})
	return tap, &out
}

// TestTapFraming: prefix and added line feed go, wherever the chunk was cut.
func TestTapFraming(t *testing.T) {
	for name, test := range map[string]struct {
		chunks []string
		want   []string
	}{
		"one chunk":     {[]string{"RECV " + header + "<a/>\n"}, []string{"< open stream", "< <a/>"}},
		"own line feed": {[]string{"SEND " + header + "\n", "SEND <a/>\n"}, []string{"> open stream", "> <a/>"}},
		"cut in a name": {[]string{"RECV " + header + "<mess\n", "RECV age/>\n"},
			[]string{"< open stream", "< <message/>"}},
		"cut in a value": {[]string{"RECV " + header + "<a b='c\n", "RECV d'/>\n"},
			[]string{"< open stream", "< <a b='cd'/>"}},
		"cut in text": {[]string{"RECV " + header + "<a>b\n", "RECV c</a>\n"},
			[]string{"< open stream", "< <a>bc</a>"}},
		"cut in an entity": {[]string{"RECV " + header + "<a>&am\n", "RECV p;</a>\n"},
			[]string{"< open stream", "< <a>&amp;</a>"}},
		"line feed after a name": {[]string{"RECV " + header + "<a\n", "RECV b='c'/>\n"},
			[]string{"< open stream", "< <a b='c'/>"}},
		"line feed after a value": {[]string{"RECV " + header + "<a b='c'\n", "RECV d='e'/>\n"},
			[]string{"< open stream", "< <a b='c' d='e'/>"}},
		"line feed after end name": {[]string{"RECV " + header + "<a></a\n", "RECV >\n"},
			[]string{"< open stream", "< <a/>"}},
		"answer told before a send": {[]string{"RECV " + header + "<a/>\n", "SEND " + header + "\n"},
			[]string{"< open stream", "< <a/>", "> open stream"}},
	} {
		tap, got := heard()
		for _, chunk := range test.chunks {
			if err := write(tap, chunk); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if d := cmp.Diff(test.want, *got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestTapStops: an error of Item, bad XML and a passed limit end the session by
// panic while receiving, by error while sending, and for good.
func TestTapStops(t *testing.T) {
	enough := errors.New("enough")
	for name, test := range map[string]struct {
		chunk string
		panic bool
	}{
		"item received":  {"RECV " + header + "<stop/>\n", true},
		"item sent":      {"SEND " + header + "<stop/>\n", false},
		"bad received":   {"RECV " + header + "<!-- -->\n", true},
		"bad sent":       {"SEND " + header + "<!-- -->\n", false},
		"limit received": {"RECV " + header + "<" + strings.Repeat("a", 300) + "\n", true},
	} {
		tap := decoding(func(_ bool, item wire.Item) error {
			if item.Element.Is(wire.NSClient, "stop") {
				return enough
			}
			return nil
		})
		panicked := false
		var err error
		func() {
			defer func() {
				if r := recover(); r != nil {
					err, panicked = wire.Stopped(r)
				}
			}()
			_, err = tap.Write([]byte(test.chunk))
		}()
		if err == nil || panicked != test.panic || tap.Err() != err {
			t.Errorf("%s: %v, panicked %v; Err %v", name, err, panicked, tap.Err())
		}
		if strings.HasPrefix(name, "item") && err != enough {
			t.Errorf("%s: %v", name, err)
		}
		if again := write(tap, "RECV <a/>\n"); again != err {
			t.Errorf("%s: then %v", name, again)
		}
	}
	if _, ok := wire.Stopped("another panic"); ok {
		t.Error("a foreign panic was taken for ours")
	}
	var tap wire.Tap
	if err := write(&tap, "neither\n"); err == nil {
		t.Error("output without a prefix was taken")
	}
}

// TestTapTwoWriters: go-xmpp reads and writes from two goroutines.
func TestTapTwoWriters(t *testing.T) {
	tap, got := heard()
	var writers sync.WaitGroup
	for _, prefix := range []string{"RECV ", "SEND "} {
		writers.Go(func() {
			for _, chunk := range append([]string{header}, strings.Split(strings.Repeat("<a/>|", 200), "|")...) {
				if err := write(tap, prefix+chunk+"\n"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	if len(*got) != 2*201 {
		t.Errorf("%d items", len(*got))
	}
}
