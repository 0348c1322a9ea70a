package loopback

import (
	"slices"

	"xmppscope/urlspec"
	"xmppscope/xmppcore/wire"
)

// World is a name for a Config, most of them of a broken server, and for the
// URL that shows what it is about.
type World struct {
	// Name is what the demo calls it.
	Name string
	// Summary says in one sentence what is wrong.
	Summary string
	// Config starts it.
	Config Config
	// URL is the Apprise URL to open.
	URL func(*Server) string
	// Finding is the code of the finding that it leads to; empty when all is
	// well.
	Finding string
	// Works is true where the message arrives all the same, and the finding is about
	// Apprise.
	Works bool
	// Fixed is the URL that delivers after all; nil when no edit of the URL
	// helps.
	Fixed func(*Server) string
}

// Worlds lists the worlds; the first is the healthy one. Host names are to be
// resolved with Server.Resolver, and certificates checked against Server.Roots.
func Worlds() []World {
	return slices.Concat(healthyWorlds(), addressWorlds(), pathWorlds(), streamWorlds(), certificateWorlds(),
		loginWorlds(), roomWorlds(), deliveryWorlds())
}

// standard is what every world has: alice to log in with, bob and carol who are
// online and send receipts, and two rooms.
func standard() Config {
	return Config{
		Accounts: []Account{
			{Name: "alice", Password: "alice-pw", Contacts: []string{"bob", "carol"}},
			{Name: "bob", Password: "bob-pw", Resident: true, Receipts: true},
			{Name: "carol", Password: "carol-pw", Resident: true, Receipts: true},
		},
		Rooms: []Room{
			{Name: "ops", Subject: "What is on fire", Occupants: []string{"carol"}},
			{Name: "dev", Subject: "Builds and releases", Occupants: []string{"bob"}},
		},
	}
}

// with is the standard with one thing different.
func with(change func(*Config)) Config {
	config := standard()
	change(&config)
	return config
}

func withFaults(f Faults) Config { return with(func(c *Config) { c.Faults = f }) }

func withCertificate(kind Certificate) Config { return with(func(c *Config) { c.Certificate = kind }) }

func withRoom(r Room) Config { return with(func(c *Config) { c.Rooms = append(c.Rooms, r) }) }

// Links that several worlds begin with.
var (
	toBob     = link{targets: []string{"bob"}}
	toNewRoom = link{targets: []string{"#new@conference.localhost"}}
)

func healthyWorlds() []World {
	return []World{{
		Name:    "default",
		Summary: "All is well: alice writes to bob, who sends a receipt, and to the room ops.",
		Config:  standard(),
		URL:     link{targets: []string{"bob", "#ops@conference.localhost"}}.url,
	}}
}

// addressWorlds are about where to connect to.
func addressWorlds() []World {
	corp := with(func(c *Config) { c.Domain = "corp.test" })
	return []World{
		{
			Name: "split-domain",
			Summary: "The accounts live at corp.test, which has no address of its own; " +
				"the server's is in SRV records, which Apprise never looks up.",
			Config:  corp,
			Finding: "srv-elsewhere",
			URL:     toBob.url,
			Fixed:   toBob.with("xmpp=localhost").url,
		},
		{
			Name: "wrong-domain",
			Summary: "The URL names the server, xmpp.corp.test, where it should name the domain of the account, " +
				"which is corp.test.",
			Config:  corp,
			Finding: "host-unknown",
			URL:     link{host: "xmpp.corp.test", targets: []string{"bob"}}.url,
			Fixed:   toBob.with("xmpp=xmpp.corp.test").url,
		},
		{
			Name:    "direct-tls-port",
			Summary: "The port expects TLS from the first byte, and the URL begins in clear.",
			Config:  standard(),
			Finding: "direct-tls-port",
			URL:     link{port: urlspec.ModeTLS, targets: []string{"bob"}}.url,
			Fixed:   link{mode: urlspec.ModeTLS, targets: []string{"bob"}}.url,
		},
		{
			Name:    "starttls-port",
			Summary: "The port begins in clear, and the URL begins with TLS.",
			Config:  standard(),
			Finding: "starttls-port",
			URL:     link{mode: urlspec.ModeTLS, port: urlspec.ModeSTARTTLS, targets: []string{"bob"}}.url,
			Fixed:   toBob.url,
		},
		{
			Name:    "silent-server",
			Summary: "The server begins TLS and then says nothing more.",
			Config:  withFaults(Faults{Silent: StepEncrypted}),
			Finding: "silent-server",
			URL:     toBob.with("rto=2").url,
		},
	}
}

// pathWorlds are about what lies between the URL and the server.
func pathWorlds() []World {
	corp := func(paths Paths) Config {
		return with(func(c *Config) { c.Domain, c.Paths = "corp.test", paths })
	}
	elsewhere := func(s *Server) string {
		return link{targets: []string{"bob"}, params: []string{"xmpp=localhost"}}.url(s)
	}
	return []World{
		{
			Name: "web-at-domain",
			Summary: "At corp.test itself a web server answers; the XMPP server is another host, which the SRV records name, " +
				"and Apprise never looks them up.",
			Config:  corp(Paths{Web: true}),
			Finding: "srv-elsewhere",
			URL:     link{port: webPort, targets: []string{"bob"}}.url,
			Fixed:   elsewhere,
		},
		{
			Name: "dead-address",
			Summary: "The host has two addresses, and nothing answers at the first one: we find the second, " +
				"and Apprise gives up.",
			Config:  corp(Paths{DeadAddress: true}),
			Finding: "address-dead",
			Works:   true,
			URL:     toBob.url,
			Fixed:   toBob.with("xmpp=127.0.0.1").url,
		},
		{
			Name: "alpn-multiplexer",
			Summary: "One port serves the web and XMPP and tells them apart by the name in the handshake, " +
				"which Apprise does not send.",
			Config:  corp(Paths{Multiplexer: true}),
			Finding: "alpn-multiplexer",
			Works:   true,
			URL:     link{mode: urlspec.ModeTLS, targets: []string{"bob"}}.url,
			Fixed:   elsewhere,
		},
		{
			Name:    "proxy-without-backend",
			Summary: "A proxy takes the connection, but the server behind it is down; the domain has a second server.",
			Config:  corp(Paths{DownProxy: true}),
			Finding: "proxy-without-backend",
			URL:     link{port: downPort, targets: []string{"bob"}}.url,
			Fixed:   elsewhere,
		},
		{
			Name: "client-certificate",
			Summary: "The port takes only clients with a certificate of their own, which no Apprise URL can carry; " +
				"another does not.",
			Config:  corp(Paths{ClientCertificate: true}),
			Finding: "client-certificate-demanded",
			URL:     link{mode: urlspec.ModeTLS, targets: []string{"bob"}}.url,
			Fixed:   elsewhere,
		},
	}
}

// streamWorlds are about the stream and TLS inside it.
func streamWorlds() []World {
	return []World{
		{
			Name:    "starttls-stripped",
			Summary: "Somebody on the way removes the offer of STARTTLS; direct TLS cannot be stripped.",
			Config: with(func(c *Config) {
				c.Faults.NoSTARTTLS, c.StandardPorts = true, true
			}),
			Finding: "starttls-not-offered",
			URL:     toBob.url,
			Fixed:   link{mode: urlspec.ModeTLS, targets: []string{"bob"}}.url,
		},
		{
			Name: "starttls-refused",
			Summary: "The server offers STARTTLS and refuses to begin it, as one without a usable key does; " +
				"direct TLS works.",
			Config: with(func(c *Config) {
				c.Faults.RefuseSTARTTLS, c.StandardPorts = true, true
			}),
			Finding: "starttls-refused",
			URL:     toBob.url,
			Fixed:   link{mode: urlspec.ModeTLS, targets: []string{"bob"}}.url,
		},
		{
			Name:    "tls-required",
			Summary: "The URL wants no encryption, and the server lets nobody log in without.",
			Config:  standard(),
			Finding: "tls-required",
			URL:     link{mode: urlspec.ModeNone, port: urlspec.ModeSTARTTLS, targets: []string{"bob"}}.url,
			Fixed:   toBob.url,
		},
		{
			Name:    "see-other-host",
			Summary: "The server sends every client to another host, which answers nobody: only its operator can help.",
			Config: withFaults(Faults{Reply: map[Step]string{
				StepFeatures: "<stream:error><see-other-host xmlns='" + wire.NSStreamErrors + "'>xmpp2.localhost" +
					"</see-other-host></stream:error></stream:stream>",
			}}),
			Finding: "see-other-host",
			URL:     toBob.url,
		},
		{
			Name:    "too-many-logins",
			Summary: "After too many failed logins the server bars the address for an hour.",
			Config:  withFaults(Faults{Locked: true}),
			Finding: "too-many-logins",
			URL:     toBob.with("retry=3").url,
		},
	}
}

// certificateWorlds are about the server's certificate.
func certificateWorlds() []World {
	var worlds []World
	for _, w := range []struct {
		name    string
		kind    Certificate
		finding string
		summary string
	}{
		{"certificate-other-name", OtherName, "certificate-name",
			"The certificate is valid, but for the name of somebody else."},
		{"certificate-expired", ExpiredCertificate, "certificate-expired",
			"The certificate expired yesterday."},
		{"certificate-early", EarlyCertificate, "certificate-not-yet-valid",
			"The certificate is valid from tomorrow."},
		{"certificate-self-signed", SelfSigned, "certificate-self-signed",
			"The server signed its certificate itself."},
		{"certificate-authority", UnknownAuthority, "certificate-unknown-authority",
			"The certificate comes from an authority that nobody here knows."},
		{"certificate-chain", MissingIntermediate, "certificate-unknown-authority",
			"The server leaves the intermediate certificate out."},
	} {
		worlds = append(worlds, World{
			Name:    w.name,
			Summary: w.summary,
			Config:  withCertificate(w.kind),
			Finding: w.finding,
			URL:     toBob.url,
			Fixed:   toBob.with("verify=no").url,
		})
	}
	hosted := withCertificate(HostName)
	hosted.Domain = "corp.test"
	return append(worlds, World{
		Name:    "certificate-host-name",
		Summary: "The certificate names the server, and has to name corp.test, the domain of the account.",
		Config:  hosted,
		Finding: "certificate-for-server-name",
		URL:     toBob.with("xmpp=localhost").url,
		Fixed:   toBob.with("xmpp=localhost", "verify=no").url,
	})
}

// loginWorlds are about SASL.
func loginWorlds() []World {
	withoutBinding := toBob.with("scramplus=no").url
	return []World{
		{
			Name:    "old-ejabberd",
			Summary: "An ejabberd before 24.02 offers SCRAM-PLUS and computes the wrong channel binding on TLS 1.3.",
			Config:  withFaults(Faults{OldEjabberd: true}),
			Finding: "channel-binding-rejected",
			URL:     toBob.url,
			Fixed:   withoutBinding,
		},
		{
			Name: "proxy",
			Summary: "A proxy in front ends TLS with a certificate of its own, " +
				"so that the channel binding cannot match.",
			Config:  withFaults(Faults{Proxy: true}),
			Finding: "channel-binding-mismatch",
			URL:     toBob.url,
			Fixed:   withoutBinding,
		},
		{
			Name:    "plus-only",
			Summary: "The server allows logins with channel binding only, and the URL says scramplus=no.",
			Config: with(func(c *Config) {
				c.Mechanisms = []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"}
			}),
			Finding: "channel-binding-required",
			URL:     withoutBinding,
			Fixed:   toBob.url,
		},
		{
			Name:    "wrong-password",
			Summary: "The password is wrong; that of alice is alice-pw.",
			Config:  standard(),
			Finding: "wrong-password",
			URL:     link{password: "guess", targets: []string{"bob"}}.url,
		},
		{
			Name:    "unknown-account",
			Summary: "The account does not exist.",
			Config:  standard(),
			Finding: "unknown-account",
			URL:     link{account: "alicia", password: "alice-pw", targets: []string{"bob"}}.url,
		},
		{
			Name:    "account-disabled",
			Summary: "The account was disabled by its operator.",
			Config:  with(func(c *Config) { c.Accounts[0].Disabled = true }),
			Finding: "account-disabled",
			URL:     toBob.url,
		},
	}
}

// roomWorlds are about joining rooms and speaking there.
func roomWorlds() []World {
	return []World{
		{
			Name: "room-without-service",
			Summary: "The URL names a room without its service, " +
				"so that Apprise looks for it at the domain of the users.",
			Config:  standard(),
			Finding: "room-without-service",
			URL:     link{targets: []string{"#ops"}, params: []string{"rto=2"}}.url,
			Fixed:   link{targets: []string{"#ops@conference.localhost"}, params: []string{"rto=2"}}.url,
		},
		{
			Name:    "nick-conflict",
			Summary: "Somebody in the room is called alice already.",
			Config:  withRoom(Room{Name: "new", Occupants: []string{"alice"}}),
			Finding: "room-nick-conflict",
			URL:     toNewRoom.url,
			Fixed:   toNewRoom.with("name=alice2").url,
		},
		{
			Name:    "members-only",
			Summary: "The room lets members in only, and alice is none.",
			Config:  withRoom(Room{Name: "new", MembersOnly: true}),
			Finding: "room-members-only",
			URL:     toNewRoom.url,
		},
		{
			Name:    "password-room",
			Summary: "The room wants a password, which an Apprise URL cannot carry.",
			Config:  withRoom(Room{Name: "new", Password: "sesame"}),
			Finding: "room-password",
			URL:     toNewRoom.url,
		},
		{
			Name:    "banned",
			Summary: "Alice is banned from the room.",
			Config:  withRoom(Room{Name: "new", Banned: []string{"alice"}}),
			Finding: "room-banned",
			URL:     toNewRoom.url,
		},
		{
			Name:    "moderated-room",
			Summary: "The room is moderated, and visitors like alice may not speak.",
			Config:  withRoom(Room{Name: "new", Moderated: true}),
			Finding: "room-no-voice",
			URL:     toNewRoom.url,
		},
		{
			Name:    "room-creation",
			Summary: "The room does not exist, and alice may not create it.",
			Config:  with(func(c *Config) { c.FixedRooms = true }),
			Finding: "room-creation-refused",
			URL:     toNewRoom.url,
		},
	}
}

// deliveryWorlds are about what happens to a message.
func deliveryWorlds() []World {
	return []World{
		{
			Name:    "missing-user",
			Summary: "There is no such user, so that the server sends the message back.",
			Config:  standard(),
			Finding: "target-missing",
			URL:     link{targets: []string{"bobby"}}.url,
		},
		{
			Name:    "remote-domain",
			Summary: "The target lives at a domain that the server cannot reach.",
			Config:  standard(),
			Finding: "target-server-missing",
			URL:     link{targets: []string{"bob@elsewhere.test"}}.url,
		},
		{
			Name:    "no-acknowledgement",
			Summary: "The server takes the message and never answers again.",
			Config:  withFaults(Faults{Silent: StepMessage}),
			Finding: "no-acknowledgement",
			URL:     toBob.with("rto=2").url,
		},
	}
}
