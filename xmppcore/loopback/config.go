package loopback

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Config says what the server is to be. The zero value is a healthy server for
// the domain "localhost" with the accounts alice and bob.
type Config struct {
	// Domain is the JID domain; empty means "localhost".
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
	// Bindings are the channel binding types, announced as XEP-0440 asks; nil
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
	// Faults are what goes wrong on purpose.
	Faults Faults
	// STARTTLS, TLS and Plain are the ports; 0 means any free one.
	STARTTLS, TLS, Plain int
	// StandardPorts takes 5222 for STARTTLS and 5223 for TLS where they are
	// free and no other port was chosen.
	StandardPorts bool
	// LoginTimeout bounds the time from accept to bind; 0 means 30 s.
	LoginTimeout time.Duration
	// Log is told what happens, one line at a time and without secrets; nil
	// means nobody. It must not call the server.
	Log func(line string)
}

// Account is somebody who can log in, or a resident.
type Account struct {
	// Name is the local part of the JID.
	Name     string
	Password string
	// Disabled refuses the login with account-disabled.
	Disabled bool
	// Contacts are bare JIDs that are on the roster from the start, subscribed
	// in both directions.
	Contacts []string
	// Resident makes the account a client inside the server that is always
	// online and takes its messages.
	Resident bool
	// Receipts makes the resident answer receipt requests (XEP-0184).
	Receipts bool
}

// Room is a chat room that exists from the start.
type Room struct {
	// Name is the local part of the room's JID.
	Name        string
	MembersOnly bool
	// Password is asked of everyone who joins; empty means none.
	Password string
	// Moderated rooms let only members and above speak.
	Moderated bool
	// Members and Banned are account names or bare JIDs.
	Members, Banned []string
	// Occupants are nicks that are in the room from the start and never leave.
	Occupants []string
	Subject   string
}

// withDefaults fills in what was left empty and checks the rest.
func (c Config) withDefaults() (Config, error) {
	if c.Domain == "" {
		c.Domain = "localhost"
	}
	if c.Service == "" {
		c.Service = "conference." + c.Domain
	}
	if c.Accounts == nil {
		c.Accounts = []Account{{Name: "alice", Password: "alice-pw"}, {Name: "bob", Password: "bob-pw"}}
	}
	if c.Mechanisms == nil {
		c.Mechanisms = []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}
	}
	if c.Bindings == nil {
		c.Bindings = []string{bindingExporter, bindingEndPoint}
	}
	if c.MaxTLS == 0 {
		c.MaxTLS = tls.VersionTLS13
	}
	if c.MinTLS == 0 {
		c.MinTLS = min(tls.VersionTLS12, c.MaxTLS)
	}
	if c.LoginTimeout == 0 {
		c.LoginTimeout = 30 * time.Second
	}
	for _, a := range c.Accounts {
		if _, err := parseAddress(a.Name + "@" + c.Domain); err != nil || strings.ContainsAny(a.Name, "@/") {
			return c, fmt.Errorf("account name %q is not the local part of an address", a.Name)
		}
	}
	for _, r := range c.Rooms {
		if _, err := parseAddress(r.Name + "@" + c.Service); err != nil || strings.ContainsAny(r.Name, "@/") {
			return c, fmt.Errorf("room name %q is not the local part of an address", r.Name)
		}
	}
	for _, b := range c.Bindings {
		if !slices.Contains([]string{bindingExporter, bindingEndPoint, bindingUnique}, b) {
			return c, fmt.Errorf("channel binding %q: we know tls-exporter, tls-server-end-point and tls-unique", b)
		}
	}
	for _, m := range c.Mechanisms {
		if !known(m) && !c.Faults.UnknownMechanisms {
			return c, fmt.Errorf("mechanism %q: we know PLAIN and SCRAM with SHA-1, SHA-256 and SHA-512", m)
		}
	}
	return c, nil
}
