package event

// Data is the typed facts of an event.
type Data interface{ eventData() }

// DNS is what the name look-up gave. SRV records are advice only: Apprise
// never looks at them.
type DNS struct {
	Host      string   `json:"host"`
	Addresses []string `json:"addresses,omitempty"`
	// NotTried is how many more addresses there are, which nobody dials.
	NotTried int         `json:"not_tried,omitempty"`
	SRV      []SRVRecord `json:"srv,omitempty"`
	// Unanswered is what the name server gave no answer to, not even that there is
	// none: a service such as _xmpp-client, or the type of an address, A or AAAA.
	Unanswered []string `json:"unanswered,omitempty"`
	// Invalid are the services with records whose target is no host name, such as an
	// address; the resolver keeps the target to itself.
	Invalid []string `json:"srv_invalid,omitempty"`
	// Completed is the name that a search domain of this machine made of the host.
	Completed string `json:"completed,omitempty"`
}

// SRVRecord is one SRV record (RFC 2782) of _xmpp-client or _xmpps-client.
type SRVRecord struct {
	Service string `json:"service"`
	// Of is the domain whose record it is, where that is not the account's: the one
	// above it.
	Of       string `json:"of,omitempty"`
	Target   string `json:"target"`
	Port     int    `json:"port"`
	Priority int    `json:"priority"`
	Weight   int    `json:"weight"`
}

// TCP is a connection or an attempt at one.
type TCP struct {
	Host string `json:"host"`
	Port int    `json:"port"`
	// Address is the IP address and port that was dialled.
	Address string `json:"address,omitempty"`
	Local   string `json:"local,omitempty"`
	Proxy   string `json:"proxy,omitempty"`
}

// Stream is the stream headers' content (RFC 6120 4.7).
type Stream struct {
	To        string `json:"to,omitempty"`
	From      string `json:"from,omitempty"`
	ID        string `json:"id,omitempty"`
	Encrypted bool   `json:"encrypted"`
	// Old is true when the server names no version, as those before XMPP 1.0, which
	// have no features (RFC 6120 4.7.5).
	Old bool `json:"old,omitempty"`
}

// TLS is the result of a handshake, failed ones as far as they went.
type TLS struct {
	Version  string `json:"version,omitempty"`
	Cipher   string `json:"cipher,omitempty"`
	Verified bool   `json:"verified"`
	// Reference is the name the certificate was checked against: the JID domain.
	Reference string   `json:"reference,omitempty"`
	Names     []string `json:"names,omitempty"`
	Subject   string   `json:"subject,omitempty"`
	Issuer    string   `json:"issuer,omitempty"`
	NotBefore string   `json:"not_before,omitempty"` // RFC 3339
	NotAfter  string   `json:"not_after,omitempty"`  // RFC 3339
	SHA256    string   `json:"sha256,omitempty"`     // of the leaf, lower-case hex
	ALPN      string   `json:"alpn,omitempty"`
	// Problem is why the check failed; with verify=no it is set although the
	// handshake went on.
	Problem string `json:"problem,omitempty"`
	// Untrusted is why no authority that we trust has signed the certificate,
	// whatever its names and dates; empty when one has.
	Untrusted string `json:"-"`
	// NotMozilla is the same for the authorities of Mozilla's list, which Apprise's
	// certifi holds where pip installed it.
	NotMozilla string `json:"-"`
	// Chain is the certificates as sent, leaf first.
	Chain []Certificate `json:"chain,omitempty"`
}

// WithoutALPN is the item of tls that tells what answers a handshake which names no
// protocol, as Apprise's is. A multiplexer may bring that to another service.
const WithoutALPN = "without ALPN"

// Certificate is one certificate of a chain.
type Certificate struct {
	Subject   string   `json:"subject"`
	Issuer    string   `json:"issuer"`
	Names     []string `json:"names,omitempty"`
	NotBefore string   `json:"not_before"`
	NotAfter  string   `json:"not_after"`
	SHA256    string   `json:"sha256"`
	// DER is the raw certificate, for PEM export.
	DER []byte `json:"-"`
}

// Features is the stream features that login depends on.
type Features struct {
	Encrypted        bool `json:"encrypted"`
	STARTTLS         bool `json:"starttls"`
	STARTTLSRequired bool `json:"starttls_required,omitempty"`
	// Legacy is true when the login of XEP-0078 is offered, which came before SASL.
	Legacy     bool     `json:"legacy_login,omitempty"`
	Mechanisms []string `json:"mechanisms,omitempty"`
	// SASL2 is the mechanisms of XEP-0388 when offered.
	SASL2    []string `json:"sasl2,omitempty"`
	Bindings []string `json:"bindings,omitempty"` // XEP-0440
	// MaxBytes is XEP-0478's stanza limit, 0 when not given.
	MaxBytes int `json:"max_bytes,omitempty"`
}

// SASL is the login (RFC 6120 6, RFC 5802).
type SASL struct {
	Offered        []string `json:"offered,omitempty"`
	Bindings       []string `json:"bindings,omitempty"`
	Predicted      string   `json:"predicted,omitempty"`
	Used           string   `json:"used,omitempty"`
	ChannelBinding string   `json:"channel_binding,omitempty"`
	// Flag is SCRAM's channel-binding flag as we sent it: n, y or p (RFC 5802
	// section 6). Iterations and Salt, its length in bytes, are the server's.
	Flag       string `json:"gs2_flag,omitempty"`
	Iterations int    `json:"iterations,omitempty"`
	Salt       int    `json:"salt_bytes,omitempty"`
	SASL2      bool   `json:"sasl2,omitempty"`
	// Passed says why each better or other offered mechanism was not taken.
	Passed []PassedOver `json:"passed_over,omitempty"`
	// Failure is the server's refusal.
	Failure *Failure `json:"failure,omitempty"`
}

// PassedOver is a mechanism that was not taken, and why.
type PassedOver struct {
	Mechanism string `json:"mechanism"`
	Why       string `json:"why"`
}

// Bind is the result of resource binding.
type Bind struct {
	JID string `json:"jid"`
	// MaxBytes is the server's stanza limit after login, 0 when unknown.
	MaxBytes int `json:"max_bytes,omitempty"`
}

// Roster counts the roster.
type Roster struct {
	Contacts int `json:"contacts"`
}

// Room is the state of one room (XEP-0045).
type Room struct {
	JID    string `json:"jid"`
	Nick   string `json:"nick"`
	Joined bool   `json:"joined"`
	Codes  []int  `json:"codes,omitempty"` // status codes of our own presence
	Role   string `json:"role,omitempty"`
	// Services are the room services of the account's own server, asked for where
	// this room's service could not be reached.
	Services []string `json:"services,omitempty"`
	// Listed is true when the room could not be entered, and the account's own server
	// names its domain as one of its services.
	Listed bool `json:"listed,omitempty"`
	// Error is the error stanza that refused us, or took the room away. Echoed is
	// true when it repeats the join's extension: slixmpp takes only such an error
	// for an answer, and waits for one otherwise.
	Error  *Failure `json:"error,omitempty"`
	Echoed bool     `json:"echoed,omitempty"`
}

// Delivery is the state of one message to one target.
type Delivery struct {
	To       string   `json:"to"`
	Kind     string   `json:"kind"`    // chat or groupchat
	Message  int      `json:"message"` // counts from 1
	ID       string   `json:"id,omitempty"`
	Evidence Evidence `json:"evidence,omitempty"`
	// Need is the rung that was asked for, where that is more than the kind needs.
	Need Evidence `json:"need,omitempty"`
	// Changed is true when the room reflected another text than we sent.
	Changed bool `json:"changed,omitempty"`
	// RoomService is true when the message came back, and the target's domain says
	// that it is a service for rooms, although the URL names a user there.
	RoomService bool `json:"room_service,omitempty"`
	// Listed is true when the message came back, and the account's own server names
	// the target's domain as one of its services.
	Listed bool `json:"listed,omitempty"`
	// Error is the error stanza with which the message came back, or that kept
	// us out of the room it was for.
	Error *Failure `json:"error,omitempty"`
}

// Close is how the connection ended and what went over it.
type Close struct {
	BytesIn  int64 `json:"bytes_in"`
	BytesOut int64 `json:"bytes_out"`
}

func (DNS) eventData()      {}
func (TCP) eventData()      {}
func (Stream) eventData()   {}
func (TLS) eventData()      {}
func (Features) eventData() {}
func (SASL) eventData()     {}
func (Bind) eventData()     {}
func (Roster) eventData()   {}
func (Room) eventData()     {}
func (Delivery) eventData() {}
func (Close) eventData()    {}
