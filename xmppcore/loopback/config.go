package loopback

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Config says what the server is to be. The zero value is a healthy server for
// the domain "localhost", where the accounts alice and bob exist.
type Config struct {
	// Domain is the domain of the JIDs; empty means "localhost".
	Domain string
	// Service is the chat room service; empty means "conference." + Domain.
	Service string
	// Accounts may log in; nil means alice and bob with the passwords
	// "alice-pw" and "bob-pw".
	Accounts []Account
	// Rooms exist from the start. Others are made by whoever joins them first.
	Rooms []Room
	// FixedRooms lets nobody make a room: joining one that does not exist is
	// not-allowed.
	FixedRooms bool

	// Mechanisms are offered in this order; nil means SCRAM-SHA-256-PLUS,
	// SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1 and PLAIN. The server also
	// knows SCRAM-SHA-512 with and without PLUS. PLUS and PLAIN are offered
	// under TLS only.
	Mechanisms []string
	// Bindings are the channel-binding types, announced as XEP-0440 asks; nil
	// means tls-exporter and tls-server-end-point. The server also knows
	// tls-unique, below TLS 1.3.
	Bindings []string
	// CleartextLogin lets a client of the STARTTLS port log in without TLS.
	// The port without TLS always allows it, with SCRAM.
	CleartextLogin bool
	// CleartextPLAIN offers PLAIN without TLS too.
	CleartextPLAIN bool
	// MinTLS and MaxTLS bound the TLS version, as in crypto/tls; 0 means 1.2
	// and 1.3. With an older MaxTLS the server knows nothing better.
	MinTLS, MaxTLS uint16
	// Certificate is what kind of certificate the server shows.
	Certificate Certificate

	// MaxBytes is the largest element that is read after the login, announced
	// as XEP-0478 says; 0 means 262,144 bytes. Before the login it is 10,000.
	// Both are what Prosody 13 has.
	MaxBytes int
	// LoginTimeout bounds the time from accept to bind; 0 means 30 s.
	LoginTimeout time.Duration

	// STARTTLS, TLS and Plain are the ports; 0 means any free one.
	STARTTLS, TLS, Plain int
	// StandardPorts takes 5222 for STARTTLS and 5223 for TLS where they are
	// free and no other port was chosen.
	StandardPorts bool

	// Paths are what lies between a client and the server.
	Paths Paths
	// Faults are what goes wrong on purpose.
	Faults Faults
	// Log is told what happens, one line at a time and without secrets; nil
	// means nobody. It must not call the server.
	Log func(line string)
}

// Account is somebody who can log in, or a resident.
type Account struct {
	// Name is the localpart of the JID.
	Name     string
	Password string
	// Disabled refuses the login with account-disabled.
	Disabled bool
	// Contacts are on the roster, subscribed in both directions: account names
	// or bare JIDs.
	Contacts []string
	// Resident makes the account a client inside the server that is always
	// online and takes its messages.
	Resident bool
	// Receipts makes the resident answer receipt requests (XEP-0184).
	Receipts bool
}

// Room is a chat room that exists from the start.
type Room struct {
	// Name is the localpart of the room's JID.
	Name string
	// MembersOnly rooms let only members in.
	MembersOnly bool
	// Password is asked of everyone who joins; empty means none.
	Password string
	// Moderated rooms let only members speak.
	Moderated bool
	// Members and Banned are account names or bare JIDs.
	Members, Banned []string
	// Occupants are nicks that are in the room from the start and never leave.
	Occupants []string
	Subject   string
}

// The bytes of one element, when Config says nothing else.
const (
	maxBytesBeforeLogin = 10_000
	maxBytesAfterLogin  = 262_144
)

// withDefaults fills in what was left empty.
func (c Config) withDefaults() Config {
	c.Domain = cmp.Or(c.Domain, "localhost")
	c.Service = cmp.Or(c.Service, "conference."+c.Domain)
	if c.Accounts == nil {
		c.Accounts = []Account{{Name: "alice", Password: "alice-pw"}, {Name: "bob", Password: "bob-pw"}}
	}
	if c.Mechanisms == nil {
		c.Mechanisms = []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}
	}
	if c.Bindings == nil {
		c.Bindings = []string{bindingExporter, bindingEndPoint}
	}
	c.MaxTLS = cmp.Or(c.MaxTLS, tls.VersionTLS13)
	c.MinTLS = cmp.Or(c.MinTLS, min(tls.VersionTLS12, c.MaxTLS))
	c.MaxBytes = cmp.Or(c.MaxBytes, maxBytesAfterLogin)
	c.LoginTimeout = cmp.Or(c.LoginTimeout, 30*time.Second)
	return c
}

// check finds what cannot work, names aside: those are read when the accounts
// and rooms are made.
func (c Config) check() error {
	for _, m := range c.Mechanisms {
		if !known(m) && !c.Faults.UnknownMechanisms {
			return fmt.Errorf("mechanism %q: we know PLAIN and SCRAM with SHA-1, SHA-256 and SHA-512", m)
		}
	}
	for _, b := range c.Bindings {
		if b != bindingExporter && b != bindingEndPoint && b != bindingUnique {
			return fmt.Errorf("channel binding %q: we know tls-exporter, tls-server-end-point and tls-unique", b)
		}
	}
	for _, s := range c.Faults.steps() {
		if !slices.Contains(steps, s) {
			return fmt.Errorf("fault at the step %q: there are %q", s, steps)
		}
	}
	switch {
	case c.Service == c.Domain:
		return fmt.Errorf("the room service %q is the domain of the accounts", c.Service)
	case c.MinTLS > c.MaxTLS:
		return fmt.Errorf("TLS from %s to %s: no version is left", tls.VersionName(c.MinTLS), tls.VersionName(c.MaxTLS))
	case c.Certificate > MissingIntermediate:
		return fmt.Errorf("certificate kind %d: there is none", c.Certificate)
	case c.MaxBytes < maxBytesBeforeLogin:
		return fmt.Errorf("largest element of %d bytes: RFC 6120 13.12 asks for %d", c.MaxBytes, maxBytesBeforeLogin)
	case c.LoginTimeout < 0:
		return fmt.Errorf("login timeout of %s", c.LoginTimeout)
	case c.Faults.Iterations < 0:
		return errors.New("SCRAM iterations below 0")
	}
	return nil
}
