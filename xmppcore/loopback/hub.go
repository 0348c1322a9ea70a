package loopback

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// hub knows who is online and which rooms exist, and routes stanzas. One lock
// covers it all: sending only puts bytes into outboxes, so that nothing under
// the lock waits, and every client sees events in one order.
type hub struct {
	cfg  Config
	logf func(string, ...any)

	mu       sync.Mutex
	accounts map[string]*account // by local part
	rooms    map[string]*room    // by local part
	logs     map[string]*log     // by bare JID
	changed  chan struct{}       // closed and replaced whenever something changes
}

// account is one user: what the server keeps while nobody is online.
type account struct {
	Account
	addr     address
	sessions []*session
	roster   map[string]*contact // by bare JID
	offline  []*element
}

// log is the messages that arrived for one bare JID.
type log struct {
	messages []Message
	waited   int // how many WaitMessage has given out
}

// Message is a message as it arrived for an account, or as a room reflected it.
type Message struct {
	From, To string
	ID       string
	Type     string // chat, groupchat, normal, headline, error; empty when absent
	Subject  string
	Body     string
	// Offline says that nobody was there to take it.
	Offline bool
	// Receipt is the id of the message that this one is a receipt for.
	Receipt string
	// XML is the whole stanza.
	XML string
}

func newHub(cfg Config, logf func(string, ...any)) (*hub, error) {
	h := &hub{
		cfg: cfg, logf: logf,
		accounts: map[string]*account{}, rooms: map[string]*room{}, logs: map[string]*log{},
		changed: make(chan struct{}),
	}
	for _, a := range cfg.Accounts {
		acct, err := h.newAccount(a)
		if err != nil {
			return nil, err
		}
		h.accounts[acct.addr.local] = acct
	}
	for _, r := range cfg.Rooms {
		rm, err := h.newRoom(r)
		if err != nil {
			return nil, err
		}
		h.rooms[rm.addr.local] = rm
	}
	return h, nil
}

func (h *hub) newAccount(a Account) (*account, error) {
	addr, err := parseAddress(a.Name + "@" + h.cfg.Domain)
	if err != nil {
		return nil, err
	}
	acct := &account{Account: a, addr: addr, roster: map[string]*contact{}}
	for _, c := range a.Contacts {
		bare, err := h.named(c)
		if err != nil {
			return nil, fmt.Errorf("contact of %s: %w", a.Name, err)
		}
		acct.roster[bare.String()] = &contact{jid: bare, subscription: "both"}
	}
	if a.Resident {
		acct.sessions = []*session{{
			hub: h, acct: acct, addr: addr.with("resident"), available: true,
			presence: newElement(nsClient, "presence", "from", addr.with("resident").String()),
		}}
	}
	return acct, nil
}

// named reads an account name or a bare JID.
func (h *hub) named(s string) (address, error) {
	if !strings.Contains(s, "@") {
		s += "@" + h.cfg.Domain
	}
	addr, err := parseAddress(s)
	return addr.bare(), err
}

// account is the account with this local part, or nil.
func (h *hub) account(local string) *account {
	if addr, err := parseAddress(local + "@" + h.cfg.Domain); err == nil {
		return h.accounts[addr.local]
	}
	return nil
}

// enter adds a session. One with the same resource is replaced (RFC 6120
// 7.7.2.2): the newcomer is the one that works.
func (h *hub) enter(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, old := range s.acct.sessions {
		if old.addr == s.addr && old.conn != nil {
			old.conn.interrupt(&streamError{condition: "conflict", text: "Replaced by new connection"})
			h.drop(old)
			break
		}
	}
	s.acct.sessions = append(s.acct.sessions, s)
	h.notify()
}

// leave ends a session: rooms and contacts are told.
func (h *hub) leave(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(s)
}

func (h *hub) drop(s *session) {
	i := slices.Index(s.acct.sessions, s)
	if i < 0 {
		return
	}
	s.acct.sessions = slices.Delete(s.acct.sessions, i, i+1)
	s.gone = true
	if s.available {
		h.becomeUnavailable(s, newElement(nsClient, "presence", "type", "unavailable"))
	}
	h.leaveRooms(s)
	h.notify()
}

// session is the session bound to a full JID, or nil.
func (h *hub) session(addr address) *session {
	if addr.domain != h.cfg.Domain {
		return nil
	}
	acct := h.accounts[addr.local]
	if acct == nil {
		return nil
	}
	for _, s := range acct.sessions {
		if s.addr == addr {
			return s
		}
	}
	return nil
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

// record notes a message that arrived for a bare JID.
func (h *hub) record(bare address, e *element, offline bool) {
	l := h.logs[bare.String()]
	if l == nil {
		l = &log{}
		h.logs[bare.String()] = l
	}
	l.messages = append(l.messages, Message{
		From: e.attr("from"), To: e.attr("to"), ID: e.attr("id"), Type: e.attr("type"),
		Subject: e.child(nsClient, "subject").text(), Body: e.child(nsClient, "body").text(),
		Offline: offline, Receipt: receiptOf(e), XML: e.String(),
	})
	h.notify()
}

// receiptOf is the id that a XEP-0184 receipt names, empty for other messages.
func receiptOf(e *element) string {
	if r := e.child(nsReceipts, "received"); r != nil {
		return r.attr("id")
	}
	return ""
}

// Received returns the messages that arrived for a bare JID so far, in order:
// for an account every message routed to it, for a room every message it
// reflected.
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

// WaitOnline returns when an account has at least n resources online.
func (s *Server) WaitOnline(ctx context.Context, name string, n int) error {
	return s.hub.wait(ctx, name+" to be online", func() bool {
		acct := s.hub.accounts[name]
		if acct == nil {
			return false
		}
		online := 0
		for _, session := range acct.sessions {
			if session.available {
				online++
			}
		}
		return online >= n
	})
}

// WaitOccupant returns when a nick is in a room, given by its local part.
func (s *Server) WaitOccupant(ctx context.Context, room, nick string) error {
	return s.hub.wait(ctx, nick+" to be in "+room, func() bool {
		r := s.hub.rooms[room]
		return r != nil && r.occupants[nick] != nil
	})
}

// stamp is a time as XEP-0082 writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
