package loopback

import (
	"errors"
	"strings"
	"testing"
)

// TestSlowReader stops reading on one client: the others go on, and the server
// cuts the slow one off rather than keep everything for it.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	s := start(t, Config{})
	slow, alice := login(t, s, "bob", "slow"), login(t, s, "alice", "phone")
	body := strings.Repeat("x", 200_000)
	gone := func() bool {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		return len(s.hub.accounts["bob"].clients) == 0
	}
	sent := 0
	for ; sent < 1000 && !gone(); sent++ {
		alice.expect("<message to='bob@localhost' type='headline'><body>" + body + "</body></message>")
	}
	if !gone() {
		t.Errorf("bob is still there after %d messages", sent)
	}
	if bytes := sent * len(body); bytes > 4*maxPending {
		t.Errorf("%d bytes were kept for a client that does not read", bytes)
	}
	_ = slow.conn.Close()
}

// TestOutbox covers the ways in which the writer ends.
func TestOutbox(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken pipe")
	tests := []struct {
		name  string
		fill  func(*outbox)
		write error
		want  error
		bytes int
	}{
		{"closed when empty", func(o *outbox) { o.close() }, nil, nil, 0},
		{"closed with something left", func(o *outbox) { o.put([]byte("ab")); o.put([]byte("c")); o.close() }, nil, nil, 3},
		{"nothing after the end", func(o *outbox) { o.close(); o.put([]byte("late")) }, nil, nil, 0},
		{"full", func(o *outbox) { o.put(make([]byte, maxPending)); o.put([]byte("x")) }, nil, errOutboxFull, 0},
		{"write fails", func(o *outbox) { o.put([]byte("ab")) }, broken, broken, 0},
	}
	for _, tt := range tests {
		o := newOutbox()
		tt.fill(o)
		written := 0
		err := o.run(func(b []byte) error {
			if tt.write != nil {
				return tt.write
			}
			written += len(b)
			return nil
		})
		if !errors.Is(err, tt.want) || written != tt.bytes {
			t.Errorf("%s: wrote %d, %v; want %d, %v", tt.name, written, err, tt.bytes, tt.want)
		}
		if o.put([]byte("x")) {
			t.Errorf("%s: taken after the end", tt.name)
		}
	}
}
