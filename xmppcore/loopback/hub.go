package loopback

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"xmppscope/xmppcore/wire"
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
	contacts []address // bare
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
	acct := &account{Account: a, addr: addr}
	for _, c := range a.Contacts {
		bare, err := h.named(c)
		if err != nil {
			return nil, fmt.Errorf("contact of %s: %w", a.Name, err)
		}
		acct.contacts = append(acct.contacts, bare)
	}
	if a.Resident {
		acct.sessions = []*session{{hub: h, acct: acct, addr: addr.with("resident"), available: true}}
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
		h.becomeUnavailable(s, wire.NewElement(wire.NSClient, "presence", "type", "unavailable"))
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
