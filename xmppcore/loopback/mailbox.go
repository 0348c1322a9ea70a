package loopback

import (
	"context"
	"slices"

	"xmppscope/xmppcore/wire"
)

// Message is a message as it arrived for an account, or as a room reflected it.
type Message struct {
	wire.Message
	// Offline says that no client was there to take it.
	Offline bool
}

// mailbox is the messages that arrived for one bare JID.
type mailbox struct {
	messages []Message
	taken    int // how many of them WaitMessage has given out
}

// maxMailbox bounds the messages that are kept for one bare JID, so that a demo
// may run for days. The oldest go first.
const maxMailbox = 50_000

// record keeps a message that arrived for a bare JID.
func (h *hub) record(bare jid, e *wire.Element, offline bool) {
	box := h.mailboxes[bare.String()]
	if box == nil {
		box = &mailbox{}
		h.mailboxes[bare.String()] = box
	}
	m, _ := wire.AsMessage(e)
	box.messages = append(box.messages, Message{m, offline})
	if len(box.messages) > maxMailbox {
		box.messages = box.messages[1:]
		box.taken = max(0, box.taken-1)
	}
	h.notify()
}

// Received returns the messages that arrived for a bare JID so far, in order:
// for an account every message routed to it, for a room every message it
// reflected. It is the last 50,000 of them.
func (s *Server) Received(bare string) []Message {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if box := s.hub.mailboxes[bare]; box != nil {
		return slices.Clone(box.messages)
	}
	return nil
}

// WaitMessage returns the next message for a bare JID that WaitMessage has not
// returned before, and waits for it until ctx ends.
func (s *Server) WaitMessage(ctx context.Context, bare string) (Message, error) {
	var m Message
	err := s.hub.wait(ctx, "a message to "+bare, func() bool {
		box := s.hub.mailboxes[bare]
		if box == nil || box.taken >= len(box.messages) {
			return false
		}
		m = box.messages[box.taken]
		box.taken++
		return true
	})
	return m, err
}

// WaitOccupant returns when a nick is in a room, given by its localpart.
func (s *Server) WaitOccupant(ctx context.Context, room, nick string) error {
	return s.hub.wait(ctx, nick+" to be in "+room, func() bool {
		r := s.hub.rooms[room]
		return r != nil && r.occupants[nick] != nil
	})
}
