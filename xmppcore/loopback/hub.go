package loopback

import (
	"context"
	"errors"
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
	config   Config
	logf     func(string, ...any)
	accounts map[string]*account // by localpart; the map itself never changes

	mu        sync.Mutex
	rooms     map[string]*room    // by localpart
	mailboxes map[string]*mailbox // by bare JID
	changed   chan struct{}       // closed and replaced whenever something changes
}

// account is one user: what the server keeps while nobody is online.
type account struct {
	Account
	jid      jid // bare
	contacts []jid
	clients  []*client // guarded by the hub's lock
}

func newHub(config Config, logf func(string, ...any)) (*hub, error) {
	h := &hub{
		config: config, logf: logf,
		accounts: map[string]*account{}, rooms: map[string]*room{}, mailboxes: map[string]*mailbox{},
		changed: make(chan struct{}),
	}
	for _, domain := range []string{config.Domain, config.Service} {
		if j, err := parseJID(domain); err != nil || j != (jid{domain: domain}) {
			return nil, fmt.Errorf("%q is not a domain as JIDs have it", domain)
		}
	}
	for _, a := range config.Accounts {
		if err := h.addAccount(a); err != nil {
			return nil, fmt.Errorf("account %q: %w", a.Name, err)
		}
	}
	for _, r := range config.Rooms {
		made, err := h.newRoom(r)
		if err == nil && h.rooms[made.jid.local] != nil {
			err = errTwice
		}
		if err != nil {
			return nil, fmt.Errorf("room %q: %w", r.Name, err)
		}
		h.rooms[made.jid.local] = made
	}
	return h, nil
}

var (
	errNoLocalpart = errors.New("the name is not the localpart of a JID")
	errTwice       = errors.New("there are two of this name")
)

// named is the JID of something with this localpart at a domain.
func named(local, domain string) (jid, error) {
	j, err := parseJID(local + "@" + domain)
	if err != nil || j.domain != domain || j.resource != "" {
		return jid{}, errNoLocalpart
	}
	return j, nil
}

func (h *hub) addAccount(config Account) error {
	j, err := named(config.Name, h.config.Domain)
	if err != nil {
		return err
	}
	if h.accounts[j.local] != nil {
		return errTwice
	}
	a := &account{Account: config, jid: j}
	if a.contacts, err = h.people(config.Contacts); err != nil {
		return fmt.Errorf("contact: %w", err)
	}
	if config.Resident {
		a.clients = []*client{{hub: h, account: a, jid: j.with("resident"), available: true}}
	}
	h.accounts[j.local] = a
	return nil
}

// people reads account names and bare JIDs.
func (h *hub) people(names []string) ([]jid, error) {
	var all []jid
	for _, n := range names {
		if !strings.Contains(n, "@") {
			n += "@" + h.config.Domain
		}
		j, err := parseJID(n)
		if err != nil {
			return nil, err
		}
		all = append(all, j.bare())
	}
	return all, nil
}

// account is the account that a client names when it logs in, or nil.
func (h *hub) account(local string) *account {
	j, err := named(local, h.config.Domain)
	if err != nil {
		return nil
	}
	return h.accounts[j.local]
}

// enter adds a client. One with the same resource is replaced (RFC 6120
// 7.7.2.2): the newcomer is the one that works.
func (h *hub) enter(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, old := range c.account.clients {
		if old.jid == c.jid && old.conn != nil {
			old.conn.interrupt(&streamError{condition: "conflict", text: "Replaced by new connection"})
			h.remove(old)
			break
		}
	}
	c.account.clients = append(c.account.clients, c)
	h.notify()
}

// leave takes a client out whose stream has ended.
func (h *hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(c)
}

// remove takes a client out and tells its account's others and its rooms.
func (h *hub) remove(c *client) {
	i := slices.Index(c.account.clients, c)
	if i < 0 {
		return // replaced before
	}
	c.account.clients = slices.Delete(c.account.clients, i, i+1)
	c.gone = true
	h.becomeUnavailable(c, wire.NewElement(wire.NSClient, "presence", "type", "unavailable"))
	h.leaveRooms(c)
	h.notify()
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
