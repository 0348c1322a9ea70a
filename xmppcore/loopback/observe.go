package loopback

import (
	"context"
	"fmt"
	"slices"

	"xmppscope/xmppcore/wire"
)

// log is the messages that arrived for one bare JID.
type log struct {
	messages []Message
	waited   int // how many of them WaitMessage has given out
}

// maxLog bounds the messages that are kept for one bare JID, so that a demo may
// run for days. The oldest go first.
const maxLog = 50_000

// Message is a message as it arrived for an account, or as a room reflected it.
type Message struct {
	wire.Message
	// Offline says that nobody was there to take it.
	Offline bool
}

// record notes a message that arrived for a bare JID.
func (h *hub) record(bare address, e *wire.Element, offline bool) {
	l := h.logs[bare.String()]
	if l == nil {
		l = &log{}
		h.logs[bare.String()] = l
	}
	m, _ := wire.AsMessage(e)
	l.messages = append(l.messages, Message{m, offline})
	if len(l.messages) > maxLog {
		l.messages = l.messages[1:]
		l.waited = max(0, l.waited-1)
	}
	h.notify()
}

// Received returns the messages that arrived for a bare JID so far, in order:
// for an account every message routed to it, for a room every message it
// reflected. It is the last 50,000 of them.
func (s *Server) Received(bare string) []Message {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if l := s.hub.logs[bare]; l != nil {
		return slices.Clone(l.messages)
	}
	return nil
}

// WaitMessage returns the next message for a bare JID that WaitMessage has not
// returned before, and waits for it until ctx ends.
func (s *Server) WaitMessage(ctx context.Context, bare string) (Message, error) {
	var m Message
	err := s.hub.wait(ctx, "a message to "+bare, func() bool {
		l := s.hub.logs[bare]
		if l == nil || l.waited >= len(l.messages) {
			return false
		}
		m = l.messages[l.waited]
		l.waited++
		return true
	})
	return m, err
}

// WaitOccupant returns when a nick is in a room, given by its local part.
func (s *Server) WaitOccupant(ctx context.Context, room, nick string) error {
	return s.hub.wait(ctx, nick+" to be in "+room, func() bool {
		r := s.hub.rooms[room]
		return r != nil && r.occupants[nick] != nil
	})
}

// notify wakes everyone who waits for a change.
func (h *hub) notify() {
	close(h.changed)
	h.changed = make(chan struct{})
}

// wait returns when ready reports true, which it is asked under the lock.
func (h *hub) wait(ctx context.Context, what string, ready func() bool) error {
	for {
		h.mu.Lock()
		ok, changed := ready(), h.changed
		h.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		}
	}
}
