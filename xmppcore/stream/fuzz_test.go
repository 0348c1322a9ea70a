package stream_test

import (
	"testing"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/stream"
)

// FuzzFollower: whatever either side sends, nothing crashes, a stream never goes
// back, an error is final, and a failure says in which stage it is.
func FuzzFollower(f *testing.F) {
	for _, line := range append([]string{header, clear, startTLS, proceed, offer, failure, success2, auth2, "<a/>",
		"</stream:stream>"}, scram()...) {
		f.Add([]byte(line), []byte(header+offer), uint8(0))
	}
	f.Add([]byte(header+startTLS+header+auth+response+header+ask+presence),
		[]byte(header+clear+proceed+header+offer+challenge+success+header+limits+resource), uint8(3))
	f.Fuzz(func(t *testing.T, sent, received []byte, how uint8) {
		follow := stream.For([]urlspec.Mode{urlspec.ModeSTARTTLS, urlspec.ModeTLS, urlspec.ModeNone}[how%3])
		before := follow.State().Position
		follow.Listeners = append(follow.Listeners, func(s stream.Step) error {
			now := follow.State().Position
			if now < before {
				t.Errorf("the stream went back from %d to %d", before, now)
			}
			before = now
			if s.Failure != nil && (s.Failure.Stage == "" || s.Failure.Cause == "") {
				t.Errorf("a failure without a stage or a cause: %+v", s.Failure)
			}
			return nil
		})
		size := int(how%16) + 1
		var ended error
		for len(sent)+len(received) > 0 {
			for _, side := range []struct {
				rest     *[]byte
				received bool
			}{{&sent, false}, {&received, true}} {
				n := min(size, len(*side.rest))
				err := follow.Feed(stream.Chunk{Received: side.received, Bytes: (*side.rest)[:n], Cut: how&16 != 0})
				if ended != nil && err != ended {
					t.Fatalf("after %v came %v", ended, err)
				}
				*side.rest, ended = (*side.rest)[n:], err
			}
		}
	})
}
